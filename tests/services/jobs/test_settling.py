"""Outcomes on their way into the queue: in groups, each job with its own answer."""

import asyncio
import threading
from dataclasses import dataclass
from uuid import uuid4

import pytest
from typing_extensions import override

from faktura.domain.jobs import ClaimedJob, Finished, JobName
from faktura.kernel.errors import DatabaseUnreachable
from faktura.store.job_queue import JobQueue
from faktura.worker.settling import Settling


@dataclass
class Slow(JobQueue):
    """A queue that takes its time with the first settlement and keeps what it was given."""

    begun: threading.Event
    may_go_on: threading.Event
    groups: list[list[int]]
    lost: list[ClaimedJob]

    @override
    def claim(self, worker, limit, lease):
        return []

    @override
    def settle(self, ended):
        self.groups.append([job.attempt for job, _ in ended])
        self.begun.set()
        self.may_go_on.wait(10)
        if len(self.groups) == 3:
            raise DatabaseUnreachable("gone")
        return [job for job, _ in ended if job in self.lost]

    @override
    def extend(self, jobs, lease):
        """Nothing is held."""

    @override
    def adopt(self, worker, limit, lease):
        return []


async def test_what_ends_while_a_settlement_is_written_is_settled_together():
    """One transaction for all that waited; each job is told its own answer, and of an outage."""
    one, two, three, four = (
        ClaimedJob(1, uuid4(), JobName.DELIVER, {}, attempt, "w") for attempt in (1, 2, 3, 4)
    )
    queue = Slow(threading.Event(), threading.Event(), [], [three])
    settling = Settling(queue)

    first = asyncio.create_task(settling.settle(one, Finished()))
    await asyncio.wait_for(asyncio.to_thread(queue.begun.wait), 10)
    others = [asyncio.create_task(settling.settle(job, Finished())) for job in (two, three)]
    await asyncio.sleep(0)
    queue.may_go_on.set()
    kept = await asyncio.gather(first, *others)
    with pytest.raises(DatabaseUnreachable):
        await settling.settle(four, Finished())

    assert kept == [True, True, False]
    assert queue.groups == [[1], [2, 3], [4]]
