"""Setting a document back to unpaid, on both databases (F065, P25)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from tests.services.bank.people import Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.company import XRechnung
from tests.services.waiting import until_it_waits

from faktura.domain.line_parts import LinePart
from faktura.flows.statements import match_open
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import Conflict, FieldMissing, NotFound
from faktura.services.assignment import assign, assign_to_customer
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.issuing import Desk
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid

ON = date(2026, 11, 20)
WRONG = SettingUnpaid("Falsch zugeordnet", ON)


def unpaid(scene: BankScene, number: str = "RE-000001", given: SettingUnpaid = WRONG):
    """Set a document unpaid; the numbers of all that are unpaid now."""
    with scene.database.write(scene.tenant.id) as tx:
        return set_unpaid(tx, scene.tenant, number, given)


def movement(scene: BankScene):
    """The only movement."""
    (found,) = scene.movements()
    return found


def test_a_payment_is_reversed_and_its_movement_waits_again(scene: BankScene):
    """F065: account, allocation and journal are reversed, leg by leg; nothing is deleted."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    assert "RE-000001" not in scene.open()

    assert unpaid(scene) == ("RE-000001",)

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert [(t.fact.value, str(t.amount), str(t.balance_after)) for t in scene.account_of(0)] == [
        ("INVOICE", "35.70 EUR", "35.70 EUR"),
        ("PAYMENT", "-35.70 EUR", "0.00 EUR"),
        ("SET_UNPAID", "35.70 EUR", "35.70 EUR"),
    ]
    assert [(a.no, str(a.amount), a.reverses_no) for a in scene.allocations("RE-000001")] == [
        (1, "35.70 EUR", None), (2, "-35.70 EUR", 1),
    ]  # fmt: skip
    key = movement(scene).id
    assert scene.legs(f"pay:{key}:1") == ["D 1200 35.70", "C 1400 35.70"]
    assert scene.legs(f"unp:{key}:1") == ["C 1200 35.70", "D 1400 35.70"]
    assert scene.waiting() == [("35.70 EUR", "set-unpaid")]
    assert scene.events("RE-000001")[-1] == (3, "INVOICE_SET_UNPAID")
    assert scene.violations() == []


def test_a_person_assigns_it_again_and_no_rule_does(scene: BankScene):
    """F065: the rules would pay the same invoice; a person may, also a second time."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    unpaid(scene)

    matched = match_open(scene.database, scene.tenant)

    assert (matched.booked, matched.open) == (0, 1)
    for times in (1, 2):
        with scene.database.write(scene.tenant.id) as tx:
            assign(tx, scene.tenant, movement(scene).id, ["RE-000002"])
        assert scene.open() == {
            "RE-000001": "35.70 EUR", "RE-000002": "64.30 EUR", "RE-000003": "297.50 EUR",
        }  # fmt: skip
        assert scene.violations() == []
        assert unpaid(scene, "RE-000002") == ("RE-000002",)
        assert scene.legs(f"unp:{movement(scene).id}:again{times}:1") == [
            "C 1200 35.70", "D 1400 35.70",
        ]  # fmt: skip
    assert scene.open()["RE-000002"] == "100.00 EUR"
    assert scene.violations() == []


def test_a_movement_is_taken_back_whole(scene: BankScene):
    """P25: 150.00 paid two invoices over 35.70, 78.60 stayed credit; all of it waits."""
    scene.bill_november()
    mine = [n for n, o in scene.open().items() if o == "35.70 EUR"]
    scene.upload(statement(moved("150.00", "danke")))
    with scene.database.write(scene.tenant.id) as tx:
        done = assign(tx, scene.tenant, movement(scene).id, mine[:2])
    assert str(done.credit) == "78.60 EUR"

    assert unpaid(scene, mine[0]) == tuple(mine[:2])

    assert scene.open()[mine[1]] == "35.70 EUR"
    assert scene.violations() == []
    with scene.database.write(scene.tenant.id) as tx:
        assign_to_customer(tx, scene.tenant, movement(scene).id, "K-1")
    assert scene.violations() == []


def test_without_a_payment_or_a_reason_it_is_refused(scene: BankScene):
    """F065: credit that was set off is no payment."""
    desk = Desk(scene.tenant, XRechnung())
    with scene.database.write(scene.tenant.id) as tx:
        cancel_invoice(tx, desk, "RE-000002", Cancelling())

    for number in ("RE-000001", "RE-000002"):
        with pytest.raises(Conflict, match="F065"):
            unpaid(scene, number)
    with pytest.raises(FieldMissing):
        unpaid(scene, given=SettingUnpaid(" ", ON))
    with pytest.raises(NotFound):
        unpaid(scene, "RE-000099")


def test_what_came_back_from_the_bank_counts_no_more(scene: BankScene):
    """F095: a returned debit has reversed the payment already."""
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="E-1")))
    scene.upload(statement(returned("-35.70", end_to_end_id="E-1")), name="b.txt")
    assert scene.open()["RE-000001"] == "35.70 EUR"

    with pytest.raises(Conflict, match="F065"):
        unpaid(scene)
    assert scene.movements(MovementState.OPEN) == []


def test_the_credit_of_a_correction_pays_what_is_open_again(scene: BankScene):
    """domain.md: paid 35.70, 11.90 taken back; set unpaid 23.80 are open, and no credit beside."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    part = Correcting((LinePart(1, amount=Decimal("10.00")),), "Kulanz")
    with scene.database.write(scene.tenant.id) as tx:
        correct_invoice(tx, Desk(scene.tenant, XRechnung()), "RE-000001", part)
    assert scene.open()["RK-000001"] == "-11.90 EUR"

    unpaid(scene)

    assert scene.open()["RE-000001"] == "23.80 EUR"
    assert "RK-000001" not in scene.open()
    assert scene.violations() == []


def test_a_payment_of_which_a_part_came_back_is_left_to_a_person(scene: BankScene):
    """F065: one of two collected invoices was returned: the movement is no longer whole."""
    scene.bill_november()
    scene.upload(statement(moved("71.40", "danke", end_to_end_id="E-1")))
    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, movement(scene).id, ["RE-000001", "RE-000004"])
    scene.upload(statement(returned("-35.70", "zurück", end_to_end_id="X")), name="b.txt")
    back = scene.movements(MovementState.OPEN)[0].id
    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, back, ["RE-000004"])

    with pytest.raises(Conflict, match="taken back already"):
        unpaid(scene)
    assert scene.violations() == []


def test_documents_of_projects_out_of_reach_are_not_set_unpaid(scene: BankScene):
    """F049: nobody sets unpaid what they may not see."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    project = scene.company.project.id
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(NotFound):
        set_unpaid(tx, scene.tenant, "RE-000001", WRONG, frozenset())

    with scene.database.write(scene.tenant.id) as tx:
        assert set_unpaid(tx, scene.tenant, "RE-000001", WRONG, {project}) == ("RE-000001",)


def test_credit_of_another_customer_goes_back_with_its_movement(scene: BankScene):
    """40.70 was split: 35.70 for RE-000001, 5.00 as credit of K-3, who owes 297.50 again then."""
    scene.upload(statement(moved("40.70", "Sammler")))
    person = Person(scene)
    for _ in range(2):
        person.split({"RE-000001": "35.70"}, K_3="5.00")
        assert str(scene.account_of(2)[-1].balance_after) == "292.50 EUR"

        assert unpaid(scene) == ("RE-000001",)

        last = scene.account_of(2)[-1]
        assert (last.text, str(last.balance_after)) == (
            "Zahlung ohne Rechnung zurückgenommen", "297.50 EUR",
        )  # fmt: skip
    assert scene.legs("unp:") == ["C 1200 35.70", "D 1400 35.70", "C 1200 5.00", "D 1400 5.00"] * 2
    assert scene.violations() == []


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_payment_that_is_booked_at_the_same_moment_is_in_the_way(scene: BankScene):
    """P47: its movement could not be locked before its customer; nothing is taken back."""
    scene.upload(statement(moved("35.70", "Rechnung Oktober")))
    movement_id = movement(scene).id

    with ThreadPoolExecutor(1) as pool:
        with scene.database.write(scene.tenant.id) as tx:
            assign(tx, scene.tenant, movement_id, ["RE-000001"])
            other = pool.submit(unpaid, scene)
            until_it_waits(scene.database, other)
        with pytest.raises(Conflict, match="at this very moment"):
            other.result(60)

    assert "RE-000001" not in scene.open()
    assert unpaid(scene) == ("RE-000001",)
    assert scene.violations() == []
