"""Returned debits that fields do not name: their text, mandate and account lead to the payment (F100)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, select
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, returned, statement

from faktura.domain.mandates import MandateDetails, account_fingerprint
from faktura.domain.payment_means import MeansDetails, PaymentMeans
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.terms import PaymentMethod
from faktura.services.assignment import assign
from faktura.services.movement_view import movement_of
from faktura.services.returning import NamedReturns
from faktura.store import tables
from faktura.store.chargebacks import ChargebackFilter, list_chargebacks
from faktura.store.payment_means import write_means
from faktura.store.tasks import TaskFilter, find_tasks, mark_done

PAYER = "DE68370400443383828995"
COLLECTED: dict[str, Any] = {
    "gvc": "171", "bank_code": "PMNT/IDDT/ESDD", "mandate_id": "M-7", "counterparty_iban": PAYER,
}  # fmt: skip
# What the bank says where no field says anything: GVC 835 and a text.
TEXT_ONLY: dict[str, Any] = {
    "gvc": "835", "bank_code": None, "return_reason": None,
}  # fmt: skip


def mandate(scene: BankScene, customer: int = 0, reference: str = "M-7") -> None:
    """A mandate of ours on the payer's account."""
    details = MandateDetails(date(2026, 1, 1), PAYER, "Kunde 1")
    with scene.database.write(scene.tenant.id) as tx:
        write_means(
            tx,
            [
                PaymentMeans(
                    tx.new_id(), scene.customers[customer].id, PaymentMethod.SEPA_DEBIT, reference,
                    "DE…8995", datetime(2026, 1, 1, tzinfo=UTC),
                    creditor_id="DE98ZZZ09999999999",
                    fingerprint=account_fingerprint(PAYER),
                    details=MeansDetails(mandate=details),
                )
            ],
        )  # fmt: skip


def reasons(scene: BankScene) -> list[str]:
    """The reasons of all chargebacks."""
    with scene.database.read(scene.tenant.id) as tx:
        return [one.chargeback.reason for one in list_chargebacks(tx, ChargebackFilter())]


def rules(scene: BankScene) -> list[str]:
    """The rules of all decisions, in order."""
    d = tables.match_decision.c
    with scene.database.read(scene.tenant.id) as tx:
        query = select(d.rule).order_by(d.decided_at, d.movement_id, d.no)
        return list(tx.connection.execute(query).scalars())


def test_a_return_that_only_its_text_names_is_booked(scene):
    """GVC 835, no field: the end-to-end id and the reason stand in the remittance text."""
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="COLL-77", **COLLECTED)))

    scene.upload(
        statement(
            moved(
                "-39.20",
                "Ruecklastschrift EREF+COLL-77 MREF+M-7",
                "Rueckgabegrund: Konto erloschen",
                **TEXT_ONLY,
            )
        ),
        name="2.txt",
    )

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.legs("fee:") == ["D 4970 3.50", "C 1200 3.50"]
    assert reasons(scene) == ["AC04"]
    assert scene.account_of(0)[-1].remittance == (
        "Ruecklastschrift EREF+COLL-77 MREF+M-7\nRueckgabegrund: Konto erloschen"
    )
    assert scene.violations() == []


def test_a_return_by_mandate_and_amount_undoes_the_payment_of_that_mandate(scene):
    """No end-to-end id: the mandate is ours, one payment by it is over 35.70."""
    mandate(scene)
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="COLL-77", **COLLECTED)))

    scene.upload(
        statement(returned("-39.20", "RETOURE", original="35.70", mandate_id="m-7")), name="2.txt"
    )

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert "return-by-mandate" in rules(scene)
    assert scene.violations() == []


def test_a_return_by_account_and_amount_undoes_the_one_debit_from_that_account(scene):
    """Neither id nor mandate: the account is a mandate's, one debit over 35.70 was collected there."""
    mandate(scene)
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="COLL-77", **COLLECTED)))

    scene.upload(statement(returned("-35.70", "RETOURE", counterparty_iban=PAYER)), name="2.txt")

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert "return-by-account" in rules(scene)


def test_a_transfer_from_the_account_is_not_what_a_return_takes_back(scene):
    """Nobody can give back a transfer: the debit is one that we do not know."""
    mandate(scene)
    transfer = moved("35.70", "RE-000001", gvc="166", counterparty_iban=PAYER)
    scene.upload(statement(transfer))

    scene.upload(statement(returned("-35.70", "RETOURE", counterparty_iban=PAYER)), name="2.txt")

    assert scene.waiting() == [("-35.70 EUR", "return-without-payment")]
    assert "RE-000001" not in scene.open()


def test_two_debits_of_one_mandate_over_the_same_amount_leave_the_return_to_a_person(scene):
    """October and November, 35.70 each: nobody can tell which one came back."""
    mandate(scene)
    scene.bill_november()
    scene.upload(
        statement(
            moved("35.70", "RE-000001", end_to_end_id="C-1", **COLLECTED),
            moved("35.70", "RE-000004", end_to_end_id="C-2", **COLLECTED),
        )
    )

    scene.upload(
        statement(returned("-35.70", "RETOURE", original="35.70", mandate_id="M-7")), name="2.txt"
    )

    assert scene.waiting() == [("-35.70 EUR", "return-ambiguous")]


def test_a_return_by_mandate_told_twice_never_takes_back_the_next_payment(scene):
    """The first came back; the second one of the same amount stays."""
    mandate(scene)
    scene.bill_november()
    back = returned("-35.70", "RETOURE", original="35.70", mandate_id="M-7", source_ref="R1")
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="C-1", **COLLECTED), back))
    assert scene.open()["RE-000001"] == "35.70 EUR"
    scene.upload(
        statement(moved("35.70", "RE-000004", end_to_end_id="C-2", **COLLECTED)), name="2.txt"
    )

    scene.upload(statement(back.model_copy(update={"source_ref": "R2"})), name="3.txt")

    assert scene.waiting() == [("-35.70 EUR", "return-ambiguous")]
    assert "RE-000004" not in scene.open()


def test_a_return_that_does_not_add_up_books_nothing_and_asks_once(scene):
    """39.20 is not 35.70 + 4.00: a task says so with the account and the day, and never again."""
    scene.upload(statement(moved("35.70", end_to_end_id="RE-000001", **COLLECTED)))
    wrong = returned("-33.50", original="30.00", end_to_end_id="RE-000001")

    scene.upload(statement(wrong), name="2.txt")

    with scene.database.write(scene.tenant.id) as tx:
        (task,) = find_tasks(tx, TaskFilter(done=False))
        (movement,) = scene.movements(MovementState.OPEN)
        mark_done(tx, task.id)
    assert task.kind is TaskKind.RETURN_DIFFERS
    assert task.subject == f"movement:{movement.id}"
    assert "RE-000001 (DE02120300000000202051, 2026-11-11, -33.50 EUR)" in task.problem
    assert "gives back 30.00 EUR, but paid was 35.70 EUR" in task.problem
    assert "RE-000001" not in scene.open()

    scene.upload(statement(moved("1.00", "anything")), name="3.txt")

    with scene.database.read(scene.tenant.id) as tx:
        assert find_tasks(tx, TaskFilter(done=False)) == []


def test_the_task_of_a_return_is_done_once_a_person_has_booked_it(scene):
    """Nothing states the original of 100.00: the person says which payment it was."""
    scene.upload(statement(moved("35.70", end_to_end_id="RE-000001", **COLLECTED)))
    scene.upload(statement(returned("-100.00", end_to_end_id="RE-000001")), name="2.txt")
    (movement,) = scene.movements(MovementState.OPEN)

    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, movement.id, ["RE-000001"])

    with scene.database.read(scene.tenant.id) as tx:
        assert find_tasks(tx, TaskFilter(done=False)) == []
    assert scene.open()["RE-000001"] == "35.70 EUR"


@pytest.mark.parametrize("gvc", ["116", "177", "808"])
def test_what_we_sent_out_ourselves_is_no_return_whatever_its_text(scene, gvc):
    """A refund whose purpose speaks of a return is not one."""
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="COLL-77", **COLLECTED)))

    scene.upload(
        statement(moved("-35.70", "Erstattung nach RUECKLASTSCHRIFT EREF+COLL-77", gvc=gvc)),
        name="2.txt",
    )

    assert "RE-000001" not in scene.open()


def test_what_returns_name_is_read_at_once_however_many_they_are(scene):
    """Payments, mandates, accounts and fees of a chunk: the same number of statements for 2 and 40."""
    mandate(scene)
    scene.upload(statement(moved("35.70", "RE-000001", end_to_end_id="COLL-77", **COLLECTED)))

    def asked(count: int) -> int:
        movements = []
        for no in range(count):
            back = returned("-35.70", "RETOURE", mandate_id=f"M-{no}", counterparty_iban=PAYER)
            fee = moved("-4.50", f"ENTGELT RUECKLASTSCHRIFT COLL-{no}", gvc="808")
            movements += [movement_of(back), movement_of(fee)]
        statements: list[str] = []
        with scene.database.write(scene.tenant.id) as tx:
            event.listen(
                tx.connection, "before_cursor_execute", lambda *told: statements.append(told[2])
            )
            NamedReturns.of(tx, scene.tenant, movements)
        return len(statements)

    assert asked(2) == asked(40) > 0


def test_nothing_is_read_where_no_movement_is_a_return(scene):
    """Most chunks of a statement have none."""
    statements: list[str] = []
    with scene.database.write(scene.tenant.id) as tx:
        event.listen(
            tx.connection, "before_cursor_execute", lambda *told: statements.append(told[2])
        )
        named = NamedReturns.of(tx, scene.tenant, [movement_of(moved("35.70", "RE-000001"))])

    assert statements == []
    assert named.numbers == frozenset()
