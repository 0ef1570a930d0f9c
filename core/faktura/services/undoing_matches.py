"""Taking a booked movement back whole, by reversal: then it waits for a person (P25).

Whatever booked it, a rule or a person: payments, credit kept, differences given up with it. No rule
decides about it again.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.clock import local_date
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.payment_terms import AttemptState
from faktura.services.bank_attempts import named_attempts
from faktura.services.billing_runs import check_run_date
from faktura.services.collective_credits import NamedFiles
from faktura.services.differences import recover
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.ledger import Source, open_ledger
from faktura.services.movement_view import movement_of, record_from_text
from faktura.services.taking_back import booked_customers, take_booking_back
from faktura.services.taught_payers import forget_taught
from faktura.services.undoing_returns import is_fee_of_return, undo_return
from faktura.services.waiting_again import wait_again
from faktura.store.movement_lists import MovementView, read_movement
from faktura.store.movements import (
    lock_booked,
)
from faktura.store.payable import numbers_paid_by
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

# How many debits of a file are told one by one.
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Undone:
    """The documents whose payments, or returns, were taken back; `stays` says what was not undone."""

    numbers: tuple[str, ...]
    stays: tuple[str, ...] = ()


def undo(tx: Tx, tenant: Tenant, movement_id: UUID, given: TakenBackFields) -> Undone:
    """Reverse all that a booked movement did; it waits again, and only a person decides about it.

    A returned debit that is undone counts as paid again, one that was credited stays collected. Raises NotFound, OutOfRange for a day far off
    or before the movement, TransitionRefused unless it is booked, and Conflict where a part of it was
    taken back already, or its credit was paid out since (F065).
    """
    times = lock_booked(tx, [movement_id])
    movement = read_movement(tx, movement_id)
    if movement.state not in (MovementState.BOOKED, MovementState.RETURNED):
        raise TransitionRefused(
            f"it is {movement.state}: nothing is booked that could be undone",
            place=f"movement {movement_id}",
            mend="faktura bank list --state BOOKED lists those that are",
        )
    on = _day(tx, tenant, movement, given.date)
    if movement.state is MovementState.RETURNED or is_fee_of_return(tx, movement_id):
        done = undo_return(tx, tenant, movement_id, given.reason, on)
        forget_taught(tx, movement_id)
        return Undone(tuple(done.numbers), tuple(done.stays))
    source = Source(movement_id, on, on, "", None, None, None, None, times[movement_id])
    numbers = _take_back(tx, tenant, movement_id, source, given.reason)
    wait_again(tx, movement, numbers, given.reason.strip(), on)
    forget_taught(tx, movement.id)
    return Undone(numbers, _collected(tx, movement, numbers))


def _day(tx: Tx, tenant: Tenant, movement: MovementView, given: date | None) -> date:
    today = local_date(tx.clock, tenant.time_zone)
    on = given or max(today, movement.value_on)
    check_run_date(on, today, field="date")
    if on < movement.value_on:
        raise OutOfRange(
            f"its money counts since {movement.value_on}, after {on}",
            place="date",
            mend=f"Use {movement.value_on} or later",
        )
    return on


def _take_back(
    tx: Tx, tenant: Tenant, movement_id: UUID, source: Source, reason: str
) -> tuple[str, ...]:
    tenant = holding_accounts(tx, tenant)
    customers = booked_customers(tx, source)
    ledger = open_ledger(tx, tenant, numbers_paid_by(tx, [movement_id]), customers)
    shares = [one for one in ledger.payments() if one.movement_id == movement_id]
    given_up = [one for one in ledger.given_up() if one.movement_id == movement_id]
    take_booking_back(tx, ledger, source, shares, customers)
    recover(tx, ledger, given_up, source.value_on, reason)
    ledger.write(tx)
    return tuple(sorted({one.number for one in (*shares, *given_up)}))


def _collected(tx: Tx, movement: MovementView, numbers: tuple[str, ...]) -> tuple[str, ...]:
    """What is said of debits of ours that the movement credited: they stay as collected."""
    credit = movement_of(record_from_text(movement.data))
    named = named_attempts(tx, [credit.end_to_end_id])
    if not named.ids:
        files = NamedFiles.of(tx, [credit])
        named = named_attempts(tx, files.end_to_end_ids).of_documents(numbers)
    done = sorted(
        (named.numbers[one.id], str(one.amount), one.id)
        for one in named.locked(tx).values()
        if one.state is AttemptState.SUCCEEDED
    )
    told = [
        f"attempt {own} over {amount} for {number} stays SUCCEEDED: its debit was collected"
        for number, amount, own in done[:_MOST_TOLD]
    ]
    if len(done) > _MOST_TOLD:
        told.append(f"{len(done) - _MOST_TOLD} more attempts stay SUCCEEDED like these")
    return tuple(told)
