"""The migrations give exactly the declared tables, and a fact once written stays as it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Table,
    column,
    insert,
    inspect,
    text,
)
from sqlalchemy import table as lightweight
from tests.any_rows import any_row

from faktura.domain.jobs import JobState, Postponed
from faktura.kernel.errors import Misconfigured, Refused, WriteRefused
from faktura.store.alembic.revisions import write_revisions
from faktura.store.database import Database, open_database
from faktura.store.jobs import make_ready, read_jobs
from faktura.store.migrations import check_current, current, head, upgrade
from faktura.store.procrastinate_schema import is_ours
from faktura.store.queues import queue_of
from faktura.store.tables import INSERT_ONLY, job, metadata, schedule_tick
from faktura.store.transaction import Tx

# Long due, by the test's clock and by the database's.
NOW = datetime(2020, 10, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(empty_database_url, clock, ids):
    """An empty database."""
    opened = open_database(empty_database_url, clock, ids)
    yield opened
    opened.close()


def schema_of(database: Database) -> dict[str, Any]:
    """All tables as the database itself describes them, in an order that can be compared."""
    found: dict[str, Any] = {}
    inspector = inspect(database.engine)
    names = set(inspector.get_table_names()) - {"alembic_version"}
    for name in sorted(name for name in names if is_ours(name, "table", {})):
        found[name] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column.get("default"))
                for column in inspector.get_columns(name)
            ],
            "key": inspector.get_pk_constraint(name),
            "unique": ordered(inspector.get_unique_constraints(name)),
            "foreign": ordered(inspector.get_foreign_keys(name)),
            "checks": ordered(inspector.get_check_constraints(name)),
            "indexes": ordered(inspector.get_indexes(name)),
        }
    return found


def ordered(constraints: Any) -> list[str]:
    return sorted(
        str(sorted((name, plain(value)) for name, value in entry.items())) for entry in constraints
    )


def plain(value: Any) -> Any:
    """The condition of a partial index as its text: as an object it equals only itself."""
    return {name: str(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def test_the_migrations_give_the_declared_tables(database):
    """Columns, keys, checks and indexes are the same on both ways to a schema."""
    upgrade(database)
    migrated = schema_of(database)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_ours}
        )
        difference = compare_metadata(context, metadata)
    with database.write(0) as tx:
        metadata.drop_all(tx.connection)
        metadata.create_all(tx.connection)

    assert difference == []
    assert len(migrated) == len(metadata.tables)
    assert migrated == schema_of(database)


def test_a_fresh_database_is_brought_to_this_releases_version_once(database):
    """`faktura db init` says whether there was anything to do, and may run again."""
    assert current(database) == "0000"
    assert upgrade(database) is True
    assert current(database) == head()
    assert upgrade(database) is False
    check_current(database)


JOBS_OF_0016 = (
    # id, name, lock, state, key
    (1, "FAN_OUT", "fan-out", "DONE", "fan-out:1"),
    (2, "FORGET_DONE_JOBS", None, "READY", None),
    (3, "DELIVER", "a", "RUNNING", None),
    (4, "DELIVER", "a", "QUARANTINED", None),
    (5, "DELIVER", "a", "READY", None),
)


def test_jobs_of_an_older_release_are_taken_along(database, monkeypatch):
    """What waited still waits, in its order and under its new name; a dead claim is due again."""
    upgrade_to(database, "0016", monkeypatch)
    with database.write(1) as tx:
        for number, name, lock, state, key in JOBS_OF_0016:
            insert_old_job(tx, number, name, lock, state, key)
        insert_old_tick(tx)

    upgrade(database)

    assert schema_of(database)["job"]["columns"][-1][0] == "place"
    with database.read(1) as tx:
        found = read_jobs(tx, list(JobState), 9)
        tick = tx.connection.execute(text("SELECT name FROM schedule_tick")).scalar_one()
    rest = JobState.READY if database.is_postgresql else JobState.RUNNING
    assert [(job.id.int, job.name, job.state) for job in reversed(found)] == [
        (1, "FAN_OUT", "DONE"),
        (2, "TIDY_UP", "READY"),
        (3, "DELIVER", rest),
        (4, "DELIVER", "QUARANTINED"),
        (5, "DELIVER", "READY"),
    ]
    assert tick == "TIDY_UP"
    lost = [] if database.is_postgresql else queue_of(database).adopt("w", 9, MINUTE)
    queue_of(database).settle([(job, Postponed(NOW, {})) for job in lost])
    claimed = queue_of(database).claim("w", 9, MINUTE)
    assert sorted(job.id.int for job in claimed) == [2, 3]
    with database.write(1) as tx:
        assert make_ready(tx, UUID(int=4), {JobState.QUARANTINED})


REFERRED = {"project", "tax_group", "product_group", "article", "customer", "contract", "blob"}


def test_rows_of_the_release_before_are_taken_along(database, monkeypatch):
    """Rows that others refer to stay where they are: SQLite would make an altered table anew."""
    upgrade_to(database, "0013", monkeypatch)
    with database.write(1) as tx:
        for table in metadata.sorted_tables:
            if table.name in REFERRED:
                insert_older_row(tx, table)

    upgrade(database)

    with database.read(1) as tx:
        for name in REFERRED:
            assert tx.connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() == 1


def insert_older_row(tx: Tx, table: Table) -> None:
    """A row of a table as it stands; its parents have one of the same values."""
    names = [found["name"] for found in inspect(tx.connection).get_columns(table.name)]
    older = lightweight(table.name, *(column(name, table.c[name].type) for name in names))
    values = any_row(table)
    tx.connection.execute(insert(older).values({name: values[name] for name in names}))


def upgrade_to(database: Database, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the database up as an older release did."""
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", partial(until, version, command.upgrade))
        upgrade(database)
    assert current(database) == version


def until(version: str, run: Any, config: Any, _head: str) -> None:
    run(config, version)


def insert_old_job(tx: Tx, number: int, name: str, lock: str | None, state: str, key: Any) -> None:
    values = {
        "tenant_id": 1,
        "id": UUID(int=number),
        "name": name,
        "key": key,
        "lock": lock,
        "args": "{}",
        "state": state,
        "run_at": NOW,
        "attempts": 1,
        "worker": "w" if state == "RUNNING" else None,
        "lease_until": NOW if state == "RUNNING" else None,
        "created_at": NOW,
    }
    tx.connection.execute(insert(job).values(values))


def insert_old_tick(tx: Tx) -> None:
    tick = {"tenant_id": 1, "name": "FORGET_DONE_JOBS", "tick": NOW}
    tx.connection.execute(insert(schedule_tick).values(tick))


def test_two_processes_that_set_up_at_once_do_not_meet(database):
    """One waits for the other and finds the work done."""
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda _: upgrade(database), range(2)))

    assert sorted(done) == [False, True]
    assert current(database) == head()


def test_a_database_that_was_never_set_up_is_refused_with_the_command(database):
    """No half-working start on missing tables."""
    with pytest.raises(Misconfigured) as refused:
        check_current(database)

    assert str(refused.value) == (
        "FAKTURA_DATABASE_URL: the database has not been set up. Run: faktura db init"
    )


def test_an_older_database_is_refused_with_both_versions(database):
    """The operator decides when the tables change."""
    upgrade(database)
    stand_at(database, "0001")

    with pytest.raises(Misconfigured) as refused:
        check_current(database)

    assert refused.value.problem == (
        f"the database stands at version 0001, this release needs {head()}"
    )
    assert refused.value.mend == "Run: faktura db init"


def test_a_newer_database_is_left_alone(database):
    """An older release must not write into tables it does not know."""
    upgrade(database)
    stand_at(database, "9999")

    for act in (check_current, upgrade):
        with pytest.raises(Misconfigured, match=r"stands at version 9999.*knows up to 00"):
            act(database)


def stand_at(database: Database, version: str) -> None:
    with database.write(0) as tx:
        tx.connection.execute(
            text("UPDATE alembic_version SET version_num = :version"), {"version": version}
        )


@pytest.mark.parametrize("table", INSERT_ONLY, ids=lambda table: table.name)
def test_a_written_fact_cannot_be_changed_or_deleted(database, table):
    """The database refuses it, whoever asks (P23, P24); on PostgreSQL also TRUNCATE."""
    upgrade(database)
    insert_any_row(database, table)
    acts = [f"UPDATE {table.name} SET tenant_id = 2", f"DELETE FROM {table.name}"]
    if database.is_postgresql:
        acts.append(f"TRUNCATE {table.name} CASCADE")

    for act in acts:
        with pytest.raises(WriteRefused, match="insert only"), database.write(1) as tx:
            tx.connection.execute(text(act))

    with database.read(1) as tx:
        rows = tx.connection.execute(text(f"SELECT tenant_id FROM {table.name}")).scalars()
        assert list(rows) == [1]


def insert_any_row(database: Database, table: Table) -> None:
    """One row that satisfies the checks; its parents are not looked for."""
    row = any_row(table)
    with database.engine.connect() as connection:
        if not database.is_postgresql:
            # Before the transaction begins: inside one SQLite ignores it.
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            if database.is_postgresql:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(table.insert().values(row))


def test_the_next_revisions_are_written_one_noun_a_file(clock, ids, tmp_path):
    """`make migration`: parents before children, facts guarded, nothing twice."""
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}", clock, ids)

    written = write_revisions(database, tmp_path, "0057")

    names = [path.stem for path in written]
    assert names[0].startswith("v0058_")
    assert names == sorted(names)
    nouns = [name[6:] for name in names]
    assert nouns.index("customers") < nouns.index("contracts") < nouns.index("documents")
    documents = written[nouns.index("documents")].read_text(encoding="utf-8")
    assert documents.count("guard(op.get_bind().dialect.name") == 4
    assert 'guard(op.get_bind().dialect.name, "document_line")' in documents
    database.close()


def test_no_revision_is_written_where_nothing_changed(clock, ids, tmp_path):
    """The declared tables and the migrations of this release agree."""
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}", clock, ids)
    upgrade(database)

    assert write_revisions(database, tmp_path, head()) == []

    database.close()


def test_a_table_that_was_dropped_needs_a_person(clock, ids, tmp_path):
    """What becomes of its rows is not for a tool to decide."""
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}", clock, ids)
    upgrade(database)
    with database.write(0) as tx:
        tx.connection.execute(text("CREATE TABLE gone (id INTEGER PRIMARY KEY)"))

    with pytest.raises(Refused, match="Write this one by hand"):
        write_revisions(database, tmp_path, head())

    database.close()
