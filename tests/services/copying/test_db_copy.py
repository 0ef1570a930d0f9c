"""`faktura db copy`: every row of every tenant arrives, is proved, and a copy cut off goes on (O25)."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Table, text
from tests.services.copying.scene import NOW, change, contents, copied, fill

import faktura.flows.db_copy
import faktura.store.table_copy
from faktura.cli.db import db
from faktura.domain.jobs import Finished, JobState
from faktura.flows.db_copy import Compared, Copied
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import Conflict, FakturaError, Misconfigured
from faktura.kernel.ids import Uuid7Source
from faktura.store.bulk import Row
from faktura.store.database import Database, open_database
from faktura.store.jobs import make_ready
from faktura.store.queues import queue_of
from faktura.store.tables import metadata
from faktura.store.transaction import Tx
from tests import databases

pytestmark = pytest.mark.postgres

MINUTE = timedelta(minutes=1)
ONE = bytes.fromhex("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")


@pytest.fixture
def source(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "source.db"
    shutil.copy(migrated_file, file)
    opened = _opened(f"sqlite:///{file}")
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def target(migrated_server: databases.MigratedServer) -> Iterator[Database]:
    opened = _opened(migrated_server.without_rows())
    yield opened
    opened.close()


def _opened(url: str) -> Database:
    clock = FixedClock(NOW)
    return open_database(url, clock, Uuid7Source(clock))


def rows_of(done: Copied) -> dict[str, int]:
    return {table.table: table.rows for table in done.tables}


def test_every_row_of_every_table_arrives_and_is_proved(source, target):
    """Also text that COPY would read otherwise, and keys in the order of numbers, not of letters."""
    contents(source).put(1, b"one")
    contents(source).put(2, b"")

    done = copied(source, target)

    assert done.equal
    assert not done.changed
    expected = {table.name: 1 for table in metadata.sorted_tables if table.name != "blob"}
    expected |= {"tenant": 2, "seal": 4, "job": 7, "content": 2}
    assert rows_of(done) == expected
    assert contents(target).get(1, ONE) == b"one"
    with target.read(0) as tx:
        assert tx.connection.execute(text("SELECT key FROM tenant WHERE id = 2")).scalar() == (
            "ß\tb\\"
        )


def test_the_way_back_gives_the_same_hashes(source, target, migrated_file, tmp_path):
    """The same hash on both engines, table by table; of a job's place the order counts."""
    there = copied(source, target)
    back = tmp_path / "back.db"
    shutil.copy(migrated_file, back)
    again = _opened(f"sqlite:///{back}")

    done = copied(target, again)

    assert done.equal
    assert {one.table: one.sha256 for one in done.tables} == {
        one.table: one.sha256 for one in there.tables
    }
    again.close()


def test_each_job_comes_into_the_queue_exactly_once(source, target):
    """What waits is handed out in its old order, what ran is adopted, what was given up can be retried."""
    copied(source, target)
    copied(source, target)

    queue = queue_of(target)
    taken = queue.claim("new", 10, MINUTE)
    assert [(one.tenant_id, one.id.int) for one in taken] == [(2, 94), (2, 93)]
    assert queue.settle([(one, Finished()) for one in taken]) == []
    (lost,) = queue.adopt("new", 10, MINUTE)
    assert (lost.id.int, lost.attempt) == (97, 1)
    assert queue.settle([(lost, Finished())]) == []
    with target.write(1) as tx:
        assert make_ready(tx, UUID(int=95), {JobState.QUARANTINED})
        # The first one, which holds up the fourth.
        assert make_ready(tx, UUID(int=99), {JobState.READY})
    order = []
    while claimed := queue.claim("new", 10, MINUTE):
        order += [one.id.int for one in claimed]
        queue.settle([(one, Finished()) for one in claimed])
    assert order == [99, 95, 96]
    with target.read(0) as tx:
        assert tx.connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar() == 0
        states = tx.connection.execute(text("SELECT DISTINCT state FROM job")).scalars()
        assert list(states) == ["DONE"]


def test_a_copy_that_was_cut_off_goes_on_behind_the_last_row(source, target, monkeypatch):
    """Only what is missing is written, in the pages that were left."""
    monkeypatch.setattr(faktura.store.table_copy, "_PAGE", 2)
    copied(source, target)
    change(target, "DELETE FROM schedule_tick")
    change(target, "DELETE FROM procrastinate_jobs WHERE id = (SELECT max(place) FROM job)")
    change(target, "DELETE FROM job WHERE place = (SELECT max(place) FROM job)")
    written: list[tuple[str, int]] = []
    put = faktura.store.table_copy._put

    def counted(tx: Tx, table: Table, rows: Sequence[Row]) -> None:
        written.append((table.name, len(rows)))
        put(tx, table, rows)

    monkeypatch.setattr(faktura.store.table_copy, "_put", counted)

    done = copied(source, target)

    assert done.equal
    assert written == [("schedule_tick", 1), ("job", 1)]


@pytest.mark.parametrize("dies_at", [1, 33, 90])
def test_a_copy_killed_anywhere_ends_equal(source, target, dies_at):
    """kill -9 before the first page, in the middle, and among the jobs; then the same command again."""
    script = Path(__file__).with_name("dying_copy.py")
    url = target.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, script, str(source.engine.url), url, str(dies_at)]

    died = subprocess.run(command, check=False, capture_output=True, timeout=60)

    assert died.returncode == -9, died.stderr
    done = copied(source, target)
    assert done.equal
    assert rows_of(done)["job"] == 7
    with target.read(0) as tx:
        # The one that is done needs no row there.
        assert tx.connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar() == 6


def test_a_row_that_differs_is_named(source, target):
    """The copy does not mend a target: it says table and key, and is not equal."""
    copied(source, target)
    change(target, "UPDATE customer SET number = '2'")
    change(target, "UPDATE job SET attempts = 5 WHERE tenant_id = 2 AND key = 'key-7'")

    done = copied(source, target)

    assert not done.equal
    assert {one.table: one.first for one in done.tables if not one.equal} == {
        "customer": "tenant_id=1, id=00000000000000000000000000000001",
        "job": "tenant_id=2, place=2, id=0000000000000000000000000000005d",
    }


def test_a_lost_file_of_the_target_is_named(source, target):
    """Files are compared as rows are."""
    contents(source).put(1, b"one")
    contents(target).put(1, b"two")

    done = copied(source, target)

    assert {one.table: one.first for one in done.tables if not one.equal} == {
        "content": (
            "tenant_id=1, sha256=3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
        )
    }


def refusal(source: Database, target: Database) -> FakturaError:
    with pytest.raises(FakturaError) as refused:
        copied(source, target)
    return refused.value


def test_a_target_with_other_data_is_left_alone(source, target):
    """Nothing is written where another company lives."""
    change(
        target,
        "INSERT INTO tenant VALUES (7, 'other', '{}', now())",
    )

    error = refusal(source, target)

    assert isinstance(error, Conflict)
    assert str(error) == (
        "--to: the target holds other data, in table tenant."
        " Name a new database; what is in this one stays as it is"
    )
    with target.read(0) as tx:
        assert tx.connection.execute(text("SELECT count(*) FROM customer")).scalar() == 0


def test_a_target_that_lived_on_is_left_alone(source, target):
    """Facts that were written there since are not the source's."""
    copied(source, target)
    change(
        target,
        "INSERT INTO seal SELECT 1, 11, prev, root, facts, hash, recorded_at FROM seal LIMIT 1",
    )

    assert refusal(source, target).problem == "the target holds other data, in table seal"


def test_a_target_of_another_revision_is_refused(source, target):
    """Its tables may differ."""
    change(target, "UPDATE alembic_version SET version_num = '0001'")
    try:
        error = refusal(source, target)
    finally:
        change(target, "UPDATE alembic_version SET version_num = '0057'")

    assert isinstance(error, Misconfigured)
    assert error.problem.startswith("the target stands at version 0001, this release needs 00")


def test_the_same_database_is_refused(source, target):
    """Under two addresses as well; on a server also where it is busy with another copy."""
    again = _opened(str(source.engine.url).replace("/source.db", "/./source.db"))
    for one, other in ((source, again), (target, target)):
        assert refusal(one, other).problem == (
            "the target is the source itself, or another copy is under way"
        )
    again.close()


def test_a_worker_that_holds_a_job_is_not_copied_beside(source, target):
    """Writers must stand still; the error names who does not."""
    change(source, "UPDATE job SET lease_until = lease_until + 120000000 WHERE worker = 'gone'")

    assert refusal(source, target).problem == "a worker is at work: gone"


def test_a_source_that_changed_meanwhile_is_said(source, target, monkeypatch):
    """The copy is of one snapshot and equal to it; but the writer's row is not in it."""
    another = _opened(str(source.engine.url))
    compare = faktura.flows.db_copy._compared

    def writing(snapshot: Tx, theirs: Database) -> Iterator[Compared]:
        change(another, "UPDATE customer SET number = '2'")
        return compare(snapshot, theirs)

    monkeypatch.setattr(faktura.flows.db_copy, "_compared", writing)

    done = copied(source, target)

    assert done.equal
    assert done.changed
    another.close()


def test_nobody_writes_to_a_server_that_is_copied(
    source, target, migrated_file, tmp_path, monkeypatch
):
    """PostgreSQL keeps writers waiting: here one that waits for no longer than a tenth of a second."""
    copied(source, target)
    back = tmp_path / "back.db"
    shutil.copy(migrated_file, back)
    again = _opened(f"sqlite:///{back}")
    said = []
    compare = faktura.flows.db_copy._compared

    def writing(snapshot: Tx, theirs: Database) -> Iterator[Compared]:
        with pytest.raises(FakturaError) as refused:
            change(target, "SET LOCAL lock_timeout = '100ms'; UPDATE customer SET number = '2'")
        said.append(refused.value.problem)
        return compare(snapshot, theirs)

    monkeypatch.setattr(faktura.flows.db_copy, "_compared", writing)

    assert copied(target, again).equal
    assert said == ["the database refused: canceling statement due to lock timeout"]
    again.close()


def test_the_command_prints_every_table_and_fails_on_a_difference(source, target, monkeypatch):
    """A script sees by the exit code whether the move may go on; the password may come by the environment."""
    source.close()
    monkeypatch.setenv("FAKTURA_DATABASE_URL", str(source.engine.url))
    monkeypatch.setenv("FAKTURA_COPY_TO", target.engine.url.render_as_string(hide_password=False))

    well = CliRunner().invoke(db, ["copy"])
    change(target, "UPDATE customer SET number = '2'")
    badly = CliRunner().invoke(db, ["copy", "--json"])

    assert well.exit_code == 0, well.output
    assert re.search(r"tenant +2 +[0-9a-f]{64} +yes", well.stdout)
    assert "Both databases hold the same 103 rows and files." in well.stdout
    assert badly.exit_code == 1
    told = json.loads(badly.stdout)
    assert (told["equal"], told["source_changed"]) == (False, False)
    assert [one["table"] for one in told["tables"] if not one["equal"]] == ["customer"]
    assert badly.stderr == (
        "customer is not the same in both: first at"
        " tenant_id=1, id=00000000000000000000000000000001\n"
    )
