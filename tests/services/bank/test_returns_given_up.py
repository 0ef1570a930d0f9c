"""What was given up with a payment is owed again once the bank takes that payment back (§ 17 UStG)."""

from datetime import date
from uuid import UUID

import pytest
from tests.services.bank.people import ON, TWO_PERCENT, Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, returned, statement

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import Conflict
from faktura.kernel.terms import AccountFact
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid
from faktura.services.write_offs import undo_write_off
from faktura.store.documents import read_document
from faktura.store.settlements import read_settled
from faktura.store.written_off import given_up, written_off

FIFTH, SIXTH = date(2026, 10, 5), date(2026, 10, 6)
GIVEN = ["D 8736 5.00", "D 1776 0.95", "C 1400 5.95"]
OWED = ["C 8736 5.00", "C 1776 0.95", "D 1400 5.95"]
PAID = moved("291.55", "RE-000003", on=FIFTH, source_ref="1", end_to_end_id="E-1")
BACK = returned("-291.55", "RE-000003", on=SIXTH, source_ref="2", end_to_end_id="E-1")


@pytest.fixture
def person(scene: BankScene) -> Person:
    """A person whose company grants 2 % within 14 days, by itself, and gives up to 1.00 up."""
    found = Person(scene)
    found.may(discount=TWO_PERCENT, takes_discount=True, most_given_up=100)
    return found


def the_return(scene: BankScene) -> UUID:
    """The only return that is booked."""
    (movement,) = scene.movements(MovementState.RETURNED)
    return movement.id


def stands(scene: BankScene, number: str) -> tuple[bool, bool, bool]:
    """Whether it counts as given up, as written off, as written off on its own page."""
    with scene.database.read(scene.tenant.id) as tx:
        record = read_document(tx, number)
        return (
            bool(given_up(tx, [record.id])),
            bool(written_off(tx, [record.id])),
            read_settled(tx, record).written_off,
        )


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("at_once", [False, True])
def test_a_returned_payment_brings_its_discount_back(scene, at_once):
    """291.55 + 5.95: the whole 297.50 is open, its VAT of 0.95 is due; also within one file."""
    if at_once:
        scene.upload(statement(PAID, BACK))
    else:
        scene.upload(statement(PAID))
        scene.upload(statement(BACK), name="back.txt")

    assert scene.open()["RE-000003"] == "297.50 EUR"
    assert scene.legs("dis:") == GIVEN
    assert scene.legs(f"rec:{the_return(scene)}:") == OWED
    last = scene.account_of(2)[-1]
    assert (last.fact, last.text, str(last.balance_after), last.value_date) == (
        AccountFact.RECOVERY, "Skonto RE-000003 zurückgenommen", "297.50 EUR", SIXTH,
    )  # fmt: skip
    assert stands(scene, "RE-000003") == (False, False, False)
    assert scene.violations() == []


@pytest.mark.parametrize(
    ("fact", "number", "amount", "given", "open_again", "legs"),
    [
        (
            AccountFact.WRITE_OFF, "RE-000001", "35.00", (True, True, True), "35.70 EUR",
            ["C 2406 0.59", "C 1776 0.11", "D 1400 0.70"],
        ),
        (
            AccountFact.CASH_DISCOUNT, "RE-000003", "291.55", (True, False, False), "297.50 EUR",
            OWED,
        ),
    ],
)  # fmt: skip
def test_a_return_that_a_person_assigns_brings_it_back_and_undone_gives_it_up_again(
    scene, person, fact, number, amount, given, open_again, legs
):
    """Any number of times, each leg by leg; in the end the payment itself is taken back."""
    scene.upload(statement(moved(amount, "Rechnung", on=FIFTH)))
    person.assign(number, rest_as=fact)
    payment = person.booked()
    scene.upload(statement(returned(f"-{amount}", on=SIXTH, end_to_end_id="X")), name="back.txt")
    for times in (1, 2):
        person.assign(number)
        assert scene.open()[number] == open_again
        assert stands(scene, number) == (False, False, False)

        assert person.undo(the_return(scene)).numbers == (number,)

        assert number not in scene.open()
        assert stands(scene, number) == given
        assert scene.violations() == []
        assert len(scene.legs("rec:undone:")) == 3 * times

    person.undo(payment)

    assert scene.open()[number] == open_again
    assert scene.legs("rec:")[-3:] == legs
    assert scene.violations() == []


def test_an_undone_return_gives_up_the_same_cents(scene, person):
    """Account, journal and VAT are as the payment had left them."""
    scene.upload(statement(PAID))
    scene.upload(statement(BACK), name="back.txt")

    person.undo(the_return(scene))

    assert "RE-000003" not in scene.open()
    assert scene.legs("rec:undone:") == GIVEN
    last = scene.account_of(2)[-1]
    assert (last.text, str(last.balance_after), last.value_date) == (
        "Skonto RE-000003", "0.00 EUR", ON,
    )  # fmt: skip
    assert scene.violations() == []


def test_what_is_given_up_again_is_recovered_with_its_document_or_by_itself(scene, person):
    """Setting it unpaid takes both back; the write-off's undoing only what was given up."""
    scene.upload(statement(PAID))
    scene.upload(statement(BACK), name="back.txt")
    person.undo(the_return(scene))
    with scene.database.write(scene.tenant.id) as tx:
        given = TakenBackFields.model_validate({"reason": "Kein Skonto vereinbart"})
        undo_write_off(tx, scene.tenant, "RE-000003", given)
    assert scene.open()["RE-000003"] == "5.95 EUR"

    with scene.database.write(scene.tenant.id) as tx:
        set_unpaid(tx, scene.tenant, "RE-000003", SettingUnpaid("Irrtum", ON))

    assert scene.open()["RE-000003"] == "297.50 EUR"
    assert scene.legs("rec:") == [*OWED, *GIVEN, *OWED]
    assert scene.violations() == []


def test_a_return_is_not_undone_where_its_discount_was_paid_since(scene, person):
    """291.55 are open, and 297.50 would be settled."""
    scene.upload(statement(PAID))
    scene.upload(statement(BACK), name="back.txt")
    scene.upload(statement(moved("5.95", "Skonto nachgezahlt", on=ON)), name="more.txt")
    person.assign("RE-000003")

    with pytest.raises(Conflict, match=r"291\.55 EUR are open of RE-000003"):
        person.undo(the_return(scene))


def test_what_another_payment_gave_up_stays(scene, person):
    """Of two payments the one without discount comes back: 100.00 are open."""
    scene.upload(statement(moved("100.00", "Rate", on=FIFTH, end_to_end_id="E-1")))
    person.assign("RE-000003")
    scene.upload(statement(moved("191.55", "Rest", on=SIXTH)), name="rest.txt")
    person.assign("RE-000003", rest_as=AccountFact.CASH_DISCOUNT)

    back = returned("-100.00", on=date(2026, 10, 7), end_to_end_id="E-1")
    scene.upload(statement(back), name="back.txt")

    assert scene.open()["RE-000003"] == "100.00 EUR"
    assert scene.legs("rec:") == []
    assert scene.violations() == []


def test_a_draft_is_recovered_by_a_draft(open_scene):
    """F106: a return books what its payment had, whether the journal has it or not."""
    scene = open_scene(ledger_account=None)
    Person(scene).may(discount=TWO_PERCENT, takes_discount=True)
    scene.upload(statement(PAID))

    scene.upload(statement(BACK), name="back.txt")

    assert scene.open()["RE-000003"] == "297.50 EUR"
    assert scene.legs("rec:") == OWED
    assert scene.violations() == []


@pytest.mark.usefixtures("person")
def test_a_recovered_discount_is_no_payment_that_came_back(scene):
    """A second return of 5.95 finds nothing that it fits."""
    scene.upload(statement(PAID))
    scene.upload(statement(BACK), name="back.txt")
    back = returned("-5.95", "RE-000003", on=ON, source_ref="7", end_to_end_id="E-9")

    scene.upload(statement(back), name="more.txt")

    ((_, rule),) = scene.waiting()
    assert rule == "return-without-payment"
    assert scene.open()["RE-000003"] == "297.50 EUR"
