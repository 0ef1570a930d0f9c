"""Deposits and final invoices that are taken back: their VAT is taken back with the money (F061)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, update
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.deposits.scene import DepositScene
from tests.services.verify.books import tampering

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import Conflict
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.undoing_matches import Undone, undo
from faktura.store import tables
from faktura.store.transaction import Tx

SETTLED = {"1593": Decimal(0), "1718": Decimal(0), "1776": Decimal("-53.20")}


def test_a_returned_payment_takes_back_exactly_its_vat(scene):
    """119.00 come in and go back: 19.00 of VAT are due on 3 November and no longer on the 9th."""
    scene.net("100.00")
    scene.upload(
        statement(
            moved("119.00", "RE-000004", on=date(2026, 11, 3), end_to_end_id="E-1"),
            returned("-122.00", original="119.00", on=date(2026, 11, 9), end_to_end_id="E-1"),
        )
    )

    assert scene.postings("rcv:") == [
        "2026-11-03: D 1593 119.00, C 1718 100.00, C 1776 19.00",
        "2026-11-09: C 1593 119.00, D 1718 100.00, D 1776 19.00",
    ]
    assert scene.open()["RE-000004"] == "119.00 EUR"
    assert scene.violations() == []


def test_a_deposit_nobody_paid_is_cancelled_by_reversing_the_request(scene):
    """-119.00: 1593 to debtor; nothing was taxed, nothing is open."""
    scene.net("100.00")

    document = scene.cancel("RE-000004")

    assert scene.postings("cor:") == ["2026-10-01: C 1400 119.00, D 1593 119.00"]
    assert scene.postings("rcv:") == []
    assert {"RE-000004", document.number}.isdisjoint(scene.open())
    assert scene.balance(*SETTLED) == SETTLED
    assert scene.violations() == []


def test_the_money_of_a_cancelled_deposit_is_credit_again_without_vat(scene):
    """119.00 were paid; cancelled on 1 December, the VAT of 19.00 is taken back on that day."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004", date(2026, 11, 3))

    document = scene.cancel("RE-000004")

    day = document.draft.issued_on
    assert scene.postings("rcv:") == [
        "2026-11-03: D 1593 119.00, C 1718 100.00, C 1776 19.00",
        f"{day}: C 1593 119.00, D 1718 100.00, D 1776 19.00",
    ]
    assert {"RE-000004", document.number}.isdisjoint(scene.open())
    assert str(scene.account_of(0)[-1].balance_after) == "-83.30 EUR"
    assert scene.balance(*SETTLED) == SETTLED
    assert scene.violations() == []


def test_credit_of_a_cancelled_deposit_can_be_another_deposit(scene):
    """The 119.00 of 3 November become 60.00 and leave 59.00; VAT of 9.58 is due since then."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004", date(2026, 11, 3))
    scene.cancel("RE-000004")

    scene.from_receipt("60.00", "2026-11-03")

    assert scene.postings("rcv:")[-1] == "2026-11-03: D 1593 60.00, C 1718 50.42, C 1776 9.58"
    assert scene.violations() == []


def test_a_deducted_deposit_is_not_cancelled_before_its_final_invoice(scene):
    """The final invoice would deduct what nobody paid."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")
    final = scene.final_over("1000.00")

    with pytest.raises(Conflict, match=f"{final.number} deducts RE-000004"):
        scene.cancel("RE-000004")


def test_a_cancelled_final_invoice_gives_its_deposits_back(scene):
    """1190.00 less 119.00, cancelled: the deposit is received as before and is deducted anew."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")
    final = scene.final_over("1000.00")

    cancellation = scene.cancel(final.number)

    assert scene.postings(f"ded:{cancellation.number}") == [
        "2026-10-01: C 1718 100.00, C 1776 19.00, D 1400 119.00"
    ]
    assert {final.number, cancellation.number}.isdisjoint(scene.open())
    assert scene.balance("1593", "1718", "1776") == {
        "1593": Decimal(0),
        "1718": Decimal("-100.00"),
        "1776": Decimal("-72.20"),
    }
    assert [one.deducted_by for one in scene.deposits()] == [None]
    assert scene.violations() == []

    again = scene.final_over("500.00")

    assert [one.number for one in again.draft.deposits] == ["RE-000004"]
    assert scene.open()[again.number] == "476.00 EUR"
    assert scene.balance("1718", "1776") == {"1718": Decimal(0), "1776": Decimal("-148.20")}
    assert scene.violations() == []


def test_what_paid_a_cancelled_deposit_is_undone_out_of_the_one_made_of_it(scene):
    """The 60.00 of the second deposit are taken back by the entry of 3 November, like the 59.00."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004", date(2026, 11, 3))
    scene.cancel("RE-000004")
    scene.from_receipt("60.00", "2026-11-03")
    (movement,) = scene.movements(MovementState.BOOKED)

    given = TakenBackFields.model_validate({"reason": "Irrtum", "date": date(2026, 12, 1)})
    with scene.database.write(scene.tenant.id) as tx:
        done = undo(tx, scene.tenant, movement.id, given)

    assert done.numbers == ("RE-000005",)
    assert scene.open()["RE-000005"] == "60.00 EUR"
    assert scene.violations() == []


def made_of_a_draft(scene: DepositScene) -> UUID:
    """The bank account has no ledger account; 119.00 are credit, 60.00 of it are RE-000004."""
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(update(tables.bank_account).values(ledger_account=None))
    scene.keep("119.00", date(2026, 11, 3))
    scene.from_receipt("60.00", "2026-11-03")
    (movement,) = scene.movements(MovementState.BOOKED)
    return movement.id


def undo_of(scene: DepositScene, tx: Tx, movement_id: UUID) -> Undone:
    """A person takes it back."""
    given = TakenBackFields.model_validate({"reason": "Irrtum", "date": date(2026, 12, 1)})
    return undo(tx, scene.tenant, movement_id, given)


def named(tx: Tx, movement_id: UUID, key: str) -> None:
    """As allocations were written before entries that wait were known by name."""
    a = tables.allocation.c
    tx.connection.execute(
        update(tables.allocation).where(a.movement_id == movement_id).values(entry_key=key)
    )


@pytest.mark.parametrize("unpaid", [False, True])
def test_a_deposit_made_of_a_payment_that_waits_in_the_journal_is_undone(scene, unpaid):
    """F106: 119.00 wait for an account; the deposit of 60.00 names their entry all the same."""
    movement_id = made_of_a_draft(scene)

    if unpaid:
        scene.set_unpaid("RE-000004")
    else:
        with scene.database.write(scene.tenant.id) as tx:
            assert undo_of(scene, tx, movement_id).numbers == ("RE-000004",)

    assert scene.open()["RE-000004"] == "60.00 EUR"
    assert str(scene.account_of(0)[-1].balance_after) == "95.70 EUR"
    assert scene.violations() == []


def test_a_deposit_that_names_its_payment_without_the_entry_is_undone(scene):
    """There is one entry without a document: it is that one."""
    movement_id = made_of_a_draft(scene)

    with tampering(scene.database, scene.tenant) as tx:
        named(tx, movement_id, f"pay:{movement_id}")
        assert undo_of(scene, tx, movement_id).numbers == ("RE-000004",)
        undoing = allocations_of(tx, movement_id)[-1]

    assert undoing == (f"unp:{movement_id}:1", -6000, 1)


def test_a_deposit_whose_payment_nobody_can_name_is_cancelled_first(scene):
    """A named error says how to go on, and that does."""
    movement_id = made_of_a_draft(scene)

    with tampering(scene.database, scene.tenant) as tx:
        named(tx, movement_id, "pay:lost")
        with pytest.raises(Conflict, match=r"60\.00 EUR of it became RE-000004") as refused:
            undo_of(scene, tx, movement_id)
    assert refused.value.mend == "Cancel RE-000004 first: then it is credit again"
    scene.cancel("RE-000004")

    with scene.database.write(scene.tenant.id) as tx:
        assert undo_of(scene, tx, movement_id).numbers == ()
    assert str(scene.account_of(0)[-1].balance_after) == "35.70 EUR"
    assert scene.violations() == []


def allocations_of(tx: Tx, movement_id: UUID) -> list[tuple[str, int, int | None]]:
    """Entry, minor units and what is undone, of all that counts because of a movement."""
    a = tables.allocation.c
    rows = tx.connection.execute(
        select(a.entry_key, a.amount, a.reverses_no)
        .where(a.movement_id == movement_id)
        .order_by(a.no)
    )
    return [(row.entry_key, row.amount, row.reverses_no) for row in rows]
