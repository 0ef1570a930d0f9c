"""Dunning in the background: the daily run where it is wanted, and runs that somebody started."""

from dataclasses import replace
from datetime import date

import pytest
from tests.services.dunning.scene import LEVELS, Scene

from faktura.domain.dunning_policies import DunningPolicy
from faktura.flows.dunning_jobs import run_dunning_job
from faktura.flows.job_context import JobContext
from faktura.kernel.errors import OutOfRange
from faktura.services.dunning_runs import start_dunning
from faktura.store import tables


def _work(scene: Scene, **args: str) -> None:
    # The run asks for no plugin and stores no bytes.
    context = JobContext(scene.database, None, None, None)  # type: ignore[arg-type]  # unused
    run_dunning_job(context, scene.tenant.id, args)


def test_the_daily_run_duns_only_who_wants_it(scene: Scene):
    """By today's date in the tenant's zone."""
    scene.owe(scene.customer(), "R-1", 10_000, date(2026, 3, 2))

    _work(scene)
    assert scene.notices() == []

    scene.set_policy(DunningPolicy(LEVELS, by_itself=True))
    _work(scene)
    _work(scene)
    assert [row[:3] for row in scene.notices()] == [("K-1", 1, date(2026, 10, 31))]


def test_the_log_tells_of_customers_who_could_not_be_dunned(
    scene: Scene, caplog: pytest.LogCaptureFixture
):
    """Nobody sees the receipt of a run in the background; K-1 lacks the base rate from 1 July 2026."""
    scene.owe(scene.customer(), "R-1", 100_000, date(2026, 7, 6))
    scene.dun(date(2026, 7, 13))
    with scene.database.write(scene.tenant.id) as tx:
        run = start_dunning(tx, scene.tenant, date(2026, 7, 27))

    _work(scene, run=str(run.id))

    told = [one for one in caplog.messages if one.startswith("dunning_left")]
    assert told == [f"dunning_left tenant={scene.tenant.key} run={run.id} customers=1"]


def test_a_started_run_is_one_job_and_done_in_the_background(scene: Scene):
    """Started again it is the same run while it is not done."""
    scene.owe(scene.customer(), "R-1", 10_000, date(2026, 3, 2))
    with scene.database.write(scene.tenant.id) as tx:
        first = start_dunning(tx, scene.tenant, date(2026, 3, 9))
    with scene.database.write(scene.tenant.id) as tx:
        again = start_dunning(tx, scene.tenant, date(2026, 3, 9))

    _work(scene, run=str(first.id))
    _work(scene, run=str(first.id))

    assert first == again
    assert len(scene.notices()) == 1
    with scene.database.read(scene.tenant.id) as tx:
        jobs = tx.connection.execute(
            tables.job.select().where(tables.job.c.name == "RUN_DUNNING")
        ).all()
    assert len(jobs) == 1


def test_a_run_goes_by_the_policy_of_its_planning(scene: Scene):
    """What is set while it is under way counts for the next one."""
    scene.owe(scene.customer(), "R-1", 10_000, date(2026, 3, 2))
    scene.set_policy(DunningPolicy((replace(LEVELS[0], pay_days=3),)))
    with scene.database.write(scene.tenant.id) as tx:
        run = start_dunning(tx, scene.tenant, date(2026, 3, 9))
    scene.set_policy(DunningPolicy(()))

    _work(scene, run=str(run.id))

    assert [row[:3] for row in scene.notices()] == [("K-1", 1, date(2026, 3, 9))]


def test_nothing_is_started_for_a_day_to_come(scene: Scene):
    """Today is 31 October 2026."""
    with (
        scene.database.write(scene.tenant.id) as tx,
        pytest.raises(OutOfRange, match="2026-11-01 is in the future"),
    ):
        start_dunning(tx, scene.tenant, date(2026, 11, 1))


def test_a_tenant_older_than_dunning_gets_its_numbers_with_the_first_run(scene: Scene):
    """Its charges begin with MG-000001."""
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(
            tables.number_range.delete().where(tables.number_range.c.name == "DUNNING")
        )
    scene.set_policy(DunningPolicy((replace(LEVELS[0], fee=500),)))
    scene.owe(scene.customer(), "R-1", 10_000, date(2026, 3, 2))

    scene.dun(date(2026, 3, 9))

    with scene.database.read(scene.tenant.id) as tx:
        numbers = tx.connection.execute(
            tables.document.select()
            .with_only_columns(tables.document.c.number)
            .where(tables.document.c.kind == "DUNNING")
        ).scalars()
        assert list(numbers) == ["MG-000001"]
