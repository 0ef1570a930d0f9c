"""Setting a document back to unpaid: what its payments did is reversed, nothing is deleted (F065, P25).

A bank movement is taken back whole, so that a person can assign all of it again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.matches import Outcome
from faktura.domain.returns import Payment
from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, FieldMissing
from faktura.services.billing_runs import check_run_date
from faktura.services.differences import recover
from faktura.services.ledger import BY_HAND, Source, open_ledger
from faktura.services.manual_money import recorded_entries
from faktura.services.originals import visible_record
from faktura.services.taking_back import booked_customers, take_booking_back
from faktura.services.taught_payers import forget_taught
from faktura.store.manual_bookings import numbers_settled_by
from faktura.store.movements import (
    SET_UNPAID,
    DecisionRow,
    lock_booked,
    set_state,
    write_decisions,
)
from faktura.store.payable import Paid, numbers_paid_by, read_paid
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
    """Take back every payment that counts for the document; bank movements wait again.

    Returns the numbers of all documents whose payments were taken back: those that the same
    bookings paid too. What a person recorded stays taken back (F106). Raises NotFound, FieldMissing without a reason, OutOfRange for a day far off,
    and Conflict where no payment counts or a part of one came back from the bank (F065).
    """
    if not given.reason.strip():
        raise FieldMissing("why it is set unpaid is not said", place="reason")
    check_run_date(given.on, local_date(tx.clock, tenant.time_zone), field="date")
    seen = visible_record(tx, number, projects)[0]
    tenant = holding_accounts(tx, tenant)
    settled = read_paid(tx, [seen.id])
    times = lock_booked(tx, _movements(settled))
    by_hand = {paid.allocation.entry_key for paid in settled}
    touched = sorted(
        {number, *numbers_paid_by(tx, times), *_numbers_by_hand(tx, seen.customer_id, by_hand)}
    )
    _check_reach(tx, touched, projects)
    ledger = open_ledger(tx, tenant, touched, _customers(tx, times, given))
    counting: dict[str, list[Payment]] = {}
    for payment in ledger.payments():
        counting.setdefault(_booking(payment), []).append(payment)
    paid = {
        booking: payments
        for booking, payments in sorted(counting.items())
        if any(payment.number == number for payment in payments)
    }
    if not paid:
        raise Conflict(
            f"no payment from a bank account counts for {number} (F065)",
            place="invoiceNumber",
            mend="Credit that was set off stays; look at the document's payments",
        )
    _check_locked(number, paid.values(), times)
    for booking, payments in paid.items():
        source = _source(booking, payments[0].movement_id, times, given)
        take_booking_back(tx, ledger, source, payments, booked_customers(tx, source))
        given_up = [one for one in ledger.given_up() if str(one.movement_id) == booking]
        recover(tx, ledger, given_up, given.on, given.reason)
    ledger.write(tx)
    numbers = sorted({payment.number for payments in paid.values() for payment in payments})
    movements = [movement_id for movement_id in times if str(movement_id) in paid]
    if movements:
        _reopen(tx, movements, given, numbers)
    return tuple(numbers)


def _movements(settled: Iterable[Paid]) -> set[UUID]:
    found = (paid.allocation.movement_id for paid in settled)
    return {movement_id for movement_id in found if movement_id is not None}


def _customers(tx: Tx, times: Mapping[UUID, int], given: SettingUnpaid) -> set[UUID]:
    """Whose accounts the movements were booked on: a split one leaves credit with others, too."""
    found = (booked_customers(tx, _source(str(one), one, times, given)) for one in times)
    return set[UUID]().union(*found)


def _numbers_by_hand(tx: Tx, customer_id: UUID, entry_keys: Iterable[str]) -> set[str]:
    """The documents that the recordings behind these entries settled, by all their entries."""
    bookings = {_recorded(key) for key in entry_keys} - {""}
    found = (recorded_entries(tx, booking) for booking in sorted(bookings))
    keys = {entry.key for one in found if one is not None for entry in one[1]}
    return numbers_settled_by(tx, customer_id, keys) if keys else set()


def _recorded(entry_key: str) -> str:
    """The name of the recording that an entry belongs to; empty for all others."""
    word, _, booking = entry_key.rpartition(":")[0].partition(":")
    return booking if word == "pay" and booking.startswith(f"{BY_HAND}:") else ""


def _booking(payment: Payment) -> str:
    return _recorded(payment.entry_key) or str(payment.movement_id)


def _check_reach(tx: Tx, numbers: Iterable[str], projects: Collection[UUID] | None) -> None:
    """Nobody sets documents unpaid that they may not see."""
    if projects is None:
        return
    for number in numbers:
        visible_record(tx, number, projects)


def _check_locked(
    number: str, paid: Iterable[Collection[Payment]], times: Mapping[UUID, int]
) -> None:
    """A movement that was booked while its customer was waited for is not locked (P47)."""
    movements = {one.movement_id for payments in paid for one in payments} - {None}
    if not movements <= times.keys():
        raise Conflict(
            f"{number} was paid at this very moment",
            place="invoiceNumber",
            mend="Look at its payments, and do it again",
        )


def _source(
    booking: str, movement_id: UUID | None, times: Mapping[UUID, int], given: SettingUnpaid
) -> Source:
    if movement_id is not None:
        again = times[movement_id]
        return Source(movement_id, given.on, given.on, "", None, None, None, None, again)
    source = Source(None, given.on, given.on, "", None, given.reason, None, None)
    return replace(source, booked_as=booking)


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
    for movement_id in movements:
        forget_taught(tx, movement_id)
