"""One job from claim to settlement."""

import asyncio
import inspect
import logging
import time
from collections.abc import Mapping
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass

from faktura.bootstrap.instruments import Instruments
from faktura.domain.jobs import ClaimedJob, Finished, JobName, Outcome, Quarantined
from faktura.flows.job_context import JobContext
from faktura.flows.retry import after_failure
from faktura.flows.tasks import SCHEDULE, Handler
from faktura.kernel.errors import DatabaseUnreachable, FakturaError, UnexpectedFailure
from faktura.kernel.log_context import log_about
from faktura.worker.settling import Settling

_log = logging.getLogger("faktura.worker")
# What comes round by itself, or with each fact, would fill the log of a quiet night.
_NOT_TOLD = SCHEDULE.keys() | {JobName.FAN_OUT, JobName.DELIVER}
_SHOWN = ("run", "connection", "errand", "subscriber", "delivery", "chargeback")


@dataclass(frozen=True, slots=True)
class Execution:
    """Runs claimed jobs: handlers that await run here, the others in a thread of `threads`."""

    context: JobContext
    settling: Settling
    handlers: Mapping[JobName, Handler]
    threads: Executor
    instruments: Instruments

    async def run(self, job: ClaimedJob) -> None:
        """Do the job's work once and record what became of it; a failed job raises nothing."""
        # Which run, file or connection it is about stands in its arguments, by ids alone.
        about = {name: job.args[name] for name in _SHOWN if name in job.args}
        with log_about(tenant=job.tenant_id, job=job.id, **about):
            await self._run(job)

    async def _run(self, job: ClaimedJob) -> None:
        started = time.perf_counter()
        outcome = await self._outcome(job)
        seconds = time.perf_counter() - started
        self.instruments.job_ended(job.name, type(outcome).__name__.lower(), seconds)
        if isinstance(outcome, Finished):
            level = logging.DEBUG if job.name in _NOT_TOLD else logging.INFO
            _log.log(level, "job_done name=%s ms=%d", job.name, seconds * 1000)
        try:
            kept = await self.settling.settle(job, outcome)
        # Its lease runs out now, and whoever adopts the job runs it again.
        except DatabaseUnreachable as exc:
            _log.error("job_not_settled name=%s job=%s reason=%s", job.name, job.id, exc)
        except Exception:  # noqa: BLE001 - other jobs must not stop for it
            _log.exception("job_not_settled name=%s job=%s", job.name, job.id)
        else:
            if not kept:
                _log.warning("job_taken_over name=%s job=%s", job.name, job.id)

    async def _outcome(self, job: ClaimedJob) -> Outcome:
        try:
            await self._work(job)
        except Exception as exc:  # noqa: BLE001 - any failure of a handler becomes the job's state
            outcome = after_failure(job, exc, self.context.database.clock.now())
            level = logging.ERROR if isinstance(outcome, Quarantined) else logging.WARNING
            # A named error says place, problem and mend; only a defect of ours is traced.
            is_named = isinstance(exc, FakturaError) and not isinstance(exc, UnexpectedFailure)
            _log.log(
                level,
                "job_failed name=%s job=%s attempt=%d%s",
                job.name,
                job.id,
                job.attempt,
                f" reason={exc}" if is_named else "",
                exc_info=None if is_named else exc,
            )
            return outcome
        return Finished()

    async def _work(self, job: ClaimedJob) -> None:
        handler = self.handlers[job.name]
        if inspect.iscoroutinefunction(handler):
            await handler(self.context, job.tenant_id, job.args)
        else:
            loop = asyncio.get_running_loop()
            # Lines that are written in the thread say what they are about, too.
            await loop.run_in_executor(
                self.threads, copy_context().run, handler, self.context, job.tenant_id, job.args
            )
