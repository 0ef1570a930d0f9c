"""All tables of ours from one database into another, row by row in key order (O25).

A page of rows is one transaction, so what the target holds of a table is always its beginning: a copy that
was cut off goes on behind the target's last row.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, String, Table, func, select, tuple_
from sqlalchemy import text as sql

from faktura.store.bulk import Row, bulk_write
from faktura.store.database import Database
from faktura.store.moved_jobs import put_jobs
from faktura.store.tables import blob, job, metadata
from faktura.store.transaction import Tx

_PAGE = 2_000
# Of a table with whole files in its rows, each up to some megabytes.
_PAGE_OF_FILES = 16
_HASH = 32

Counted = Callable[[int], None]


def copied_tables() -> tuple[Table, ...]:
    """Every table of ours, parents before children, the queue last: a job finds what it is about.

    `blob` is left to the content stores: the source may keep its files in a directory.
    """
    ordered = [table for table in metadata.sorted_tables if table not in (blob, job)]
    return (*ordered, job)


def read_pages(tx: Tx, table: Table, after: Row | None = None) -> Iterator[list[Row]]:
    """The rows in key order, some thousand at a time, from behind the key `after`; streamed."""
    order = _order(tx, table)
    query = select(table).order_by(*order)
    if after is not None:
        query = query.where(tuple_(*order) > after)
    # Whoever stops before the end leaves no cursor of the server open.
    with tx.connection.execute(query, execution_options={"yield_per": _page_of(table)}) as found:
        for page in found.partitions():
            yield [tuple(row) for row in page]


def copy_rows(source: Tx, target: Database, table: Table, counted: Counted) -> None:
    """Write the rows that the target does not have yet, by COPY where there is one.

    Constraints and triggers are on. Raises WriteRefused where they do not take a row.
    """
    with target.read(0) as tx:
        after = last_key(tx, table)
    if after is not None and table is job:
        after = _place_in(source, after)
    pages = read_pages(source, table, after)
    if _refers_to_itself(table):
        # A row may name a later one: its table is small, and is there whole or not at all.
        pages = (rows for rows in [[row for page in pages for row in page]] if rows)
    for rows in pages:
        with target.write(0) as tx:
            _put(tx, table, rows)
        counted(len(rows))


def last_key(tx: Tx, table: Table) -> Row | None:
    """The key of the table's last row in key order; of a job its tenant and id."""
    falling = [column.desc() for column in _order(tx, table)]
    found = tx.connection.execute(select(*_key(table)).order_by(*falling).limit(1)).one_or_none()
    return None if found is None else tuple(found)


def rows_up_to(tx: Tx, table: Table, key: Row) -> int:
    """How many rows lie up to that key, which is one of them; 0 where it is not there."""
    same = [column == value for column, value in zip(_key(table), key, strict=True)]
    if (
        tx.connection.execute(select(func.count()).select_from(table).where(*same)).scalar_one()
        != 1
    ):
        return 0
    bound = _place_in(tx, key) if table is job else key
    within = tuple_(*_order(tx, table)) <= bound
    return tx.connection.execute(select(func.count()).select_from(table).where(within)).scalar_one()


def count_rows(tx: Tx, table: Table) -> int:
    """How many rows the table has, of all tenants."""
    return tx.connection.execute(select(func.count()).select_from(table)).scalar_one()


def key_columns(table: Table) -> tuple[str, ...]:
    """The names of the columns that tell a row from every other one."""
    return tuple(column.name for column in _key(table))


def _put(tx: Tx, table: Table, rows: Sequence[Row]) -> None:
    if table is job and tx.is_postgresql:
        put_jobs(tx, rows)
        return
    if not tx.is_postgresql:
        tx.connection.execute(sql("PRAGMA defer_foreign_keys = ON"))
    bulk_write(tx, table, rows)


def _key(table: Table) -> list[ColumnElement[Any]]:
    return list(table.primary_key.columns)


def _order(tx: Tx, table: Table) -> list[ColumnElement[Any]]:
    """What the rows are ordered by: the key, of jobs the order in which they were put in."""
    keys = [table.c.tenant_id, table.c.place] if table is job else _key(table)
    return [_by_bytes(tx.connection, column) for column in keys]


def _by_bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """SQLite orders text by its bytes; PostgreSQL does so only when it is told."""
    if connection.dialect.name == "postgresql" and isinstance(column.type, String):
        return column.collate("C")
    return column


def _place_in(source: Tx, key: Row) -> Row:
    """Where the job of that key stands in the order of a database; places differ between two."""
    tenant_id, job_id = key
    found = source.connection.execute(
        select(job.c.tenant_id, job.c.place).where(job.c.tenant_id == tenant_id, job.c.id == job_id)
    )
    return tuple(found.one())


def _refers_to_itself(table: Table) -> bool:
    return any(key.referred_table is table for key in table.foreign_key_constraints)


def _page_of(table: Table) -> int:
    def holds_files(column: ColumnElement[Any]) -> bool:
        return isinstance(column.type, LargeBinary) and column.type.length != _HASH

    return _PAGE_OF_FILES if any(map(holds_files, table.columns)) else _PAGE
