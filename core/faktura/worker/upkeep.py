"""What a worker does beside its jobs: heartbeats, jobs of dead workers, the schedule."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from faktura.domain.jobs import ClaimedJob, JobName
from faktura.domain.schedule import Rhythm
from faktura.flows.retry import after_loss
from faktura.flows.tasks import start_what_is_due
from faktura.store.database import Database
from faktura.store.job_queue import JobQueue
from faktura.store.name_locks import HeldName

_log = logging.getLogger("faktura.worker")
_ADOPTED_A_ROUND = 100


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The rounds of one worker; each is sync and short, so that it can run in a thread."""

    database: Database
    queue: JobQueue
    worker: str
    lease: timedelta
    schedule: Mapping[JobName, Rhythm]
    scheduler: HeldName

    def heartbeat(self, held: Sequence[ClaimedJob]) -> None:
        """Say that this worker is alive and still works on these jobs."""
        if held:
            self.queue.extend(held, self.lease)

    def rescue(self) -> int:
        """Give the jobs of workers that died back to the queue; returns how many."""
        lost = self.queue.adopt(self.worker, _ADOPTED_A_ROUND, self.lease)
        if not lost:
            return 0
        now = self.database.clock.now()
        self.queue.settle([(job, after_loss(job, now)) for job in lost])
        for job in lost:
            _log.warning("job_rescued name=%s job=%s attempt=%d", job.name, job.id, job.attempt)
        return len(lost)

    def start_what_is_due(self) -> None:
        """Put in the jobs whose tick has come, if this is the one worker of all that looks for them."""
        if self.scheduler.is_held():
            start_what_is_due(self.database, self.schedule)

    def leave(self) -> None:
        """Let another worker look at the schedule."""
        self.scheduler.release()
