"""Returned debits: what was collected, what the bank took on top, and whose payment it undoes.

The bank takes back the collected amount plus its fee in one booking: booked = original + fee must
hold to the cent, and the original must be what the payment had settled; else a person decides.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.matching import Decision, Hit, Outcome
from faktura.domain.movements import Movement
from faktura.kernel.errors import BadInput
from faktura.kernel.money import Money, total

RULE_VERSION = 1

_WITHOUT_PAYMENT = "return-without-payment"


@dataclass(frozen=True, slots=True)
class ReturnAmounts:
    """What a return gives back of the payment, and the bank's fee; their sum is what it booked."""

    original: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment's share in one document that still counts: allocation `no` of that document.

    One that a person recorded has neither movement nor day of booking; no rule takes it back.
    """

    document_id: UUID
    number: str
    no: int
    amount: Money
    movement_id: UUID | None
    booked_on: date | None
    end_to_end_id: str | None
    entry_key: str = ""


def return_amounts(movement: Movement) -> ReturnAmounts | None:
    """The amounts of a return; None where what the bank states contradicts itself.

    Without an instructed amount the original is what remains after the stated charges.
    """
    booked = abs(movement.amount)
    try:
        charges = Money.from_decimal(movement.charges or Decimal(0), booked.currency)
        if movement.instructed is None:
            original = booked - charges
        elif movement.instructed_currency in (None, booked.currency):
            original = Money.from_decimal(movement.instructed, booked.currency)
        else:
            return None
    except BadInput:
        return None
    fee = booked - original
    if original.minor <= 0 or fee.minor < 0 or (movement.charges is not None and fee != charges):
        return None
    return ReturnAmounts(original, fee)


def decide_return(
    movement: Movement,
    hits: tuple[Hit, ...],
    payments: Iterable[Payment],
    booked: Collection[str] = (),
) -> Decision[Payment]:
    """FULL with the shares of the one payment that the return undoes.

    A payment is meant by its end-to-end id, else by the numbers of the documents it settled; one
    that was booked after the return is not the one that was returned. `booked` are end-to-end ids
    of payments, whether they count still or not: such a return means none but its own payment.
    """
    amounts = return_amounts(movement)
    if amounts is None:
        reason = f"what was booked, {movement.amount}, is not the original amount plus charges"
        return Decision(Outcome.OPEN, "return-unclear", reason, hits)
    is_booked = movement.end_to_end_id in booked
    meant = _meant(movement, () if is_booked else hits, payments)
    if not meant and is_booked:
        reason = f"the payment {movement.end_to_end_id} came back already or was booked later"
        return Decision(Outcome.OPEN, _WITHOUT_PAYMENT, reason, hits)
    if not meant:
        return _without_payment(movement, hits)
    shares: dict[UUID | None, list[Payment]] = {}
    for payment in meant:
        shares.setdefault(payment.movement_id, []).append(payment)
    fitting = [parts for parts in shares.values() if _sum(parts) == amounts.original]
    if len(fitting) == 1:
        reason = f"gives back {amounts.original} of a payment, fee {amounts.fee}"
        return Decision(Outcome.FULL, "return-of-payment", reason, hits, tuple(fitting[0]))
    if fitting:
        reason = f"{len(fitting)} payments of {amounts.original} could be meant"
        return Decision(Outcome.OPEN, "return-ambiguous", reason, hits)
    paid = ", ".join(str(_sum(parts)) for parts in shares.values())
    reason = f"gives back {amounts.original}, but paid was {paid}"
    return Decision(Outcome.OPEN, "return-differs", reason, hits)


def _meant(movement: Movement, hits: tuple[Hit, ...], payments: Iterable[Payment]) -> list[Payment]:
    earlier = [
        payment
        for payment in payments
        if payment.booked_on is not None and payment.booked_on <= movement.booked_on
    ]
    wanted = movement.end_to_end_id
    by_id = [p for p in earlier if wanted is not None and p.end_to_end_id == wanted]
    if by_id:
        return by_id
    named = {hit.number for hit in hits}
    # A payment that has another id is another payment, whatever document it settled.
    nameless = [p for p in earlier if wanted is None or p.end_to_end_id is None]
    return [payment for payment in nameless if payment.number in named]


def _without_payment(movement: Movement, hits: tuple[Hit, ...]) -> Decision[Payment]:
    if hits:
        numbers = ", ".join(dict.fromkeys(hit.number for hit in hits))
        reason = f"no payment of {numbers} is known that could have been returned"
    elif movement.end_to_end_id is not None:
        reason = f"no payment with the end-to-end id {movement.end_to_end_id} is known"
    else:
        reason = "neither a document number nor an end-to-end id is named"
    return Decision(Outcome.OPEN, _WITHOUT_PAYMENT, reason, hits)


def _sum(payments: Sequence[Payment]) -> Money:
    return total([payment.amount for payment in payments], payments[0].amount.currency)
