"""Proof of the refunds over providers: booked when they are done, booked back when they failed (P33)."""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby

from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import RefundState
from faktura.store.payment_proofs import BookedAs, ProvedRefund, booked_as, refunds_by_id
from faktura.store.transaction import Tx


def refunds_are_booked(tx: Tx) -> Iterator[Violation]:
    """A refund that succeeded went out once, one that failed came back whole, no other is booked."""
    said = merge(
        ((one.id.hex, one) for one in refunds_by_id(tx)),
        ((_key(one), one) for one in booked_as(tx, "ref:refund:")),
        ((_key(one), one) for one in booked_as(tx, "pay:refund:")),
        key=lambda one: one[0],
    )
    for key, members in groupby(said, key=lambda one: one[0]):
        found = [member for _, member in members]
        bookings = [one for one in found if isinstance(one, BookedAs)]
        refunds = [one for one in found if isinstance(one, ProvedRefund)]
        if refunds:
            yield from _compared(refunds[0], bookings)
        else:
            yield _violation(f"account_transaction of refund {key}", "there is no such refund")


def _key(booked: BookedAs) -> str:
    return booked.source.split(":")[2]


def _compared(refund: ProvedRefund, bookings: list[BookedAs]) -> Iterator[Violation]:
    zero = Money.zero(refund.amount.currency)
    booked = {one.source: one.amount for one in bookings}
    out = booked.get(f"ref:refund:{refund.id.hex}", zero)
    back = -booked.get(f"pay:refund:{refund.id.hex}:back", zero)
    place = f"payment_refund {refund.id} of document {refund.number}"
    if any(one.customer_id != refund.customer_id for one in bookings):
        yield _violation(place, "it is booked for another customer")
    is_right = {
        RefundState.SUCCEEDED: (out, back) == (refund.amount, zero),
        RefundState.FAILED: out == back and out in (zero, refund.amount),
    }.get(refund.state, (out, back) == (zero, zero))
    if not is_right:
        problem = f"it is {refund.state} over {refund.amount}, {out} went out and {back} came back"
        yield _violation(place, problem)


def _violation(place: str, problem: str) -> Violation:
    return Violation(Proof.PAYMENTS, place, problem)
