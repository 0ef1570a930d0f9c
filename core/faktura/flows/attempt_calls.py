"""Calls about attempts: sixteen at once, no transaction open, answers kept in groups.

While a transaction is written, answers gather; the next one takes them all. A stop at any line
leaves attempts that were sent, which the resolver takes up once their lease has run out.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.tenants import Tenant
from faktura.flows.pay_pages import resolve_page
from faktura.flows.providers import CALL_LIMIT, Broken, NotSent, Provider
from faktura.flows.retry import described
from faktura.flows.transactions import in_tx
from faktura.kernel.errors import DatabaseUnreachable
from faktura.kernel.log_context import log_about
from faktura.plugin import Absent, Cancelling, Capabilities, Outcome, Unclear
from faktura.services.attempt_requests import reference_of, request_of
from faktura.services.outcomes import Report, apply_reports
from faktura.services.sending_attempts import ask_about_failed_report, wait_longer
from faktura.store.database import Database
from faktura.store.transaction import Tx

IN_FLIGHT = 16
# How long nobody else takes an attempt that was sent: the call's limit and a minute for the rest.
LEASE = CALL_LIMIT + timedelta(seconds=60)
_A_GROUP = 64
_STEPS, _STEP_SECONDS = 12, 0.01
# A provider that does not take our key is not asked again before somebody resumed it.
_BROKEN_PAUSE = timedelta(minutes=15)
# What could not be kept this time will hardly be the next minute.
_UNREADABLE_PAUSE = timedelta(hours=1)

log = logging.getLogger("faktura.payments")

P = ParamSpec("P")
T = TypeVar("T")


class Asking(Enum):
    """What a provider is asked about an attempt."""

    COLLECT = auto()
    LOOK_UP = auto()
    CANCEL = auto()
    PAGE = auto()


@dataclass(frozen=True, slots=True)
class Ask:
    """One call about one attempt, which is leased to us."""

    attempt: Attempt
    asking: Asking


@dataclass(frozen=True, slots=True)
class _Answer:
    """A report to be kept, or the pause after which the attempt is asked about again."""

    attempt: Attempt
    report: Report | None
    pause: timedelta = timedelta(0)


@dataclass(slots=True)
class Tally:
    """How many attempts of a run stand where; `waiting` were not sent."""

    states: Counter[str] = field(default_factory=Counter)
    waiting: int = 0


@dataclass(slots=True)
class Calls:
    """The calls of one run over a tenant's accounts; `able` are what their adapters can do."""

    database: Database
    tenant: Tenant
    providers: Mapping[str, Provider]
    able: Mapping[str, Capabilities]
    tally: Tally = field(default_factory=Tally)
    _under_way: int = 0
    _broken: set[str] = field(default_factory=set)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _asks: asyncio.Queue[Ask | None] = field(
        default_factory=lambda: asyncio.Queue(maxsize=_A_GROUP)
    )
    _answers: asyncio.Queue[_Answer | None] = field(
        default_factory=lambda: asyncio.Queue(maxsize=2 * _A_GROUP)
    )

    async def write(
        self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A transaction of this run; one after the other, as they would only wait for each other."""
        async with self._writing:
            return await in_tx(self.database, self.tenant.id, act, *args, **kwargs)

    async def run(self, groups: AsyncIterator[Sequence[Ask]]) -> Tally:
        """Make all these calls and keep what comes of them; raises what the database raises."""
        try:
            await self._run(groups)
        except ExceptionGroup as errors:
            raise _first(errors) from errors
        return self.tally

    async def _run(self, groups: AsyncIterator[Sequence[Ask]]) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_all())
            async with asyncio.TaskGroup() as callers:
                for _ in range(IN_FLIGHT):
                    callers.create_task(self._call_all())
                async for group in groups:
                    for ask in group:
                        await self._asks.put(ask)
                for _ in range(IN_FLIGHT):
                    await self._asks.put(None)
            await self._answers.put(None)

    async def _call_all(self) -> None:
        while (ask := await self._asks.get()) is not None:
            self._under_way += 1
            try:
                with log_about(attempt=ask.attempt.id):
                    answer = await self._answered(ask)
            finally:
                self._under_way -= 1
            if answer is not None:
                await self._answers.put(answer)

    async def _answered(self, ask: Ask) -> _Answer | None:
        one = ask.attempt
        provider = self.providers.get(one.instance)
        if provider is None or one.instance in self._broken:
            return _Answer(one, None, _BROKEN_PAUSE)
        if self._lease_ran_out(one):
            # It waited too long for its turn: somebody else may have it by now.
            return None
        if ask.asking is Asking.PAGE:
            return await self._page(provider, one)
        said = await self._said(provider, ask)
        if isinstance(said, Broken):
            self._broken.add(one.instance)
            return _Answer(one, None, _BROKEN_PAUSE)
        if isinstance(said, NotSent):
            return _Answer(one, None, said.retry_after)
        return _Answer(one, self._report(ask, said))

    async def _page(self, provider: Provider, one: Attempt) -> _Answer | None:
        """Ask about a page; what cannot be kept of one is its own matter, the others go on."""
        try:
            applied = await resolve_page(provider, one)
        except DatabaseUnreachable:
            raise
        except Exception as error:
            log.exception("page_not_resolved attempt=%s", one.id)
            await self._ask_a_person(one.id, error)
            return _Answer(one, None, _UNREADABLE_PAUSE)
        self.tally.states[applied.attempt.state] += 1
        return None

    def _lease_ran_out(self, one: Attempt) -> bool:
        now = self.database.clock.now()
        return one.next_check_at is not None and now > one.next_check_at - CALL_LIMIT

    async def _said(self, provider: Provider, ask: Ask) -> Outcome | NotSent | Broken:
        one, adapter = ask.attempt, provider.adapter
        if ask.asking is Asking.COLLECT:
            said = await provider.outcome(lambda: adapter.collect(request_of(one)))
            # Who was asked to charge cannot have found nothing.
            return Unclear(why="the adapter found nothing") if isinstance(said, Absent) else said
        if ask.asking is Asking.CANCEL and isinstance(adapter, Cancelling):
            calling_off: Cancelling = adapter
            return await provider.outcome(lambda: calling_off.cancel(reference_of(one)))
        return await provider.outcome(lambda: adapter.look_up(reference_of(one)))

    def _report(self, ask: Ask, said: Outcome) -> Report:
        able = self.able.get(ask.attempt.instance)
        return Report(
            ask.attempt.id,
            said,
            None if able is None else able.look_up,
            lapsed=ask.asking is Asking.CANCEL,
        )

    async def _keep_all(self) -> None:
        is_over = False
        while not is_over:
            group = [await self._answers.get()]
            await self._gather()
            while len(group) < _A_GROUP and not self._answers.empty():
                group.append(self._answers.get_nowait())
            is_over = None in group
            await self._keep([one for one in group if one is not None])

    async def _gather(self) -> None:
        """Wait a little for more answers while calls are under way: one commit keeps them all."""
        for _ in range(_STEPS):
            if not self._under_way or self._answers.qsize() >= _A_GROUP:
                return
            await asyncio.sleep(_STEP_SECONDS)

    async def _keep(self, group: Sequence[_Answer]) -> None:
        reports = [one.report for one in group if one.report is not None]
        pauses = {one.attempt.id: one.pause for one in group if one.report is None}
        if reports:
            await self._apply(reports)
        if pauses:
            await self.write(wait_longer, pauses)
            self.tally.waiting += len(pauses)

    async def _apply(self, reports: Sequence[Report]) -> None:
        try:
            applied = await self.write(apply_reports, self.tenant, reports)
        except Exception as error:
            if len(reports) > 1:
                # One of them fails: the others must not wait for it.
                for report in reports:
                    await self._apply([report])
                return
            log.exception("report_not_kept attempt=%s", reports[0].attempt_id)
            await self._ask_a_person(reports[0].attempt_id, error)
            return
        self.tally.states.update(one.attempt.state for one in applied)

    async def _ask_a_person(self, attempt_id: UUID, error: Exception) -> None:
        await self.write(ask_about_failed_report, attempt_id, described(error)["problem"])
        self.tally.waiting += 1


def _first(errors: ExceptionGroup[Exception]) -> Exception:
    """One of the errors: they have one cause, and callers know it by its own class."""
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first
