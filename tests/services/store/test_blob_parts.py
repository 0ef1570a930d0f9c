"""Files that were kept before a file had parts: the migration loses none of them."""

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text

from faktura.store.alembic.versions import v0019_documents
from faktura.store.database import open_database
from faktura.store.migrations import upgrade
from faktura.store.tables import blob


@pytest.fixture
def database(database_url, clock, ids):
    """An empty database."""
    opened = open_database(database_url, clock, ids)
    yield opened
    opened.close()


def test_files_that_were_kept_in_one_row_are_their_own_first_part(database):
    """Nothing that was received gets lost when the table is parted."""
    upgrade(database)
    with database.write(1) as tx:
        kind = "BYTEA" if database.is_postgresql else "BLOB"
        columns = f"tenant_id INTEGER NOT NULL, sha256 {kind} NOT NULL, content {kind} NOT NULL"
        key = "CONSTRAINT pk_blob PRIMARY KEY (tenant_id, sha256)"
        tx.connection.execute(text("DROP TABLE blob"))
        tx.connection.execute(text(f"CREATE TABLE blob ({columns}, {key})"))
        tx.connection.execute(
            text("INSERT INTO blob VALUES (1, :sha256, :content)"),
            {"sha256": bytes(32), "content": b"\x00\xff"},
        )

        with Operations.context(MigrationContext.configure(tx.connection)):
            v0019_documents.upgrade()

    with database.read(1) as tx:
        rows = tx.connection.execute(select(blob)).all()
    assert [tuple(row) for row in rows] == [(1, bytes(32), 0, b"\x00\xff")]
