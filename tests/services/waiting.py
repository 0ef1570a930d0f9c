"""Whether a transaction waits for another one's lock; only PostgreSQL can show it."""

from concurrent.futures import Future, wait
from typing import Any

import pytest
from sqlalchemy import text

from faktura.store.database import Database

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def until_it_waits(database: Database, work: Future[Any]) -> None:
    """Return once something waits for a lock; fail the test if nothing does for ten seconds."""
    for _ in range(200):
        with database.read(0) as tx:
            if tx.connection.execute(_WAITING).scalar_one():
                return
        wait([work], 0.05)
    pytest.fail("it waits for nobody")
