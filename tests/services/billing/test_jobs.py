"""A billing run as a job: planned when it is asked for, billed in the background, never twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.services.billing.scene import TENANT, NoFormats, Scene
from tests.services.company import XRechnung
from tests.services.waiting import until_it_waits

import faktura.services.billing
from faktura.domain.jobs import Finished, JobName, Quarantined
from faktura.flows.billing import finish_planned
from faktura.flows.billing_jobs import bill_run_job
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Registry
from faktura.kernel.errors import NotFound, OutOfRange
from faktura.kernel.terms import RunState
from faktura.plugin import DocumentFormat
from faktura.services.billing import plan_run
from faktura.services.billing_runs import start_run
from faktura.store import tables
from faktura.store.billing import RunRecord, Scope
from faktura.store.billing_lists import RunView, read_run
from faktura.store.blobs import DirectoryStore
from faktura.store.queues import queue_of

_DAY = date(2026, 9, 15)
_ALL = Scope()


def start(scene: Scene, scope: Scope = _ALL, day: date = _DAY) -> RunRecord:
    """Ask for a run."""
    with scene.database.write(TENANT.id) as tx:
        return start_run(tx, TENANT, day, scope)


def work(scene: Scene, run_id: UUID) -> None:
    """What a worker does with the run's job."""
    registry = Registry()
    adapters = Adapters(registry, NothingKept(), scene.database.clock, Installation())
    context = JobContext(scene.database, registry, adapters, DirectoryStore(Path("nowhere")))
    bill_run_job(context, TENANT.id, {"run": str(run_id)})


def seen(scene: Scene, run_id: UUID) -> RunView:
    """The run as it stands."""
    with scene.database.read(TENANT.id) as tx:
        return read_run(tx, run_id, None)


def jobs(scene: Scene) -> list[dict[str, object]]:
    """The arguments of all billing jobs that wait."""
    with scene.database.read(TENANT.id) as tx:
        rows = tx.connection.execute(
            select(tables.job.c.args).where(tables.job.c.name == JobName.RUN_BILLING)
        )
        return [json.loads(args) for args in rows.scalars()]


class CutOff:
    """XRechnung in a process that is stopped when it is asked for the second time."""

    offered: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.asked = 0

    def format_of(self, format_id: str) -> DocumentFormat:
        self.asked += 1
        if self.asked == 2:
            raise KeyboardInterrupt
        return XRechnung().format_of(format_id)


def test_a_started_run_is_planned_and_waits_for_the_background(scene: Scene):
    """Nothing is issued while somebody waits for the answer."""
    scene.contract()

    run = start(scene)

    assert (run.run_date, run.contracts) == (_DAY, 1)
    assert jobs(scene) == [{"run": str(run.id)}]
    shown = seen(scene, run.id)
    assert (shown.state, shown.finished_at, shown.totals.documents) == (RunState.RUNNING, None, 0)
    assert scene.documents() == []


def test_the_job_bills_what_was_planned_and_closes_the_run(scene: Scene):
    """30.00 + 19 % = 35.70; a contract without a price in its currency is held back (O19)."""
    scene.contract()
    scene.contract(currency="CHF")
    run = start(scene)

    work(scene, run.id)

    shown = seen(scene, run.id)
    assert shown.state is RunState.DONE
    assert shown.finished_at == scene.database.clock.now()
    assert (shown.planned_contracts, shown.totals.chunks, shown.totals.chunks_done) == (2, 1, 1)
    assert (shown.totals.documents, shown.totals.quarantined) == (1, 1)
    assert scene.documents() == [("RE-0001", "2026-09-15", "2026-10-15", 3570)]


def test_the_job_may_run_again_and_changes_nothing(scene: Scene):
    """Jobs run at least once: a run that is done stays as it is (O20)."""
    scene.contract()
    run = start(scene)
    work(scene, run.id)
    before = seen(scene, run.id)

    work(scene, run.id)

    assert seen(scene, run.id) == before
    assert len(scene.documents()) == 1


def test_a_job_that_was_cut_off_goes_on_where_it_was(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    """O20: the chunk that was done stays, the one that was cut off is billed as if for the first time."""
    monkeypatch.setattr(faktura.services.billing, "CONTRACTS_A_CHUNK", 1)
    for _ in range(3):
        scene.contract(scene.customer(document_format="xrechnung-cii", email="a@b.example"))
    with scene.database.write(TENANT.id) as tx:
        run = plan_run(tx, _DAY, Scope()).record
    with pytest.raises(KeyboardInterrupt):
        finish_planned(scene.database, TENANT, CutOff(), run.id)
    assert (seen(scene, run.id).totals.chunks_done, seen(scene, run.id).state) == (1, "RUNNING")

    receipt = finish_planned(scene.database, TENANT, XRechnung(), run.id)

    assert (receipt.resumed, receipt.totals.chunks_done) == (True, 3)
    assert receipt.totals.contracts == 3


def test_starting_the_same_run_again_returns_the_one_under_way(scene: Scene):
    """One day, one scope, one run at a time; it has one job."""
    scene.contract()
    first = start(scene)

    again = start(scene)

    assert again == first
    assert (scene.count("billing_run"), len(jobs(scene))) == (1, 1)


def test_a_run_that_a_command_left_unfinished_gets_a_job(scene: Scene):
    """Whoever asks for it next gets it finished."""
    scene.contract()
    with scene.database.write(TENANT.id) as tx:
        left = plan_run(tx, _DAY, Scope()).record

    run = start(scene)

    assert run == left
    assert jobs(scene) == [{"run": str(left.id)}]


def test_a_run_whose_job_gave_up_is_tried_again_by_asking_for_it(scene: Scene):
    """A person at the door of the API has no other way to get it finished."""
    scene.contract()
    run = start(scene)
    queue = queue_of(scene.database)
    claimed = queue.claim("w", 1, timedelta(minutes=1))
    queue.settle([(job, Quarantined({"code": "unexpected", "problem": "x"})) for job in claimed])

    again = start(scene)

    assert again == run
    assert [job.args for job in queue.claim("w", 1, timedelta(minutes=1))] == [{"run": str(run.id)}]


def test_asking_for_a_run_that_is_worked_on_changes_nothing(scene: Scene):
    """Its job is in a worker's hands, with the attempts it has had."""
    scene.contract()
    start(scene)
    queue = queue_of(scene.database)
    (job,) = queue.claim("w", 1, timedelta(minutes=1))

    start(scene)

    assert queue.claim("w", 1, timedelta(minutes=1)) == []
    assert queue.settle([(job, Finished())]) == []


def test_another_day_another_scope_and_a_finished_run_are_other_runs(scene: Scene):
    """Only the same day and scope are the same run, and only until it is done."""
    contract = scene.contract()
    first = start(scene)

    started = [
        start(scene, day=date(2026, 9, 16)),
        start(scene, Scope(contract_id=contract.id)),
        start(scene, Scope(projects=frozenset({scene.project.id}))),
    ]
    work(scene, first.id)
    started.append(start(scene))

    assert len({run.id for run in (first, *started)}) == 5


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_that_start_the_same_run_at_once_get_the_same(scene: Scene):
    """The second one waits until the first one's plan is there."""
    scene.contract()

    with ThreadPoolExecutor(1) as other:
        with scene.database.write(TENANT.id) as tx:
            first = start_run(tx, TENANT, _DAY, Scope())
            second = other.submit(start, scene)
            until_it_waits(scene.database, second)

        assert second.result(30).id == first.id


def test_a_run_more_than_two_years_ahead_is_refused(scene: Scene):
    """The scene is on 31 October 2026: 31 October 2028 is 731 days ahead."""
    start(scene, day=date(2028, 10, 31))

    with pytest.raises(OutOfRange, match="2028-11-01 is more than two years ahead") as refused:
        start(scene, day=date(2028, 11, 1))

    assert refused.value.place == "date"


def test_a_run_that_does_not_exist_is_refused_by_name(scene: Scene):
    """Nor is one of another tenant."""
    run = start(scene)
    nobody = scene.database.new_id()

    with pytest.raises(NotFound, match=f"there is no billing run {nobody}"):
        finish_planned(scene.database, TENANT, NoFormats(), nobody)

    with (
        scene.database.read(TENANT.id + 1) as tx,
        pytest.raises(NotFound, match=f"there is no billing run {run.id}"),
    ):
        read_run(tx, run.id, None)
