"""What a worker tells of its jobs: lines that say what they are about, and counters."""

import logging

import pytest
from prometheus_client import generate_latest
from tests.services.jobs.test_worker import Working, until
from typing_extensions import override

from faktura.bootstrap.logs import TextLines
from faktura.domain.jobs import JobName, JobRequest
from faktura.kernel.errors import Conflict
from faktura.store.jobs import enqueue_all
from faktura.store.queues import queue_of


@pytest.fixture
def lines():
    """What `faktura` logs meanwhile, without its time."""
    written: list[str] = []

    class Kept(logging.Handler):
        @override
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record).partition(f"{record.levelname} ")[2])

    handler, logger = Kept(), logging.getLogger("faktura")
    handler.setFormatter(TextLines())
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(before)


def acts(_context, _tenant_id, _args):
    """In a thread, and knows nothing of jobs."""
    logging.getLogger("faktura.services.anything").info("acted")


async def awaits(_context, _tenant_id, _args):
    """On the loop; fails by a named error."""
    logging.getLogger("faktura.flows.anything").info("awaited")
    raise Conflict("not now")


async def test_every_line_of_a_job_says_tenant_job_and_run(live, context, lines):
    """Whoever writes it, on the loop or in a thread; between two jobs lines are about nothing."""
    with live.write(1) as tx:
        enqueue_all(
            tx,
            [
                JobRequest(JobName.RUN_BILLING, {"run": "0199-a"}),
                JobRequest(JobName.DELIVER, {"subscriber": "webhook:7", "text": "private"}),
                JobRequest(JobName.TIDY_UP, {}),
            ],
        )
    handlers = {
        JobName.RUN_BILLING: acts,
        JobName.DELIVER: awaits,
        JobName.TIDY_UP: lambda *_: None,
    }
    async with Working(context, queue_of(live), handlers) as working:
        counted = lambda: generate_latest(working.worker.instruments.registry).decode()  # noqa: E731
        await until(lambda: counted().count("_jobs_total{") == 3)
        told = counted()

    acted = next(line for line in lines if "acted" in line)
    done = [line for line in lines if "job_done" in line]
    awaited = next(line for line in lines if "awaited" in line)
    failed = next(line for line in lines if "job_failed" in line)
    assert " acted tenant=1 job=" in acted
    assert acted.endswith(" run=0199-a")
    # What comes round by itself is not told of.
    assert [line.split()[2] for line in done] == ["name=RUN_BILLING"]
    assert awaited.endswith(" subscriber=webhook:7")
    assert failed.endswith(" subscriber=webhook:7")
    assert "private" not in "".join(lines)
    assert 'faktura_jobs_total{name="RUN_BILLING",outcome="finished"} 1.0' in told
    assert 'faktura_jobs_total{name="DELIVER",outcome="postponed"} 1.0' in told
    assert 'faktura_job_seconds_count{name="TIDY_UP"} 1.0' in told


async def test_a_running_worker_goes_round(live, context):
    """So that a monitor can tell one that hangs."""
    rounds = []
    working = Working(context, queue_of(live), {})
    working.worker.instruments.went_round = lambda: rounds.append(1)  # type: ignore[method-assign]
    async with working:
        await until(lambda: rounds)
        assert working.worker.instruments.is_alive
