"""Every column type gives back what it was given, by bulk write and by statement, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
)

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import OutOfRange, TooPrecise, WriteRefused
from faktura.kernel.ids import Uuid7Source
from faktura.store.bulk import bulk_write
from faktura.store.database import Database, open_database
from faktura.store.prepared import Prepared
from faktura.store.types import Day, Moment, Scaled, Uid

_BERLIN = timezone(timedelta(hours=2))

THINGS = Table(
    "round_trip",
    MetaData(),
    Column("no", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uid),
    Column("at", Moment),
    Column("on", Day),
    Column("price", Scaled),
    Column("minor", BigInteger),
    Column("flag", Boolean),
    Column("word", String(64)),
    Column("text", Text),
    Column("bytes", LargeBinary),
)

# What COPY gives a meaning of its own, what SQL does, and what is merely unusual.
HOSTILE = "a\tb\nc\\d\\.\\N\r'\"; DROP TABLE x; -- \u2028 ä ß € 😀 \x01"

ROWS: list[tuple[object, ...]] = [
    (1, None, None, None, None, None, None, None, None, None),
    (
        2,
        UUID(int=0),
        datetime(1970, 1, 1, tzinfo=UTC),
        date(1, 1, 1),
        Decimal(0),
        0,
        False,
        "",
        "",
        b"",
    ),
    (
        3,
        UUID(int=2**128 - 1),
        datetime(2026, 10, 25, 0, 30, 0, 1, tzinfo=UTC),
        date(9999, 12, 31),
        Decimal("-999999999999.999999"),
        -(2**63),
        True,
        "RE-000001",
        HOSTILE,
        bytes(range(256)),
    ),
    (
        4,
        UUID("01a1434b-bf00-7001-a70e-1f9ae62f12ba"),
        datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        date(2024, 2, 29),
        Decimal("0.000001"),
        2**63 - 1,
        None,
        "Ümläut",
        "\\N",
        b"\\x00",
    ),
]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    opened = open_database(database_url, clock, Uuid7Source(clock))
    THINGS.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def _read(database: Database) -> list[tuple[object, ...]]:
    with database.read(1) as tx:
        rows = tx.connection.execute(THINGS.select().order_by(THINGS.c.no)).all()
    return [tuple(row) for row in rows]


def test_a_bulk_write_gives_back_every_value(database: Database):
    """House rule: nothing is lost or rounded, whatever the type and whatever the text."""
    with database.write(1) as tx:
        bulk_write(tx, THINGS, ROWS)

    assert _read(database) == ROWS


def test_a_statement_gives_back_the_same(database: Database):
    """Both ways of writing mean the same bytes."""
    names = [column.name for column in THINGS.columns]
    with database.write(1) as tx:
        tx.connection.execute(THINGS.insert(), [dict(zip(names, row, strict=True)) for row in ROWS])

    assert _read(database) == ROWS


def test_a_prepared_read_gives_back_every_value_by_its_name(database: Database):
    """It goes past SQLAlchemy to the driver: a row must still mean the same."""
    everything = Prepared(THINGS.select().order_by(THINGS.c.no))
    with database.write(1) as tx:
        bulk_write(tx, THINGS, ROWS)

        rows = everything.rows(tx)

    assert [tuple(row) for row in rows] == ROWS
    assert [row.price for row in rows] == [row[4] for row in ROWS]


@pytest.mark.parametrize("name", ["id", "at", "on", "price", "minor", "flag", "word", "text"])
def test_a_prepared_read_finds_a_row_by_a_value_of_any_type(database: Database, name: str):
    """A parameter is encoded as its column is; text with a meaning in SQL is text."""
    position = [column.name for column in THINGS.columns].index(name)
    column = THINGS.c[name]
    found = Prepared(THINGS.select().where(column == bindparam("wanted", type_=column.type)))
    with database.write(1) as tx:
        bulk_write(tx, THINGS, ROWS)

        rows = found.rows(tx, wanted=ROWS[2][position])
        again = found.rows(tx, wanted=ROWS[2][position])

    assert [row.no for row in rows] == [3]
    assert again == rows


def test_a_moment_of_another_zone_comes_back_in_utc(database: Database):
    """SQLite would silently drop the offset."""
    given = datetime(2026, 7, 1, 3, 0, tzinfo=_BERLIN)
    with database.write(1) as tx:
        bulk_write(tx, THINGS, [(9, None, given, *[None] * 7)])

    (row,) = _read(database)
    assert row[2] == datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    assert str(row[2]) == "2026-07-01 01:00:00+00:00"


def test_trailing_zeros_do_not_survive_but_the_value_does(database: Database):
    """30.00 and 30 are one number; sums are made in the database's integers."""
    with database.write(1) as tx:
        bulk_write(tx, THINGS, [(9, None, None, None, Decimal("30.00"), *[None] * 5)])

    (row,) = _read(database)
    assert row[4] == Decimal(30)
    assert str(row[4]) == "30"


@pytest.mark.parametrize(
    ("place", "value", "error"),
    [
        (2, datetime(2026, 7, 1, 3, 0), OutOfRange),  # noqa: DTZ001 - a naive one is the point
        (4, Decimal("0.0000001"), TooPrecise),
        (4, Decimal(10) ** 12, OutOfRange),
    ],
)
def test_what_could_not_come_back_is_refused(
    database: Database, place: int, value: object, error: type[Exception]
):
    """Named before it is stored, not found out years later."""
    row: list[object] = [9, *[None] * 9]
    row[place] = value

    with pytest.raises(error), database.write(1) as tx:
        bulk_write(tx, THINGS, [tuple(row)])

    assert _read(database) == []


def test_a_second_row_of_a_key_is_refused_whole(database: Database):
    """All rows of a bulk write or none."""
    with pytest.raises(WriteRefused), database.write(1) as tx:
        bulk_write(tx, THINGS, [ROWS[1], ROWS[2], ROWS[1]])

    assert _read(database) == []


def test_no_rows_write_nothing(database: Database):
    """An empty chunk is no statement."""
    with database.write(1) as tx:
        bulk_write(tx, THINGS, [])

    assert _read(database) == []
