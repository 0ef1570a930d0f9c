"""A run in the background is shared by workers: each takes chunks that nobody works on (O20)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.services.billing.crowd import settle_in
from tests.services.billing.scene import TENANT, NoFormats, Scene
from tests.services.billing.test_jobs import seen, start, work
from tests.services.waiting import until_it_waits

import faktura.services.billing
from faktura.domain.jobs import JobName
from faktura.flows import billing_jobs
from faktura.flows.billing import finish_planned, share_run
from faktura.flows.billing_jobs import bill_chunks_job
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Registry
from faktura.kernel.terms import RunState
from faktura.store import tables
from faktura.store.billing import RunRecord, claim_chunk
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.transaction import Tx

_DAY = date(2026, 9, 15)

only_postgresql = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faktura.services.billing, "CONTRACTS_A_CHUNK", 2)


def share(database: Database, run: RunRecord) -> bool:
    """What a worker does with a job of the run; whether it closed it."""
    return share_run(database, TENANT, NoFormats(), run.id)


def helpers(scene: Scene) -> list[tuple[dict[str, object], object]]:
    """Arguments and moment of the jobs of those who help with runs."""
    j = tables.job.c
    with scene.database.read(TENANT.id) as tx:
        rows = tx.connection.execute(
            select(j.args, j.run_at).where(j.name == JobName.BILL_CHUNKS).order_by(j.place)
        ).all()
    return [(json.loads(args), run_at) for args, run_at in rows]


def next_chunk(tx: Tx, run: RunRecord, after: int = 0) -> int | None:
    """The number of the chunk that is claimed."""
    chunk = claim_chunk(tx, run.id, after=after)
    return None if chunk is None else chunk.no


def gross(scene: Scene) -> list[int]:
    """The gross amounts of all documents: 2, 3, 4 and 1 pieces at 35.70 by turns."""
    return sorted(row[3] for row in scene.documents())


@pytest.mark.postgres
@only_postgresql
@pytest.mark.parametrize(
    ("contracts", "jobs"), [(2, 0), (6, 2), (60, 15)], ids=["alone", "few", "many"]
)
def test_a_run_asks_for_as_many_helpers_as_it_has_chunks_to_share(
    scene: Scene, contracts: int, jobs: int
):
    """One job has the run; each further chunk is work for one more, up to fifteen."""
    settle_in(scene, contracts)

    run = start(scene)
    start(scene)

    assert [args for args, _ in helpers(scene)] == [{"run": str(run.id)}] * jobs


def test_on_sqlite_a_run_has_one_job(scene: Scene):
    """One writer at a time: others could only wait. On PostgreSQL two share the three chunks with it."""
    settle_in(scene, 6)

    start(scene)

    assert len(helpers(scene)) == (2 if scene.database.is_postgresql else 0)


@pytest.mark.postgres
@only_postgresql
def test_chunks_that_others_work_on_are_passed_over(scene: Scene):
    """A claim locks one chunk; it ends with its transaction, so that nothing is ever left claimed."""
    settle_in(scene, 6)
    run = start(scene)

    with scene.database.write(TENANT.id) as one, scene.database.write(TENANT.id) as two:
        assert (next_chunk(one, run), next_chunk(two, run)) == (1, 2)
        with scene.database.write(TENANT.id) as three:
            assert next_chunk(three, run) == 3
        with scene.database.write(TENANT.id) as four:
            assert next_chunk(four, run, after=2) == 3
            assert next_chunk(four, run, after=3) is None


@pytest.mark.postgres
@only_postgresql
def test_whoever_is_last_closes_the_run(scene: Scene):
    """A worker that finds the rest in other hands leaves it, and the run stays open."""
    settle_in(scene, 4)
    run = start(scene)

    with scene.database.write(TENANT.id) as busy:
        assert next_chunk(busy, run) == 1
        assert share(scene.database, run) is False
        assert (seen(scene, run.id).state, gross(scene)) == (RunState.RUNNING, [3570, 14280])
    # The other one died: its chunk is free.
    assert share(scene.database, run) is True

    assert seen(scene, run.id).state is RunState.DONE
    assert gross(scene) == [3570, 7140, 10710, 14280]


@pytest.mark.postgres
@only_postgresql
def test_the_job_of_a_run_is_not_done_before_the_run_is(scene: Scene):
    """A command that has the last chunk dies; no other job is left that would bill it."""
    settle_in(scene, 4)
    run = start(scene)

    with ThreadPoolExecutor(1) as worker:
        with scene.database.write(TENANT.id) as command:
            assert next_chunk(command, run) == 1
            done = worker.submit(work, scene, run.id)
            until_it_waits(scene.database, done)
        done.result(30)

    assert seen(scene, run.id).state is RunState.DONE
    assert gross(scene) == [3570, 7140, 10710, 14280]


@pytest.mark.postgres
@only_postgresql
def test_a_command_waits_for_chunks_in_other_hands(scene: Scene):
    """Its receipt counts the whole run; a chunk that comes free it bills itself."""
    settle_in(scene, 4)
    run = start(scene)

    with ThreadPoolExecutor(1) as command:
        with scene.database.write(TENANT.id) as busy:
            assert next_chunk(busy, run) == 1
            done = command.submit(finish_planned, scene.database, TENANT, NoFormats(), run.id)
            until_it_waits(scene.database, done)
        receipt = done.result(30)

    assert (receipt.totals.chunks_done, receipt.totals.documents) == (2, 4)
    assert seen(scene, run.id).state is RunState.DONE


@pytest.mark.postgres
@only_postgresql
def test_a_helper_in_a_process_that_bills_leaves_its_job_to_others(scene: Scene, tmp_path: Path):
    """Threads of one process share one processor: the job comes again, five seconds later."""
    settle_in(scene, 4)
    run = start(scene)
    registry, clock = Registry(), scene.database.clock
    adapters = Adapters(registry, NothingKept(), clock, Installation())
    context = JobContext(scene.database, registry, adapters, DirectoryStore(tmp_path))
    args = {"run": str(run.id)}

    with billing_jobs._here() as alone:
        bill_chunks_job(context, TENANT.id, args)
        waiting = helpers(scene)
        assert (alone, gross(scene)) == (True, [])
    bill_chunks_job(context, TENANT.id, args)

    assert [(one, str(at)) for one, at in waiting] == [
        (args, "2026-10-31 08:00:00+00:00"),
        (args, "2026-10-31 08:00:05+00:00"),
    ]
    assert len(gross(scene)) == 4
    assert seen(scene, run.id).state is RunState.DONE
    with billing_jobs._here():
        bill_chunks_job(context, TENANT.id, args)
    assert len(helpers(scene)) == 2
