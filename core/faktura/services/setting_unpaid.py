"""Setting a document back to unpaid: what its payments did is reversed, nothing is deleted (F065, P25).

A bank movement is taken back whole, so that a person can assign all of it again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.events import EventType
from faktura.domain.matching import Outcome
from faktura.domain.posting import reversing_entry
from faktura.domain.returns import Payment
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, FieldMissing
from faktura.kernel.terms import AccountFact, EntryKind, MovementState
from faktura.services.billing_runs import check_run_date
from faktura.services.ledger import Ledger, Posting, Source, open_ledger
from faktura.services.originals import visible_record
from faktura.store.movement_bookings import booked_payments, entries_of_keys
from faktura.store.movements import (
    SET_UNPAID,
    DecisionRow,
    lock_booked,
    set_state,
    write_decisions,
)
from faktura.store.payable import numbers_paid_by, read_paid
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

_RULE_VERSION = 1


@dataclass(frozen=True, slots=True)
class SettingUnpaid:
    """Why a document is set unpaid, and the day from which that counts."""

    reason: str
    on: date


def set_unpaid(
    tx: Tx,
    tenant: Tenant,
    number: str,
    given: SettingUnpaid,
    projects: Collection[UUID] | None = None,
) -> tuple[str, ...]:
    """Take back every bank payment that counts for the document; the movements wait again.

    Returns the numbers of all documents whose payments were taken back: those that the same
    movements paid too. Raises NotFound, FieldMissing without a reason, OutOfRange for a day far off,
    and Conflict where no payment counts or a part of one came back from the bank (F065).
    """
    if not given.reason.strip():
        raise FieldMissing("why it is set unpaid is not said", place="reason")
    check_run_date(given.on, local_date(tx.clock, tenant.time_zone), field="date")
    seen = visible_record(tx, number, projects)[0]
    tenant = holding_accounts(tx, tenant)
    times = lock_booked(tx, _movements(tx, seen.id))
    touched = sorted({number, *numbers_paid_by(tx, times)})
    _check_reach(tx, touched, projects)
    ledger = open_ledger(tx, tenant, touched)
    counting = ledger.payments()
    paid = {payment.movement_id for payment in counting if payment.number == number}
    if not paid:
        raise Conflict(
            f"no payment from a bank account counts for {number} (F065)",
            place="invoiceNumber",
            mend="Credit that was set off stays; look at the document's payments",
        )
    for movement_id in sorted(paid):
        _take_back(
            tx,
            ledger,
            _source(movement_id, times[movement_id], given),
            [payment for payment in counting if payment.movement_id == movement_id],
        )
    ledger.write(tx)
    numbers = sorted({payment.number for payment in counting if payment.movement_id in paid})
    _reopen(tx, sorted(paid), given, numbers)
    return tuple(numbers)


def _movements(tx: Tx, of: UUID) -> set[UUID]:
    found = (paid.allocation.movement_id for paid in read_paid(tx, [of]))
    return {movement_id for movement_id in found if movement_id is not None}


def _check_reach(tx: Tx, numbers: Iterable[str], projects: Collection[UUID] | None) -> None:
    """Nobody sets documents unpaid that they may not see."""
    if projects is None:
        return
    for number in numbers:
        visible_record(tx, number, projects)


def _source(movement_id: UUID, times: int, given: SettingUnpaid) -> Source:
    return Source(movement_id, given.on, given.on, "", None, None, None, None, times)


def _take_back(tx: Tx, ledger: Ledger, source: Source, payments: list[Payment]) -> None:
    """Reverse all that a movement was booked as."""
    booked_as = source.key(AccountFact.PAYMENT)
    customers = {ledger.document(payment.number).customer_id for payment in payments}
    booked = booked_payments(tx, customers, booked_as)
    keys = [f"{booked_as}:{part}" for part in range(1, len(booked) + 1)]
    whole = sum(one.amount.minor for one in booked)
    left = [one for one in booked if one.unallocated]
    if whole != sum(p.amount.minor for p in payments) + sum(o.unallocated.minor for o in left):
        raise Conflict(
            "a part of the payment was taken back already (F065)",
            place="invoiceNumber",
            mend="Correct what is left by hand: assign the returning movement",
        )
    reversed_as: dict[str, str] = {}
    for entry in entries_of_keys(tx, keys):
        key = reversed_as[entry.key] = ledger.next_key(AccountFact.SET_UNPAID, source)
        ledger.post(
            reversing_entry(
                entry, key, source.value_on, EntryKind.SET_UNPAID, f"{entry.text} zurückgenommen"
            )
        )
    for payment in payments:
        _reverse(ledger, source, payment, reversed_as)
    for one in left:
        text = "Zahlung ohne Rechnung zurückgenommen"
        ledger.record(
            source, Posting(AccountFact.SET_UNPAID, one.customer_id, one.unallocated, text)
        )


def _reverse(ledger: Ledger, source: Source, payment: Payment, reversed_as: dict[str, str]) -> None:
    number, paid = payment.number, ledger.paid(payment)
    text = f"Zahlung {number} zurückgenommen"
    posting = Posting(
        AccountFact.SET_UNPAID, paid.customer_id, paid.amount, text, payment.document_id
    )
    posted = ledger.record(source, posting)
    after = ledger.reverse(source, payment, posted, reversed_as[paid.entry_key])
    ledger.tell(
        number,
        EventType.INVOICE_SET_UNPAID,
        {
            "amount": str(paid.amount.decimal),
            "currency": paid.amount.currency,
            "open": str(after.open.decimal),
        },
    )


def _reopen(tx: Tx, movements: list[UUID], given: SettingUnpaid, numbers: list[str]) -> None:
    proof = canonical_json({"documents": sorted(set(numbers)), "on": str(given.on)})
    write_decisions(
        tx,
        [
            DecisionRow(
                movement_id, Outcome.OPEN, SET_UNPAID, _RULE_VERSION, given.reason.strip(), proof
            )
            for movement_id in movements
        ],
    )
    set_state(tx, movements, MovementState.OPEN)
