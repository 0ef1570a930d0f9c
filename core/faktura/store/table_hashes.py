"""One hash a table, the same on SQLite and PostgreSQL: SHA-256 over its rows in key order (O25).

A row goes in as SQLite keeps it: whole numbers, text and bytes, which say the same whatever the database.
Of a job's place only the order counts: the numbers are each engine's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite

from faktura.store.bulk import Row, encode
from faktura.store.table_copy import key_columns, read_pages
from faktura.store.tables import job
from faktura.store.transaction import Tx

_CANONICAL = sqlite.dialect()


@dataclass(frozen=True, slots=True)
class TableHash:
    """How many rows a table has, and the hash of all of them."""

    rows: int
    sha256: bytes


def hash_table(tx: Tx, table: Table) -> TableHash:
    """Read the table once, streamed."""
    hashed, rows = sha256(), 0
    for row in _canonical(tx, table):
        # ascii(): how a sign beyond it is written differs between versions of Unicode.
        hashed.update(ascii(row).encode())
        rows += 1
    return TableHash(rows, hashed.digest())


def first_difference(one: Tx, other: Tx, table: Table) -> str | None:
    """The key of the first row that is not the same in both, as `name=value, …`; None if all are."""
    for left, right in zip_longest(_canonical(one, table), _canonical(other, table)):
        if left != right:
            keys = [_key_of(table, row) for row in (left, right) if row is not None]
            # The smaller one is the row that the other database lacks.
            return _shown(table, min(keys))
    return None


def _canonical(tx: Tx, table: Table) -> Iterator[Row]:
    pages = (encode(_CANONICAL, table, page) for page in read_pages(tx, table))
    rows = (row for page in pages for row in page)
    return _ranked(rows) if table is job else rows


def _ranked(jobs: Iterator[Row]) -> Iterator[Row]:
    """Jobs with their rank in the tenant in place of their number; they come in that order."""
    names = job.columns.keys()
    tenant, place = names.index("tenant_id"), names.index("place")
    of, rank = None, 0
    for row in jobs:
        rank = rank + 1 if row[tenant] == of else 1
        of = row[tenant]
        yield (*row[:place], rank, *row[place + 1 :])


def _key_of(table: Table, row: Row) -> tuple[str | int | bytes, ...]:
    names = ("tenant_id", "place", "id") if table is job else key_columns(table)
    positions = [table.columns.keys().index(name) for name in names]
    found = tuple(row[position] for position in positions)
    return tuple(value for value in found if isinstance(value, str | int | bytes))


def _shown(table: Table, key: tuple[str | int | bytes, ...]) -> str:
    names = ("tenant_id", "place", "id") if table is job else key_columns(table)
    told = (value.hex() if isinstance(value, bytes) else value for value in key)
    return ", ".join(f"{name}={value}" for name, value in zip(names, told, strict=True))
