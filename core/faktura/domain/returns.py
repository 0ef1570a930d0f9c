"""Returned debits: what was collected, what the bank took on top, and whose payment it undoes.

The bank takes back the collected amount plus its fee in one booking: booked = original + fee must
hold to the cent, and the original must be what the payment had settled; else a person decides. A
return is linked by its end-to-end id, the numbers that it names, its mandate with the amount, its
account with the amount: the first that says anything decides (banking 2.4).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.matches import Decision, Hit, Outcome
from faktura.domain.movements import Movement
from faktura.domain.return_reasons import RETURN_REASONS
from faktura.domain.return_texts import end_to_end_in, mandate_in, reason_in
from faktura.kernel.errors import BadInput
from faktura.kernel.money import Money, total
from faktura.kernel.periods import add_months

RULE_VERSION = 2

_WITHOUT_PAYMENT = "return-without-payment"
# Debits can be given back for eight weeks, and banks book some days later; those without any mandate
# for 13 months.
_WEEKS = timedelta(weeks=9)
_MONTHS_UNAUTHORISED = 13
_UNAUTHORISED = "MD01"
# Where the bank does not say what its fee is: what is above this is no fee.
_MOST_UNSTATED_FEE = 5_000
# Our own end-to-end ids; some banks write them in capitals.
_OWN_ID = re.compile(r"[0-9A-Fa-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReturnAmounts:
    """What a return gives back of the payment, and the bank's fee; their sum is what it booked."""

    original: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment's share in one document: allocation `no` of that document.

    One that a person recorded has neither movement nor day of booking; no rule takes it back.
    `collected` is what came in all of it, None where its shares are all. It `counts` no more once it
    came back. Mandate and account are those it was collected with, as far as they are known.
    """

    document_id: UUID
    number: str
    no: int
    amount: Money
    movement_id: UUID | None
    booked_on: date | None
    end_to_end_id: str | None
    entry_key: str = ""
    mandate_id: str | None = None
    iban: str | None = None
    collected: Money | None = None
    counts: bool = True


@unique
class _Link(StrEnum):
    """What leads from a return to its payment."""

    NAMED = "end-to-end id"
    NUMBERED = "numbers"
    MANDATE = "mandate"
    ACCOUNT = "account"


_RULES = {
    _Link.NAMED: "return-of-payment",
    _Link.NUMBERED: "return-of-payment",
    _Link.MANDATE: "return-by-mandate",
    _Link.ACCOUNT: "return-by-account",
}


def as_told(movement: Movement) -> Movement:
    """The return with what only its text says: end-to-end id, mandate, reason (banking 2.4)."""
    text = movement.told
    named = movement.end_to_end_id or end_to_end_in(text)
    if named is not None and _OWN_ID.fullmatch(named):
        named = named.lower()
    given = movement.return_reason
    is_known = given is not None and given.strip().upper() in RETURN_REASONS
    return replace(
        movement,
        end_to_end_id=named,
        mandate_id=movement.mandate_id or mandate_in(text),
        return_reason=given if is_known else reason_in(f"{given or ''}\n{text}") or given,
    )


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


def taken_back(movement: Movement, payments: Sequence[Payment]) -> ReturnAmounts:
    """The amounts of a return that undoes these shares: what it took on top is the bank's fee."""
    original = _sum(payments)
    return ReturnAmounts(original, abs(movement.amount) - original)


def decide_return(
    movement: Movement,
    hits: tuple[Hit, ...],
    payments: Iterable[Payment],
    booked: Collection[str] = (),
) -> Decision[Payment]:
    """FULL with the shares of the one payment that the return undoes.

    One that was booked after the return is not the one that was returned. `payments` are those that
    came back already as well: what fits one of them, too, is not certain. `booked` are end-to-end
    ids of payments, whether they count still or not: such a return means none but its own payment.
    """
    movement = as_told(movement)
    amounts = return_amounts(movement)
    if amounts is None:
        reason = f"what was booked, {movement.amount}, is not the original amount plus charges"
        return Decision(Outcome.OPEN, "return-unclear", reason, hits)
    is_booked = movement.end_to_end_id in booked
    link, meant = _linked(movement, hits, payments, is_booked=is_booked)
    if is_booked and not meant:
        reason = f"the payment {movement.end_to_end_id} came back already or was booked later"
        return Decision(Outcome.OPEN, _WITHOUT_PAYMENT, reason, hits)
    units = _units(meant)
    fitting = _fitting(movement, amounts, link, units)
    if len(fitting) == 1:
        return _undone(movement, hits, link, fitting[0])
    if fitting:
        reason = f"{len(fitting)} payments of {amounts.original} could be meant"
        return Decision(Outcome.OPEN, "return-ambiguous", reason, hits)
    if not units or link in (_Link.MANDATE, _Link.ACCOUNT):
        return _without_payment(movement, amounts, hits)
    paid = ", ".join(str(_whole(parts)) for parts in units)
    reason = f"gives back {amounts.original}, but paid was {paid}"
    return Decision(Outcome.OPEN, "return-differs", reason, hits)


def _undone(
    movement: Movement, hits: tuple[Hit, ...], link: _Link, parts: Sequence[Payment]
) -> Decision[Payment]:
    if not parts[0].counts:
        reason = f"the payment of {parts[0].number} came back already"
        return Decision(Outcome.OPEN, _WITHOUT_PAYMENT, reason, hits)
    amounts = taken_back(movement, parts)
    reason = f"gives back {amounts.original} of a payment, fee {amounts.fee}"
    return Decision(Outcome.FULL, _RULES[link], reason, hits, tuple(parts))


def _linked(
    movement: Movement, hits: tuple[Hit, ...], payments: Iterable[Payment], *, is_booked: bool
) -> tuple[_Link, list[Payment]]:
    """The payments that the first evidence leads to that says anything."""
    earlier = [
        payment
        for payment in payments
        if payment.booked_on is not None and payment.booked_on <= movement.booked_on
    ]
    wanted, mandate = movement.end_to_end_id, movement.mandate_id
    by_id = [p for p in earlier if wanted is not None and p.end_to_end_id == wanted]
    if by_id or is_booked:
        return _Link.NAMED, [p for p in by_id if p.counts]
    # A payment that has another id, or another mandate, is another payment.
    left = [
        p
        for p in earlier
        if (wanted is None or p.end_to_end_id is None)
        and (mandate is None or p.mandate_id is None or _same(p.mandate_id, mandate))
    ]
    named = {hit.number for hit in hits if hit.reading.is_strong}
    if named:
        return _Link.NUMBERED, [p for p in left if p.number in named]
    recent = [p for p in left if p.booked_on is not None and p.booked_on >= _since(movement)]
    if mandate is not None:
        return _Link.MANDATE, [p for p in recent if _same(p.mandate_id, mandate)]
    account = movement.counterparty_iban
    return _Link.ACCOUNT, [p for p in recent if account and _same(p.iban, account)]


def _since(movement: Movement) -> date:
    if movement.return_reason == _UNAUTHORISED:
        return add_months(movement.booked_on, -_MONTHS_UNAUTHORISED)
    return movement.booked_on - _WEEKS


def _same(one: str | None, other: str) -> bool:
    """Whether two references are the same; SEPA does not regard their case (F103)."""
    return one is not None and _key(one) == _key(other)


def _key(reference: str) -> str:
    return "".join(reference.split()).upper()


def _units(payments: Iterable[Payment]) -> list[list[Payment]]:
    """The shares of each payment; one of a collective credit is told from the others by its id."""
    units: dict[tuple[UUID | None, str | None, bool], list[Payment]] = {}
    for one in payments:
        units.setdefault((one.movement_id, one.end_to_end_id, one.counts), []).append(one)
    return list(units.values())


def _fitting(
    movement: Movement, amounts: ReturnAmounts, link: _Link, units: Sequence[list[Payment]]
) -> list[list[Payment]]:
    """The payments that come back whole; where nothing is stated, the rest may be a fee.

    Only an end-to-end id, or the one payment of a mandate, says so much by itself.
    """
    whole = [parts for parts in units if _sum(parts) == _whole(parts)]
    exact = [parts for parts in whole if _sum(parts) == amounts.original]
    if exact or movement.states_original:
        return exact
    if link is _Link.NAMED or (link is _Link.MANDATE and len(units) == 1):
        fees = [(parts, (amounts.original - _sum(parts)).minor) for parts in whole]
        return [parts for parts, fee in fees if 0 < fee <= _MOST_UNSTATED_FEE]
    return []


def _without_payment(
    movement: Movement, amounts: ReturnAmounts, hits: tuple[Hit, ...]
) -> Decision[Payment]:
    if hits:
        numbers = ", ".join(dict.fromkeys(hit.number for hit in hits))
        reason = f"no payment of {numbers} is known that could have been returned"
    elif movement.end_to_end_id is not None:
        reason = f"no payment with the end-to-end id {movement.end_to_end_id} is known"
    elif movement.mandate_id is not None:
        reason = f"no payment of {amounts.original} by the mandate {movement.mandate_id} is known"
    else:
        reason = "neither a document number nor an end-to-end id is named"
    return Decision(Outcome.OPEN, _WITHOUT_PAYMENT, reason, hits)


def _whole(payments: Sequence[Payment]) -> Money:
    """What was collected in all, of which the shares may be a part."""
    collected = payments[0].collected
    return _sum(payments) if collected is None else collected


def _sum(payments: Sequence[Payment]) -> Money:
    return total([payment.amount for payment in payments], payments[0].amount.currency)
