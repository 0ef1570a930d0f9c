"""The loop of a worker: claim, run, heartbeat, until it is told to stop."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from faktura.bootstrap.instruments import Instruments
from faktura.domain.jobs import ClaimedJob, JobName
from faktura.domain.schedule import Rhythm
from faktura.flows.job_context import JobContext
from faktura.flows.tasks import HANDLERS, SCHEDULE, Handler
from faktura.kernel.errors import DatabaseUnreachable
from faktura.store.job_queue import JobQueue
from faktura.store.name_locks import HeldName
from faktura.worker.execution import Execution
from faktura.worker.settling import Settling
from faktura.worker.upkeep import Upkeep

_log = logging.getLogger("faktura.worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker paces itself.

    `slots` jobs run at a time. A job is taken from a worker that was silent for `lease`; it says
    it is alive every quarter of that. An empty queue is looked at after `pause`; the schedule and
    the jobs of dead workers every `round`.
    """

    slots: int = 4
    lease: timedelta = timedelta(seconds=60)
    pause: timedelta = timedelta(milliseconds=500)
    round: timedelta = timedelta(seconds=20)


DEFAULT_PACE = Pace()


class Worker:
    """Works off the jobs of all tenants; any number of workers share a PostgreSQL database."""

    def __init__(
        self,
        name: str,
        context: JobContext,
        queue: JobQueue,
        *,
        handlers: Mapping[JobName, Handler] = HANDLERS,
        schedule: Mapping[JobName, Rhythm] = SCHEDULE,
        pace: Pace = DEFAULT_PACE,
    ) -> None:
        self.name = name
        self._context = context
        self._queue = queue
        self._handlers = handlers
        self._pace = pace
        self.instruments = Instruments()
        self._upkeep = Upkeep(
            context.database,
            queue,
            name,
            pace.lease,
            schedule,
            HeldName(context.database, "schedule"),
        )
        self._running: dict[asyncio.Task[None], ClaimedJob] = {}

    async def run(self, stop: asyncio.Event, *, until_idle: bool = False) -> None:
        """Work until `stop` is set; jobs that run then are finished first.

        With `until_idle` it ends by itself, too, once nothing is due: what is only due later waits.
        """
        try:
            await self._run(stop, until_idle=until_idle)
        finally:
            await asyncio.to_thread(self._upkeep.leave)

    async def _run(self, stop: asyncio.Event, *, until_idle: bool) -> None:
        done = asyncio.Event()
        if until_idle:
            # What the clock has made due counts as well: the first round must not come too late.
            await self._round()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self._heartbeat, self._pace.lease / 4, done))
            group.create_task(self._repeat(self._round, self._pace.round, done))
            # Heartbeats go on while the last jobs are finished.
            await self._work_until(stop, until_idle=until_idle)
            done.set()

    async def _work_until(self, stop: asyncio.Event, *, until_idle: bool) -> None:
        stopping = asyncio.create_task(stop.wait())
        with ThreadPoolExecutor(self._pace.slots, "job") as threads:
            settling = Settling(self._queue)
            execution = Execution(
                self._context, settling, self._handlers, threads, self.instruments
            )
            while not stop.is_set():
                taken = await self._take(execution)
                if until_idle and taken == 0 and not self._running:
                    break
                await self._wait_for_room(stopping)
            stopping.cancel()
            await asyncio.gather(*self._running)

    async def _take(self, execution: Execution) -> int | None:
        """Begin the jobs that are due and for which there is room; how many, None if nobody knows."""
        free = self._pace.slots - len(self._running)
        try:
            claimed = await asyncio.to_thread(self._queue.claim, self.name, free, self._pace.lease)
        except DatabaseUnreachable as exc:
            _log.error("claim_failed reason=%s", exc)
            return None
        except Exception:  # noqa: BLE001 - another look follows: jobs must not stop for it
            _log.exception("claim_failed")
            return None
        for job in claimed:
            task = asyncio.create_task(execution.run(job))
            self._running[task] = job
            task.add_done_callback(self._running.pop)
        return len(claimed)

    async def _wait_for_room(self, stopping: asyncio.Task[Literal[True]]) -> None:
        """Until a job ends, or it is time to stop, or to look for new jobs again."""
        full = len(self._running) >= self._pace.slots
        await asyncio.wait(
            {stopping, *self._running},
            timeout=None if full else self._pace.pause.total_seconds(),
            return_when=asyncio.FIRST_COMPLETED,
        )

    async def _repeat(
        self, act: Callable[[], Awaitable[None]], every: timedelta, done: asyncio.Event
    ) -> None:
        while not done.is_set():
            try:
                await act()
            except Exception:  # noqa: BLE001 - another round follows: jobs must not stop for it
                _log.exception("round_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), every.total_seconds())

    async def _heartbeat(self) -> None:
        self.instruments.went_round()
        await asyncio.to_thread(self._upkeep.heartbeat, list(self._running.values()))

    async def _round(self) -> None:
        await asyncio.to_thread(self._upkeep.rescue)
        await asyncio.to_thread(self._upkeep.start_what_is_due)
