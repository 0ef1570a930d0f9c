"""Rows in, one statement out: the write path of everything that comes in numbers.

Tuples on SQLite, COPY on PostgreSQL; it decides a factor of 3 to 30 over row-wise inserts.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Table

from faktura.store.refusals import refusal
from faktura.store.transaction import Tx

Row = tuple[object, ...]
EncodedRow = Row | list[object]
_Convert = Callable[[Any], Any]


def bulk_write(tx: Tx, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`, each a tuple of all the table's columns in their declared order.

    Raises WriteRefused where a constraint does not take them.
    """
    if rows:
        write_encoded(tx, table, encode(tx.connection.dialect, table, rows))


def write_encoded(tx: Tx, table: Table, encoded: Sequence[EncodedRow]) -> None:
    """Insert rows that `encode` made ready, perhaps long before; raises WriteRefused as bulk_write."""
    if tx.is_postgresql:
        driver = tx.connection.connection.driver_connection
        if driver is None:
            raise ConnectionError("the connection is closed")
        try:
            with driver.cursor().copy(_copy_sql(table)) as copy:
                for row in encoded:
                    copy.write_row(row)
        except driver.Error as exc:
            # COPY goes past SQLAlchemy, and so do its errors.
            raise refusal(exc, place=table.name) from exc
    else:
        tx.connection.exec_driver_sql(_insert_sql(table), [tuple(row) for row in encoded])


def encode(dialect: Dialect, table: Table, rows: Sequence[Row]) -> list[Row]:
    """The rows as the driver takes them: each type's own bind processor, column by column."""
    columns: list[Sequence[object]] = list(zip(*rows, strict=True))
    for position, convert in _converters(dialect, table):
        columns[position] = [convert(value) for value in columns[position]]
    return list(zip(*columns, strict=True))


@cache
def _converters(dialect: Dialect, table: Table) -> tuple[tuple[int, _Convert], ...]:
    found = []
    for position, column in enumerate(table.columns):
        convert = column.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            found.append((position, convert))
    return tuple(found)


@cache
def _insert_sql(table: Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own


@cache
def _copy_sql(table: Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"COPY {table.name} ({names}) FROM STDIN"
