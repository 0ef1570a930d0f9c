"""SQLite finds a few rows of many by the index that was made for them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from tests.services.company import TENANT, opened

from faktura.store.attempts import due_for_check
from faktura.store.database import Database
from faktura.store.deliveries import subscribers_served
from faktura.store.events import events_of_seal
from faktura.store.mail_sending import waiting_page
from faktura.store.statistics import count_rows
from faktura.store.tenants import create_tenant
from faktura.store.transaction import Tx

NOW = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database in which a thousand facts were told, two of each seal."""
    folder: Path = tmp_path_factory.mktemp("plans")
    database = opened(f"sqlite:///{folder}/plans.db")
    with database.write(0) as tx:
        tenant = create_tenant(tx, TENANT)
    with database.write(tenant.id) as tx:
        for no in range(1000):
            tx.connection.exec_driver_sql(
                "INSERT INTO event (tenant_id, object_id, sequence, object_type, type, occurred_at,"
                " data, content_hash, seal_seq) VALUES (1, ?, 1, 'thing', 'ITEM_CHANGED', 0, '{}',"
                " x'00', ?)",
                (no.to_bytes(16, "big"), no // 2),
            )
    yield database
    database.close()


def _plan(tx: Tx, read: Callable[[Tx], object]) -> str:
    """How SQLite goes about the last statement of a read."""
    ran: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        ran.append((statement, parameters))

    event.listen(tx.connection, "before_cursor_execute", note)
    read(tx)
    event.remove(tx.connection, "before_cursor_execute", note)
    statement, parameters = ran[-1]
    rows = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return "; ".join(row.detail for row in rows)


@pytest.mark.parametrize(
    ("read", "index"),
    [
        (lambda tx: due_for_check(tx, NOW, 10, ["psp"]), "ix_payment_attempt_check"),
        (lambda tx: waiting_page(tx, None, 10), "ix_mail_waiting"),
    ],
)
def test_what_waits_is_found_among_what_waits(database, read, index):
    """A partial index holds it alone; the statement names its states in the index's words."""
    with database.read(1) as tx:
        assert f"USING INDEX {index} (tenant_id=?" in _plan(tx, read)


@pytest.mark.parametrize(
    "read", [events_of_seal, subscribers_served], ids=["facts", "who has them"]
)
def test_the_facts_of_a_seal_are_found_by_it_once_rows_are_counted(database, read):
    """Without counts SQLite reads all facts of the tenant, for each fact that is handed out."""
    with database.write(1) as tx:
        count_rows(tx)
    with database.read(1) as tx:
        plan = _plan(tx, lambda of: read(of, 7))

    assert "INDEX ix_event_tenant_id_seal_seq (tenant_id=? AND seal_seq=?)" in plan
