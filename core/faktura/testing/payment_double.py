"""A payment provider for tests that keeps its own books, loses answers and can be audited.

It honours keys as real ones do: the same key with the same request gives the first answer, with
another one it is a violation; after `key_window_hours` it knows the key no more and would charge again.
"""

import asyncio
import json
import sqlite3
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, cast

from pydantic import TypeAdapter
from typing_extensions import override

from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.kernel.payment_terms import CustomerReason, LookUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Absent,
    ActionNeeded,
    AdapterSettings,
    AttemptReference,
    Cancelled,
    Cancelling,
    Capabilities,
    CollectRequest,
    Declined,
    Outcome,
    PaymentAdapter,
    Pending,
    Rejected,
    Succeeded,
    Unclear,
)
from faktura.testing.double_events import DoubleEvents
from faktura.testing.double_means import DoubleMeans
from faktura.testing.double_pages import DoublePages
from faktura.testing.double_refunds import DoubleRefunds
from faktura.testing.double_rows import Row, is_exact, row_of
from faktura.testing.double_steps import Do, Step
from faktura.testing.double_store import DoubleStore, happened, next_step

_outcome: TypeAdapter[Outcome] = TypeAdapter(Outcome)
_CHARGED = frozenset({Do.SUCCEED, Do.LOSE, Do.RAISE, Do.GARBAGE, Do.HANG, Do.DIFFER})
_STATES = {Do.PEND: "PENDING", Do.ACT: "ACTION_NEEDED", Do.DECLINE: "DECLINED"}


class DoubleSettings(AdapterSettings):
    """Where it keeps its books, and what it can do; `latency` is in seconds."""

    file: str
    key_window_hours: int = 24
    look_up: LookUp = LookUp.CONSISTENT
    lag_seconds: int = 0
    latency: float = 0.0
    currencies: frozenset[str] = frozenset({"EUR"})
    minimum: Decimal = Decimal("0.50")


class DoubleProvider(
    DoubleRefunds, DoublePages, DoubleMeans, DoubleEvents, PaymentAdapter, Cancelling
):
    """The double; `in_flight` and `most_in_flight` count its running collections."""

    provider = "double"
    Settings: ClassVar[type[AdapterSettings]] = DoubleSettings
    in_flight = 0
    most_in_flight = 0

    @property
    def own(self) -> DoubleSettings:
        """Its settings by their type."""
        return cast("DoubleSettings", self.settings)

    @property
    @override
    def store(self) -> DoubleStore:
        """Its books."""
        return DoubleStore(Path(self.own.file))

    @override
    def now(self) -> datetime:
        """The moment by its clock."""
        return self.runtime.clock.now()

    @override
    def capabilities(self) -> Capabilities:
        """All methods but transfer, as its settings say."""
        hours = self.own.key_window_hours
        return Capabilities(
            methods=frozenset(PaymentMethod) - {PaymentMethod.TRANSFER},
            currencies=self.own.currencies,
            minimum=dict.fromkeys(self.own.currencies, self.own.minimum),
            key_window=timedelta(hours=hours) if hours else None,
            look_up=self.own.look_up,
        )

    def key_of(self, request: CollectRequest) -> str:
        """Under which key it charges; a broken variant overrides it."""
        return request.key

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        """Charge once under the key, and end as the script says."""
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.own.latency)
            step, answer = self._charged(request)
            await asyncio.sleep(step.answered_after)
            return await _ended(step, answer)
        finally:
            self.in_flight -= 1

    def _charged(self, request: CollectRequest) -> tuple[Step, Outcome]:
        key, body = self.key_of(request), request.model_dump_json()
        with self.store.changing() as books:
            books.execute(
                "INSERT INTO call (method, key, invoice) VALUES ('collect', ?, ?)",
                [key, request.invoice_number],
            )
            step = next_step(books, request.invoice_number)
            if step.do in (Do.UNAVAILABLE, Do.BROKEN, Do.DROP):
                return step, Unclear(why="the request was lost")
            known = self._known(books, key)
            if known is None:
                return step, self._new(books, key, body, request, step)
            if known.body != body:
                books.execute(
                    "INSERT INTO violation (text) VALUES (?)", [f"{key} was another request"]
                )
                # What the key was used for first may have taken money: that is no no.
                return step, Unclear(why="the key was used for another request")
            return step, _outcome.validate_json(known.answer)

    def _known(self, books: sqlite3.Connection, key: str) -> Row | None:
        row = books.execute(
            "SELECT * FROM payment WHERE key = ? ORDER BY no DESC LIMIT 1", [key]
        ).fetchone()
        if row is None:
            return None
        window = timedelta(hours=self.own.key_window_hours)
        known = row_of(row)
        return known if self.now() - known.at < window else None

    def _new(
        self, books: sqlite3.Connection, key: str, body: str, request: CollectRequest, step: Step
    ) -> Outcome:
        if step.do is Do.REJECT:
            return Rejected(code=step.code or "wrong", message="the request makes no sense")
        if not self._takes(request):
            books.execute(
                "INSERT INTO violation (text) VALUES (?)", [f"{key} asks for what it cannot do"]
            )
            message = "below the minimum, too precise, or in another currency"
            return Rejected(code="amount", message=message)
        state = "SUCCEEDED" if step.do in _CHARGED else _STATES[step.do]
        no = books.execute(
            "INSERT INTO payment (key, attempt, tenant, invoice, amount, currency, state, body, at,"
            " fee, code, hard) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                key,
                str(request.attempt),
                request.tenant,
                request.invoice_number,
                str(request.amount),
                request.currency,
                state,
                body,
                self.now().isoformat(),
                None if step.fee is None else str(step.fee),
                step.code,
                int(step.hard),
            ],
        ).lastrowid
        row = row_of(
            books.execute("SELECT * FROM payment WHERE no = ?", [no]).fetchone(),
        )
        answer = outcome_of(row, step)
        books.execute(
            "UPDATE payment SET answer = ? WHERE no = ?", [answer.model_dump_json(), row.no]
        )
        happened(books, f"payment.{state.lower()}", f"payment:{no}", self.now())
        return answer

    def _takes(self, request: CollectRequest) -> bool:
        if request.amount < self.own.minimum or request.currency not in self.own.currencies:
            return False
        return is_exact(request.amount, request.currency)

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """What became of it; what is younger than the lag is not listed yet."""
        await asyncio.sleep(self.own.latency)
        return self._found("look_up", attempt)

    def _found(self, method: str, attempt: AttemptReference) -> Outcome:
        request = attempt.request
        seen = self.now() - timedelta(seconds=self.own.lag_seconds)
        with self.store.changing() as books:
            books.execute(
                "INSERT INTO call (method, key, invoice) VALUES (?, ?, ?)",
                [method, request.key, request.invoice_number],
            )
            row = books.execute(
                "SELECT * FROM payment WHERE attempt = ? AND at <= ? ORDER BY no DESC LIMIT 1",
                [str(request.attempt), seen.isoformat()],
            ).fetchone()
        return Absent() if row is None else outcome_of(row_of(row))

    @override
    async def cancel(self, attempt: AttemptReference) -> Outcome:
        """Call off what waits for the customer; a debit on its way cannot be called off."""
        await asyncio.sleep(self.own.latency)
        with self.store.changing() as books:
            books.execute(
                "UPDATE payment SET state = 'CANCELLED' WHERE attempt = ? AND state = 'ACTION_NEEDED'",
                [str(attempt.request.attempt)],
            )
        return self._found("cancel", attempt)


def outcome_of(row: Row, step: Step | None = None) -> Outcome:
    """What the double says of a payment."""
    match row.state:
        case "SUCCEEDED":
            amount = row.amount + 1 if step is not None and step.do is Do.DIFFER else row.amount
            return Succeeded(
                reference=row.reference,
                amount=amount,
                currency=row.currency,
                at=row.at,
                fee=row.fee,
            )
        case "PENDING":
            day = (row.at + timedelta(days=7)).date()
            return Pending(
                reference=row.reference,
                amount=row.amount,
                currency=row.currency,
                expected_by=day,
            )
        case "ACTION_NEEDED":
            return ActionNeeded(reference=row.reference, url=f"https://double.example/{row.no}")
        case "CANCELLED":
            return Cancelled(reference=row.reference)
        case "DECLINED":
            return Declined(
                reference=row.reference,
                hard=row.hard,
                code=row.code or "declined",
                means_gone=step is not None and step.means_gone,
                reason=CustomerReason.GENERAL if step is None else CustomerReason(step.reason),
            )
        case state:
            return Unclear(why=f"the double says {state}")


async def _ended(step: Step, answer: Outcome) -> Outcome:
    match step.do:
        case Do.UNAVAILABLE:
            raise OutsideUnavailable("the double is away", retry_after=step.retry_after)
        case Do.BROKEN:
            raise AccountBroken("the double does not know the key", mend="Set it anew")
        case Do.LOSE | Do.DROP:
            return Unclear(why="the answer was lost")
        case Do.RAISE:
            raise RuntimeError("the adapter is broken")
        case Do.GARBAGE:
            return cast("Outcome", json.loads("null"))
        case Do.HANG:
            await asyncio.Event().wait()
    return answer
