"""Proof of deferred revenue: what is posted of each document is its schedule so far (F108, P45).

So the balance of deferred revenue is the sum of what no month has earned yet.
"""

from collections.abc import Iterator
from uuid import UUID

from faktura.domain.deferral_entries import Deferral, DeferredDocument
from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.store.deferral_postings import (
    MoveKey,
    Moves,
    posted_deferrals,
    strange_deferrals,
    waiting_deferrals,
)
from faktura.store.deferrals import all_deferrals
from faktura.store.transaction import Tx


def deferrals_are_true(tx: Tx) -> Iterator[Violation]:
    """Deferrals say what their lines say, and months are posted once, in order, to the cent."""
    for number, line_no in strange_deferrals(tx):
        problem = f"the deferral of its line {line_no} is not that of the line"
        yield _violation(number, problem)
    waiting = waiting_deferrals(tx)
    posted = posted_deferrals(tx)
    found = next(posted, None)
    for document in all_deferrals(tx):
        own = document.document_id
        while found is not None and found[0] < own:
            yield _unplanned(found[0])
            found = next(posted, None)
        moves: Moves = {}
        if found is not None and found[0] == own:
            moves, found = found[1], next(posted, None)
        yield from _compared(document, _added(moves, waiting.pop(own, {})))
    while found is not None:
        yield _unplanned(found[0])
        found = next(posted, None)
    for own in waiting:
        yield _unplanned(own)


def _violation(number: str, problem: str) -> Violation:
    return Violation(Proof.ACCOUNTS, f"document {number}", problem)


def _unplanned(document_id: UUID) -> Violation:
    return _violation(str(document_id), "it posts deferred revenue, but defers none")


def _added(one: Moves, other: Moves) -> Moves:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


def _compared(document: DeferredDocument, posted: Moves) -> Iterator[Violation]:
    expected: Moves = {}
    for deferral in document.deferrals:
        yield from _next_month(document.number, deferral)
        _expect(deferral, expected)
    currency = document.deferrals[0].net.currency
    for key in sorted({**expected, **posted}, key=str):
        has, should = posted.get(key, 0), expected.get(key, 0)
        if has != should:
            what = "deferred revenue" if key.deferred else "revenue"
            month = "a month without a name" if key.month is None else f"{key.month:%Y-%m}"
            where = f" at {key.cost_centre}" if key.cost_centre is not None else ""
            yield _violation(
                document.number,
                f"{month} moves {Money(has, currency)} of {what}{where}, its schedule says"
                f" {Money(should, currency)}",
            )


def _next_month(number: str, deferral: Deferral) -> Iterator[Violation]:
    months = list(deferral.posted_months())
    following = deferral.due_after(months[-1]) if months else deferral.booked_month
    if following != deferral.due_month:
        problem = f"no month of its line {deferral.line_no} is {deferral.due_month}"
        yield _violation(number, f"{problem}, which is posted next")


def _expect(deferral: Deferral, expected: Moves) -> None:
    for month in deferral.posted_months():
        moved = deferral.posted_in(month)
        for share, minor in zip(deferral.shares, moved, strict=True):
            key = MoveKey(month, share.centre, share.object)
            expected[key] = expected.get(key, 0) + minor
        key = MoveKey(month, deferred=True)
        expected[key] = expected.get(key, 0) - sum(moved)
