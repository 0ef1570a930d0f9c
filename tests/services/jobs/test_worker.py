"""The worker's loop: it runs jobs, survives failures, stops in good order."""

import asyncio
import logging
import threading
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Self

from sqlalchemy import update
from typing_extensions import override

from faktura.domain.jobs import JobName, JobState
from faktura.domain.schedule import DailyAt
from faktura.kernel.errors import DatabaseUnreachable, SettingMissing, UnexpectedFailure
from faktura.store.job_queue import JobQueue
from faktura.store.jobs import enqueue, find_job, read_jobs
from faktura.store.queues import queue_of
from faktura.store.tables import job
from faktura.worker.loop import Pace, Worker

QUICK = Pace(
    slots=4,
    lease=timedelta(seconds=60),
    pause=timedelta(milliseconds=20),
    round=timedelta(milliseconds=50),
)


def put(database, name=JobName.DELIVER, **args: Any):
    with database.write(1) as tx:
        return enqueue(tx, name, args)


def look(database, job_id):
    with database.read(1) as tx:
        return find_job(tx, job_id)


async def until(true):
    """Wait for a condition, at most ten seconds."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what it waits for stands in a database
            await asyncio.sleep(0.01)


class Working:
    """A worker that runs as long as the block."""

    def __init__(self, context, queue, handlers, *, pace=QUICK, schedule=None, name="w") -> None:
        self.stop = asyncio.Event()
        self.worker = Worker(
            name, context, queue, handlers=handlers, schedule=schedule or {}, pace=pace
        )

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(self.worker.run(self.stop))
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.stop.set()
        await asyncio.wait_for(self.task, 10)


async def test_a_handler_that_awaits_runs_on_the_loop_and_others_in_a_thread(live, context):
    """Both get the tenant and the arguments; both jobs are done then."""
    seen = {}

    async def awaits(_context, tenant_id, args):
        await asyncio.sleep(0)
        seen["awaits"] = (tenant_id, args, threading.current_thread() is threading.main_thread())

    def waits_not(_context, tenant_id, args):
        seen["sync"] = (tenant_id, args, threading.current_thread() is threading.main_thread())

    handlers = {JobName.DELIVER: awaits, JobName.FAN_OUT: waits_not}
    jobs = [put(live, JobName.DELIVER, n=1), put(live, JobName.FAN_OUT, n=2)]

    async with Working(context, queue_of(live), handlers):
        await until(lambda: all(look(live, one).state is JobState.DONE for one in jobs))

    assert seen == {"awaits": (1, {"n": 1}, True), "sync": (1, {"n": 2}, False)}


async def test_a_failing_job_waits_and_the_others_go_on(live, context, caplog):
    """Its error stands with the job and in the log."""

    def fails(_context, _tenant_id, args):
        if args["n"] == 1:
            raise ZeroDivisionError("one")

    first, second = put(live, n=1), put(live, n=2)

    with caplog.at_level(logging.WARNING, "faktura.worker"):
        async with Working(context, queue_of(live), {JobName.DELIVER: fails}):
            await until(lambda: look(live, second).state is JobState.DONE)
            await until(lambda: look(live, first).attempts == 1 and look(live, first).error)

    failed = look(live, first)
    assert failed.state is JobState.READY
    assert failed.error["problem"] == "ZeroDivisionError: one"
    assert failed.run_at > live.clock.now()
    assert "job_failed name=DELIVER" in caplog.text
    assert "Traceback" in caplog.text


async def test_a_named_error_of_a_job_is_one_line(live, context, caplog):
    """Place, problem and mend say enough; only a defect of ours is traced, whatever it is called."""

    def fails(_context, _tenant_id, args):
        if args["n"] == 1:
            raise SettingMissing(
                "secrets need a key and none is set",
                place="FAKTURA_SECRET_KEYS",
                mend="Make one with: faktura plugins new-key",
            )
        raise UnexpectedFailure("a defect", place="contract C-1")

    first, second = put(live, n=1), put(live, n=2)

    with caplog.at_level(logging.WARNING, "faktura.worker"):
        async with Working(context, queue_of(live), {JobName.DELIVER: fails}):
            await until(lambda: all(look(live, one).error for one in (first, second)))

    named, defect = sorted(
        (one for one in caplog.records if one.name == "faktura.worker"),
        key=lambda one: one.exc_info is not None,
    )
    assert named.getMessage() == (
        f"job_failed name=DELIVER job={first} attempt=1 reason=FAKTURA_SECRET_KEYS: secrets need"
        " a key and none is set. Make one with: faktura plugins new-key"
    )
    assert named.exc_info is None
    assert defect.getMessage() == f"job_failed name=DELIVER job={second} attempt=1"
    assert defect.exc_info is not None


async def test_until_idle_it_ends_once_nothing_is_due(live, context):
    """What a job puts in is done as well, and each tenant's tick of the clock; what is due later waits."""
    done = []

    def hands_on(_context, tenant_id, args):
        done.append(args)
        if args.get("n") == 1:
            put(live, n=2)

    put(live, n=1)
    with live.write(1) as tx:
        later = enqueue(
            tx, JobName.DELIVER, {"n": 3}, run_at=live.clock.now() + timedelta(minutes=5)
        )
    worker = Worker(
        "w",
        context,
        queue_of(live),
        handlers={JobName.DELIVER: hands_on, JobName.TIDY_UP: hands_on},
        schedule={JobName.TIDY_UP: DailyAt(time(0, 0))},
        pace=QUICK,
    )

    await asyncio.wait_for(worker.run(asyncio.Event(), until_idle=True), 10)

    assert sorted(str(one) for one in done) == ["{'n': 1}", "{'n': 2}", "{}", "{}"]
    assert look(live, later).state is JobState.READY


async def test_a_job_that_runs_at_the_stop_is_finished(live, context):
    """SIGTERM does not cut a job off, and no new one is begun."""
    begun, may_end = threading.Event(), threading.Event()

    def slow(_context, _tenant_id, _args):
        begun.set()
        may_end.wait(10)

    first = put(live, n=1)
    async with Working(
        context, queue_of(live), {JobName.DELIVER: slow}, pace=Pace(slots=1)
    ) as working:
        await until(begun.is_set)
        second = put(live, n=2)
        working.stop.set()
        await asyncio.sleep(0.05)
        may_end.set()

    assert look(live, first).state is JobState.DONE
    assert look(live, second).state is JobState.READY


async def test_a_long_job_is_kept_by_heartbeats(live, context):
    """It runs for three leases beside a second worker, which never takes it over."""
    runs = []

    async def long(_context, _tenant_id, _args):
        runs.append(1)
        await asyncio.sleep(3)

    pace = Pace(lease=timedelta(seconds=1), pause=QUICK.pause, round=QUICK.round)
    job_id = put(live, n=1)
    queue, handlers = queue_of(live), {JobName.DELIVER: long}

    async with (
        Working(context, queue, handlers, pace=pace, name="a"),
        Working(context, queue, handlers, pace=pace, name="b"),
    ):
        await until(lambda: look(live, job_id).state is JobState.DONE)

    assert runs == [1]


async def test_the_job_of_a_dead_worker_is_run_by_another(live, context):
    """It lay with a worker that never came back; its first attempt counts."""
    job_id = put(live, n=1)
    queue_of(live).claim("dead", 1, timedelta(milliseconds=1))

    async with Working(context, queue_of(live), {JobName.DELIVER: lambda *_: None}):
        await until(lambda: look(live, job_id).state is JobState.DONE)

    done = look(live, job_id)
    assert (done.attempts, done.error["code"]) == (2, "worker_lost")


async def test_the_worker_starts_what_is_scheduled(live, context):
    """A daily job of each tenant, once."""
    schedule = {JobName.TIDY_UP: DailyAt(time(0, 0))}
    ran = []

    def forget(_context, tenant_id, _args):
        ran.append(tenant_id)

    async with Working(context, queue_of(live), {JobName.TIDY_UP: forget}, schedule=schedule):
        await until(lambda: len(ran) == 2)
        await asyncio.sleep(0.15)

    assert sorted(ran) == [1, 2]


GONE = DatabaseUnreachable("gone for a moment")


@dataclass
class Shaky(JobQueue):
    """A queue whose database goes away once for each kind of call named in `outages`."""

    steady: JobQueue
    outages: list[str]
    error: Exception = GONE

    def _go_away(self, call):
        if call in self.outages:
            self.outages.remove(call)
            raise self.error

    @override
    def claim(self, worker, limit, lease):
        self._go_away("claim")
        return self.steady.claim(worker, limit, lease)

    @override
    def settle(self, ended):
        self._go_away("settle")
        return self.steady.settle(ended)

    @override
    def extend(self, jobs, lease):
        self._go_away("extend")
        self.steady.extend(jobs, lease)

    @override
    def adopt(self, worker, limit, lease):
        self._go_away("adopt")
        return self.steady.adopt(worker, limit, lease)


async def test_the_worker_outlives_an_outage_of_the_database(live, context, caplog):
    """It looks again; a job it could not settle is run again when its lease has ended."""
    runs, outages = [], ["claim", "settle", "adopt"]
    pace = Pace(lease=timedelta(seconds=0.4), pause=QUICK.pause, round=QUICK.round)
    job_id = put(live, n=1)

    async with Working(
        context,
        Shaky(queue_of(live), outages),
        {JobName.DELIVER: lambda *_: runs.append(1)},
        pace=pace,
    ):
        await until(lambda: look(live, job_id).state is JobState.DONE)

    assert outages == []
    assert len(runs) == 2
    for said in ("claim_failed", "job_not_settled", "round_failed", "job_rescued"):
        assert said in caplog.text


async def test_a_defect_of_a_claim_does_not_end_the_worker(live, context, caplog):
    """Whatever it raises: the traceback is in the log, and the next look follows."""
    job_id = put(live, n=1)
    queue = Shaky(queue_of(live), ["claim"], ZeroDivisionError("odd"))

    async with Working(context, queue, {JobName.DELIVER: lambda *_: None}):
        await until(lambda: look(live, job_id).state is JobState.DONE)

    assert "claim_failed" in caplog.text
    assert "ZeroDivisionError: odd" in caplog.text


async def test_a_defect_of_a_settlement_does_not_end_the_worker(live, context, caplog):
    """The job is run again when its lease has ended, as after an outage."""
    job_id = put(live, n=1)
    queue = Shaky(queue_of(live), ["settle"], ZeroDivisionError("odd"))
    pace = Pace(lease=timedelta(seconds=0.4), pause=QUICK.pause, round=QUICK.round)

    async with Working(context, queue, {JobName.DELIVER: lambda *_: None}, pace=pace):
        await until(lambda: look(live, job_id).state is JobState.DONE)

    assert "job_not_settled" in caplog.text
    assert "ZeroDivisionError: odd" in caplog.text


async def test_a_worker_that_lost_its_job_says_so(live, context, caplog):
    """Somebody else took it over meanwhile: what the slow one did is not recorded."""
    queue = queue_of(live)

    def is_robbed(_context, _tenant_id, _args):
        with live.write(1) as tx:
            tx.connection.execute(update(job).values(worker="thief"))

    put(live, n=1)

    async with Working(context, queue, {JobName.DELIVER: is_robbed}):
        await until(lambda: "job_taken_over" in caplog.text)

    with live.read(1) as tx:
        assert [found.worker for found in read_jobs(tx, [JobState.RUNNING], 9)] == ["thief"]
