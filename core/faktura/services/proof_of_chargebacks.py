"""Proof of the chargebacks: what was taken back is booked so, and what was won is booked again (P33-P35)."""

from collections.abc import Iterator, Mapping, Sequence

from faktura.domain.chargebacks import Chargeback
from faktura.domain.journal import balance
from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, ChargebackState
from faktura.kernel.terms import Slot
from faktura.store.journal import read_drafts
from faktura.store.payment_proofs import (
    BookedAs,
    ProvedAttempt,
    chargebacks_in_pages,
    posted_fees,
    returned_amounts,
)
from faktura.store.transaction import Tx

S = ChargebackState
_FEE = "fee:"


def told_of_attempt(
    attempt: ProvedAttempt, chargebacks: Sequence[Chargeback], bookings: Sequence[BookedAs]
) -> Iterator[Violation]:
    """An attempt's chargebacks beside what is booked in its name."""
    booked = {one.source: one.amount for one in bookings}
    booked.pop(f"pay:attempt:{attempt.id.hex}", None)
    for one in chargebacks:
        yield from _booked_at_provider(one, booked)
    for source, amount in booked.items():
        no = source.rpartition(":")[2]
        problem = f"{amount} are booked as chargeback {no}, which does not exist"
        yield _violation(attempt.place, problem)
    if attempt.state is AttemptState.CHARGED_BACK and all(
        one.state is S.WON for one in chargebacks
    ):
        yield _violation(attempt.place, "it is CHARGED_BACK, and no chargeback stands")


def _booked_at_provider(one: Chargeback, booked: dict[str, Money]) -> Iterator[Violation]:
    name = one.course.booked_as
    if not name.startswith("attempt:"):
        return
    zero = Money.zero(one.amount.currency)
    taken, again = booked.pop(f"cb:{name}", zero), -booked.pop(f"pay:{name}", zero)
    if taken != one.amount:
        yield _told(one, f"it took back {one.amount}, {taken} are booked")
    won = one.amount if one.state is S.WON else zero
    if again != won:
        yield _told(one, f"it is {one.state}, {again} of {one.amount} are booked again")


def chargebacks_are_booked(tx: Tx) -> Iterator[Violation]:
    """Each chargeback of the bank has its return, each fee its entry; one not booked is lost."""
    drafts = _fees_of_drafts(tx)
    for page in chargebacks_in_pages(tx):
        movements = {one.movement_id for one in page if one.movement_id is not None}
        returned = returned_amounts(tx, movements)
        fees = {**posted_fees(tx, [_fee_key(one) for one in page if one.fee]), **drafts}
        for one in page:
            yield from _problems(one, returned, fees)


def _problems(
    one: Chargeback, returned: Mapping[str, list[int]], fees: Mapping[str, Money]
) -> Iterator[Violation]:
    name = one.course.booked_as
    if not name and one.state is not S.LOST:
        yield _told(one, f"it is {one.state}, and nothing is booked of it")
    if name and not name.startswith("attempt:"):
        yield from _returned(one, returned.get(name, []))
    if one.fee:
        fee = fees.get(_fee_key(one))
        if fee != one.fee:
            found = "no entry" if fee is None else f"{fee}"
            yield _told(one, f"its fee of {one.fee} is posted as {found}")


def _returned(one: Chargeback, found: Sequence[int]) -> Iterator[Violation]:
    """A return is booked by its documents; one that failed before was told as a whole attempt."""
    parts = sum(minor for _, minor in one.course.documents)
    was_told_before = not one.subject.startswith("movement:")
    if parts not in found or (one.amount.minor != parts and not was_told_before):
        booked = Money(max(found, default=0), one.amount.currency)
        yield _told(one, f"it took back {one.amount}, {booked} are booked as returned")


def _fee_key(one: Chargeback) -> str:
    name = one.course.fee_booked_as or one.course.booked_as
    if not name and one.attempt_id is not None:
        name = f"attempt:{one.attempt_id.hex}:failed"
    return f"{_FEE}{name}"


def _fees_of_drafts(tx: Tx) -> dict[str, Money]:
    """What entries that miss an account will post as fees."""
    return {
        draft.entry.key: Money(
            balance([leg for leg in draft.entry.legs if leg.slot is Slot.BANK_FEES]),
            draft.entry.currency,
        )
        for draft in read_drafts(tx)
        if draft.entry.key.startswith(_FEE)
    }


def _told(one: Chargeback, problem: str) -> Violation:
    return _violation(f"chargeback {one.subject}", problem)


def _violation(place: str, problem: str) -> Violation:
    return Violation(Proof.PAYMENTS, place, problem)
