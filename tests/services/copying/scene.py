"""A SQLite file with rows in every table, and its copy into another database."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from tests.any_rows import any_row

from faktura.domain.jobs import JobState
from faktura.flows.db_copy import Copied, Side, copy_database
from faktura.store.blobs import ContentStore, DirectoryStore, TableStore
from faktura.store.database import Database
from faktura.store.tables import job, metadata, seal, tenant

NOW = datetime(2026, 10, 31, 8, tzinfo=UTC)
SECOND = UUID(int=2)


def fill(source: Database) -> None:
    """A row in every table, three seals of two tenants, and seven jobs of theirs."""
    with source.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        # Some rows stand before those they name.
        driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            for table in metadata.sorted_tables:
                if table is not job:
                    row = any_row(table) | ENDS.get(table.name, {})
                    connection.execute(table.insert().values(row))
            connection.execute(tenant.insert().values(any_row(tenant) | {"id": 2, "key": "ß\tb\\"}))
            for tenant_id, seq in ((1, 2), (1, 10), (2, 1)):
                row = any_row(seal) | {"tenant_id": tenant_id, "seq": seq}
                connection.execute(seal.insert().values(row))
            for no, (tenant_id, state) in enumerate(JOBS, 1):
                connection.execute(job.insert().values(_job(no, tenant_id, state)))
        driver.execute("PRAGMA foreign_keys = ON")


_LATER = date(2026, 11, 30)
# An end lies behind its beginning.
ENDS: dict[str, dict[str, object]] = {
    "contract_discount": {"valid_until": _LATER},
    "article_price": {"valid_until": _LATER},
    "subscription_pause": {"end": _LATER},
    "activity": {"service_end": _LATER},
}

# In the order in which they were put in, against the order of their ids.
JOBS = (
    (1, JobState.READY),
    (1, JobState.DONE),
    (1, JobState.RUNNING),
    (1, JobState.READY),
    (1, JobState.QUARANTINED),
    (2, JobState.READY),
    (2, JobState.READY),
)


def _job(no: int, tenant_id: int, state: JobState) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        "id": UUID(int=100 - no),
        "name": "TIDY_UP",
        "key": f"key-{no}",
        "lock": f"lock-{no}" if no != 4 else "lock-1",
        "args": '{"no":"1"}',
        "state": state,
        # The first is due tomorrow, by any clock, and holds up the fourth behind its lock.
        "run_at": datetime(2126, 1, 1, tzinfo=UTC) if no == 1 else NOW,
        "attempts": 1 if state is JobState.RUNNING else 0,
        "worker": "gone" if state is JobState.RUNNING else None,
        "lease_until": NOW - timedelta(minutes=1) if state is JobState.RUNNING else None,
        "last_error": None,
        "created_at": NOW,
        "finished_at": NOW if state is JobState.DONE else None,
        "place": no,
    }


def contents(database: Database) -> ContentStore:
    """The store of each kind of database by default."""
    if database.is_postgresql:
        return TableStore(database)
    return DirectoryStore(Path(f"{database.engine.url.database}-content"))


def copied(source: Database, target: Database) -> Copied:
    """The copy of both, as the command makes it."""
    return copy_database(
        Side(source, contents(source)), Side(target, contents(target)), lambda _rows: None
    )


def change(database: Database, statement: str) -> None:
    """Write to the database past all services."""
    with database.write(0) as tx:
        tx.connection.execute(text(statement))
