"""The port between a worker and the engine that keeps its jobs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from faktura.domain.jobs import ClaimedJob, EndedJob


class JobQueue(Protocol):
    """Hands out jobs of all tenants, each at least once, and takes back what became of them.

    Every engine passes tests/services/jobs; `store.queues.queue_of` chooses it. Jobs come in by
    `store.jobs.enqueue`. A worker's name is unique: a claim belongs to it until the lease ends. A
    call raises DatabaseUnreachable where the database does not answer; nothing is recorded then.
    """

    def claim(self, worker: str, limit: int, lease: timedelta) -> Sequence[ClaimedJob]:
        """Take up to `limit` due jobs, oldest first, never two of one lock.

        Among jobs due at the same moment those put in first are older; whether another one that
        became due earlier goes before them is the engine's.
        """
        ...

    def settle(self, ended: Sequence[EndedJob]) -> Sequence[ClaimedJob]:
        """Record what became of claimed jobs, in one transaction.

        Returns those that were taken over meanwhile; nothing is recorded of them.
        """
        ...

    def extend(self, jobs: Sequence[ClaimedJob], lease: timedelta) -> None:
        """Heartbeat: hold the jobs for another lease, those of them that are still the worker's."""
        ...

    def adopt(self, worker: str, limit: int, lease: timedelta) -> Sequence[ClaimedJob]:
        """Take over up to `limit` jobs whose worker let its lease end; the caller settles them."""
        ...
