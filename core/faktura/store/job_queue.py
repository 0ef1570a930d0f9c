"""The port between a worker and the engine that keeps its jobs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from faktura.domain.jobs import ClaimedJob, Outcome


class JobQueue(Protocol):
    """Hands out jobs of all tenants, each at least once, and takes back what became of them.

    Every engine passes tests/services/jobs: rows come in by `store.jobs.enqueue`, whatever engine
    hands them out. A worker's name is unique: a claim belongs to it until the lease ends.
    """

    def claim(self, worker: str, limit: int, lease: timedelta) -> Sequence[ClaimedJob]:
        """Take up to `limit` due jobs, earliest first, never two of one lock."""
        ...

    def settle(self, job: ClaimedJob, outcome: Outcome) -> bool:
        """Record what became of a claimed job; False, and nothing recorded, if it was taken over."""
        ...

    def extend(self, jobs: Sequence[ClaimedJob], lease: timedelta) -> None:
        """Heartbeat: hold the jobs for another lease, those of them that are still the worker's."""
        ...

    def adopt(self, worker: str, limit: int, lease: timedelta) -> Sequence[ClaimedJob]:
        """Take over up to `limit` jobs whose worker let its lease end; the caller settles them."""
        ...
