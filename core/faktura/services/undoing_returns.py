"""Taking a booked return back: the payment that it undid counts again, its fee is reversed (P25).

What was given up with that payment is given up again. What followed the return is not undone by
itself: people are told of it. The movement waits, and no rule decides about it again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.attempts import LIVE
from faktura.domain.chargebacks import Chargeback, Done
from faktura.domain.posting import reversing_entry
from faktura.domain.return_fees import RULE as FEE_RULE
from faktura.domain.return_reasons import MandateEffect, reason_of
from faktura.domain.returns import Payment
from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, FieldMissing, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.payment_terms import AttemptState, ChargebackState
from faktura.kernel.terms import EntryKind
from faktura.services.billing_runs import check_run_date
from faktura.services.differences import give_up_again
from faktura.services.ledger import Ledger, Source, open_ledger
from faktura.services.payments import give_again
from faktura.services.returned_fees import with_fee
from faktura.services.waiting_again import wait_again
from faktura.store.attempts import lock_attempts, rewrite_attempts
from faktura.store.chargebacks import lock_chargeback, rewrite_chargeback
from faktura.store.collectable import own_attempts
from faktura.store.movement_bookings import entries_of_keys
from faktura.store.movement_lists import read_decisions, read_movement
from faktura.store.movements import (
    lock_booked,
)
from faktura.store.payable import numbers_paid_by
from faktura.store.returnable import chargebacks_of_movement
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx
from faktura.store.written_off import RECOVERY_KEYS


@dataclass(frozen=True, slots=True)
class UndoneReturn:
    """What was taken back: the documents that count as paid again, how much, and the fee.

    `stays` are sentences for people: what followed the return and was not undone.
    """

    numbers: tuple[str, ...]
    amount: Money
    fee: Money
    stays: tuple[str, ...] = ()


def is_fee_of_return(tx: Tx, movement_id: UUID) -> bool:
    """Whether a movement is booked as the fee of a return that stood apart."""
    return _return_of_fee(tx, movement_id) is not None


def undo_return(tx: Tx, tenant: Tenant, movement_id: UUID, reason: str, on: date) -> UndoneReturn:
    """Reverse a booked return, or the fee of one that stood apart; the movement waits for a person.

    Raises NotFound, FieldMissing without a reason, OutOfRange for a day far off, TransitionRefused
    unless it is booked as one of them, and Conflict where a document was settled otherwise since.
    """
    if not reason.strip():
        raise FieldMissing("why it is undone is not said", place="reason")
    check_run_date(on, local_date(tx.clock, tenant.time_zone), field="date")
    times = lock_booked(tx, [movement_id])
    movement = read_movement(tx, movement_id)
    source = Source(movement_id, on, on, "", None, None, None, None, times.get(movement_id, 0))
    tenant = holding_accounts(tx, tenant)
    returned = _return_of_fee(tx, movement_id)
    if movement.state is MovementState.RETURNED:
        done = _undo(tx, tenant, source, movement_id)
    elif movement.state is MovementState.BOOKED and returned is not None:
        done = _undo_fee(tx, tenant, source, returned)
    else:
        raise TransitionRefused(
            f"it is {movement.state}, and booked neither as a return nor as the fee of one",
            place=f"movement {movement_id}",
        )
    wait_again(tx, movement, done.numbers, reason.strip(), on)
    return done


def _return_of_fee(tx: Tx, movement_id: UUID) -> UUID | None:
    """The return that a movement was booked as the fee of; None where it was not."""
    last = read_decisions(tx, movement_id)[-1:]
    if not last or last[0].rule != FEE_RULE:
        return None
    return UUID(str(last[0].proof["return"]))


def _undo(tx: Tx, tenant: Tenant, source: Source, movement_id: UUID) -> UndoneReturn:
    ledger = open_ledger(tx, tenant, numbers_paid_by(tx, [movement_id]))
    kept = next(iter(chargebacks_of_movement(tx, movement_id)), None)
    taken = ledger.takings(movement_id)
    if not taken:
        raise TransitionRefused("nothing of it stands", place=f"movement {movement_id}")
    _check_still_open(ledger, taken)
    undoing = _undoing(source)
    recovered = [one for one in taken if one.entry_key.startswith(RECOVERY_KEYS)]
    returned = [one for one in taken if one not in recovered]
    for one in returned:
        key = give_again(ledger, undoing, one, None if kept is None else kept.id)
        _reverse(tx, ledger, undoing, one.entry_key, (key, EntryKind.RETURN))
    give_up_again(tx, ledger, undoing, recovered)
    amount = total([-one.amount for one in returned], taken[0].amount.currency)
    fee = _reverse_fee(tx, ledger, source, amount.currency)
    ledger.write(tx)
    stays = () if kept is None else _settle_chargeback(tx, kept)
    again = _collected_again(tx, {one.document_id for one in taken})
    numbers = tuple(sorted({one.number for one in taken}))
    return UndoneReturn(numbers, amount, fee, (*stays, *again))


def _undo_fee(tx: Tx, tenant: Tenant, source: Source, returned: UUID) -> UndoneReturn:
    """The fee alone: its return stays booked."""
    kept = next(
        one
        for one in chargebacks_of_movement(tx, returned)
        if one.course.fee_booked_as == source.booking_now
    )
    numbers = tuple(number for number, _ in kept.course.documents)
    ledger = open_ledger(tx, tenant, numbers, [kept.customer_id])
    fee = _reverse_fee(tx, ledger, source, kept.fee.currency)
    ledger.write(tx)
    zero = Money.zero(kept.amount.currency)
    rewrite_chargeback(tx, with_fee(lock_chargeback(tx, kept.id), zero, ""))
    return UndoneReturn(numbers, zero, fee)


def _undoing(source: Source) -> Source:
    """What takes a booking back has a name of its own, each time."""
    return replace(source, booked_as=f"undone:{source.booking_now}", times_unpaid=0)


def _check_still_open(ledger: Ledger, taken: Sequence[Payment]) -> None:
    """A document that was paid otherwise since would be paid twice."""
    for number in sorted({one.number for one in taken}):
        again = sum(-one.amount.minor for one in taken if one.number == number)
        still_open = ledger.document(number).open
        if still_open.minor < again:
            raise Conflict(
                f"{still_open} are open of {number}, less than came back: it was settled since",
                place=number,
                mend="Take back first what settled it",
            )


def _reverse(
    tx: Tx, ledger: Ledger, source: Source, entry_key: str, own: tuple[str, EntryKind]
) -> int:
    """Post the reversal of an entry under a key and kind of its own; what it came to, 0 for none."""
    key, kind = own
    reversed_minor = 0
    for entry in entries_of_keys(tx, [entry_key]):
        text = f"{entry.text} zurückgenommen"
        ledger.post(reversing_entry(entry, key, source.value_on, kind, text))
        reversed_minor += entry.legs[0].minor
    return reversed_minor


def _reverse_fee(tx: Tx, ledger: Ledger, source: Source, currency: str) -> Money:
    undoing = _undoing(source)
    own = undoing.fee_key, EntryKind.RETURN_FEE
    return Money(_reverse(tx, ledger, undoing, source.fee_key, own), currency)


def _settle_chargeback(tx: Tx, kept: Chargeback) -> tuple[str, ...]:
    """The chargeback is none any more, its debit is paid again; gives what stays of what followed."""
    kept = lock_chargeback(tx, kept.id)
    rewrite_chargeback(tx, replace(kept, state=ChargebackState.WON))
    if kept.attempt_id is not None:
        attempt = lock_attempts(tx, [kept.attempt_id])[kept.attempt_id]
        if attempt.state is AttemptState.CHARGED_BACK:
            paid = replace(attempt, state=AttemptState.SUCCEEDED, retry_at=None)
            rewrite_attempts(tx, [paid])
    stays = [
        f"{step.number}: {step.why or step.done.value}"
        for step in kept.course.steps
        if step.done is not Done.NOTHING
    ]
    reason = reason_of(kept.reason)
    if reason.mandate is not MandateEffect.KEEPS:
        stays.append(f"the mandate is not used any more: {reason.code} {reason.german}")
    stays.append("the customer was told of the return")
    if kept.course.fee_booked_as and kept.fee:
        stays.append(f"the fee of {kept.fee} that was booked apart: undo it by itself")
    return tuple(stays)


def _collected_again(tx: Tx, documents: Collection[UUID]) -> list[str]:
    """Attempts that may still bring money for what counts as paid now."""
    found = own_attempts(tx, documents)
    return [
        f"attempt {one.id} over {one.amount} is {one.state}: it may bring the money once more"
        for attempts in found.values()
        for one in attempts
        if one.state in LIVE
    ]
