"""The payment double's refunds: never more than a payment took."""

import sqlite3
from decimal import Decimal

from typing_extensions import override

from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.plugin import RefundAnswer, Refunding, RefundOutcome, RefundRequest
from faktura.testing.double_base import DoublePart
from faktura.testing.double_rows import is_exact
from faktura.testing.double_steps import Do, Step
from faktura.testing.double_store import happened, next_step

_PENDING = frozenset({Do.PEND, Do.ACT})
_REFUSED = frozenset({Do.DECLINE, Do.REJECT})
_LOST = frozenset({Do.LOSE, Do.DROP, Do.RAISE, Do.GARBAGE, Do.HANG})


class DoubleRefunds(DoublePart, Refunding):
    """Gives money back once under a key, and ends as the script says (steps of invoice `refund`)."""

    @override
    async def refund(self, request: RefundRequest) -> RefundOutcome:
        """Refund; the same key gives the same refund."""
        with self.store.changing() as books:
            books.execute(
                "INSERT INTO call (method, key, invoice) VALUES ('refund', ?, '')", [request.key]
            )
            step = next_step(books, "refund")
            if step.do not in (Do.UNAVAILABLE, Do.BROKEN, Do.DROP):
                self._refund(books, request, step)
        if step.do is Do.UNAVAILABLE:
            raise OutsideUnavailable("the double is away", retry_after=step.retry_after)
        if step.do is Do.BROKEN:
            raise AccountBroken("the double does not know the key")
        if step.do is Do.RAISE:
            raise RuntimeError("the adapter is broken")
        if step.do in _LOST:
            return RefundOutcome(answer=RefundAnswer.UNCLEAR, message="the answer was lost")
        return await self.look_up_refund(request, "")

    @override
    async def look_up_refund(self, request: RefundRequest, reference: str) -> RefundOutcome:
        """What became of it."""
        with self.store.changing() as books:
            found = books.execute(
                "SELECT no, amount, state FROM refund WHERE key = ?", [request.key]
            ).fetchone()
        if found is None:
            return RefundOutcome(answer=RefundAnswer.ABSENT)
        return RefundOutcome(
            answer=RefundAnswer(found[2]),
            reference=f"dr_{found[0]}",
            amount=Decimal(found[1]),
            currency=request.currency,
            message="" if found[2] != "FAILED" else "the double refused it",
        )

    def _refund(self, books: sqlite3.Connection, request: RefundRequest, step: Step) -> None:
        known = books.execute("SELECT no FROM refund WHERE key = ?", [request.key]).fetchone()
        if known is not None:
            return
        payment = int(request.payment_reference.removeprefix("dp_"))
        state = "SUCCEEDED"
        if step.do in _PENDING:
            state = "PENDING"
        if step.do in _REFUSED or not _covered(books, payment, request):
            state = "FAILED"
        no = books.execute(
            "INSERT INTO refund (key, payment, amount, state, at) VALUES (?, ?, ?, ?, ?)",
            [request.key, payment, str(request.amount), state, self.now().isoformat()],
        ).lastrowid
        happened(books, f"refund.{state.lower()}", f"refund:{no}", self.now())


def _covered(books: sqlite3.Connection, payment: int, request: RefundRequest) -> bool:
    if not is_exact(request.amount, request.currency):
        return False
    row = books.execute(
        "SELECT amount FROM payment WHERE no = ? AND state = 'SUCCEEDED'", [payment]
    ).fetchone()
    if row is None:
        books.execute("INSERT INTO violation (text) VALUES (?)", [f"dp_{payment} was not paid"])
        return False
    given = books.execute(
        "SELECT amount FROM refund WHERE payment = ? AND state <> 'FAILED'", [payment]
    )
    back = sum((Decimal(one) for (one,) in given), request.amount)
    if back > Decimal(row[0]):
        books.execute("INSERT INTO violation (text) VALUES (?)", [f"dp_{payment}: over-refunded"])
        return False
    return True
