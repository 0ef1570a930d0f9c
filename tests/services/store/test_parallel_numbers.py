"""A hundred writers on one number range: whoever rolls back gives numbers back, so no gap (O14, P20)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import create_engine, text
from tests.services.billing.scene import TENANT, Scene, open_scene

from faktura.domain.events import Event, EventType
from faktura.store import tables
from faktura.store.database import Database
from faktura.store.facts import Facts, write_facts
from faktura.store.numbers import INVOICE, ranges, take_numbers

_DAY = date(2026, 9, 15)
_WRITERS, _EACH = 100, 6

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]


class _ChangedMind(Exception):
    """A writer took numbers and does not keep them."""


def _free_connections(database: Database) -> int:
    """Connections that the server has left for us; others have tests on it as well."""
    with database.read(0) as tx:
        free = tx.connection.execute(
            text(
                "SELECT current_setting('max_connections')::int"
                " - current_setting('superuser_reserved_connections')::int"
                " - (SELECT count(*) FROM pg_stat_activity)"
            )
        ).scalar_one()
    return max(8, min(_WRITERS, int(free) - 30))


def _write(database: Database, writer: int) -> list[str]:
    """Take one to three numbers again and again, with a fact under a seal; every third is undone."""
    kept: list[str] = []
    for turn in range(_EACH):
        with suppress(_ChangedMind), database.write(TENANT.id) as tx:
            taken = take_numbers(tx, INVOICE, _DAY, 1 + (writer + turn) % 3)
            event = Event(EventType.INVOICE_CREATED, "invoice", tx.new_id(), 1, {"n": taken[0]})
            write_facts(tx, Facts(events=[event]))
            if (writer + turn) % 3 == 2:
                raise _ChangedMind
            kept += taken
    return kept


def test_a_hundred_writers_at_once_leave_no_gap_and_take_no_number_twice(database_url: str):
    """600 transactions, 200 of them rolled back: of 1 and 2 numbers 200 each stay, 600 numbers."""
    scene = Scene(open_scene(database_url))
    free = _free_connections(scene.database)
    engine = create_engine(
        scene.database.engine.url, pool_size=free, max_overflow=0, pool_timeout=120
    )
    shared = Database(engine, scene.database.clock, scene.database.new_id)

    with ThreadPoolExecutor(_WRITERS) as writers:
        kept = [
            number
            for own in writers.map(lambda writer: _write(shared, writer), range(_WRITERS))
            for number in own
        ]

    assert Counter(kept) == Counter(f"RE-{no:04d}" for no in range(1, 601))
    with scene.database.read(TENANT.id) as tx:
        assert [row.next for row in ranges(tx)] == [601]
        seals = tx.connection.execute(
            tables.seal.select().with_only_columns(tables.seal.c.seq).order_by(tables.seal.c.seq)
        )
        assert list(seals.scalars()) == list(range(1, 401))
    shared.close()
    scene.database.close()
