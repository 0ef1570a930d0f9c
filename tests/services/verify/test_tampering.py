"""A mutation test of `faktura verify`: whatever is changed, removed or reordered is found (O15)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, Table
from tests.services.company import opened
from tests.services.verify.books import kept_books, places, tampering, violations

from faktura.domain.tenants import Tenant
from faktura.store.database import Database
from faktura.store.tables import SEALED
from faktura.store.types import Day, Moment, Scaled, Uid

COLUMNS = [(table, column) for table in SEALED for column in table.columns]
NUMBERS = (Integer, BigInteger, Moment, Scaled)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Tenant]]:
    """One set of books for all mutations: each is rolled back."""
    folder: Path = tmp_path_factory.mktemp("books")
    database = opened(f"sqlite:///{folder / 'books.db'}")
    yield database, kept_books(database)
    database.close()


def change_of(table: Table, column: Column[object]) -> str:
    """SQL that gives the column of one row another value of its kind."""
    name = f'"{column.name}"'
    if isinstance(column.type, NUMBERS):
        new = f"coalesce({name}, 0) + 1000"
    elif isinstance(column.type, Day | Date):
        new = f"date(coalesce({name}, '2026-01-01'), '+1 day')"
    elif isinstance(column.type, Uid | LargeBinary):
        new = f"randomblob({32 if isinstance(column.type, LargeBinary) else 16})"
    else:
        new = f"coalesce({name}, '') || 'x'"
    keys = [f'"{key.name}"' for key in table.primary_key.columns]
    row = f"SELECT {', '.join(keys)} FROM {table.name} ORDER BY {', '.join(keys)} LIMIT 1"
    return f"UPDATE {table.name} SET {name} = {new} WHERE ({', '.join(keys)}) = ({row})"


def test_untouched_books_hold(books):
    """Without this, every other test here would pass for the wrong reason."""
    database, tenant = books

    with tampering(database, tenant) as tx:
        found = violations(tx)

    assert found == []


@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{t.name}.{c.name}" for t, c in COLUMNS]
)
def test_a_changed_value_is_found_at_its_place(books, table, column):
    """Every column of every table of facts; what leaves its tenant or seal is missed there."""
    database, tenant = books

    with tampering(database, tenant) as tx:
        changed = tx.connection.exec_driver_sql(change_of(table, column)).rowcount
        found = places(tx)

    missed_in_its_seal = column.name == "tenant_id" and any("seal" in place for place in found)
    assert changed == 1
    assert missed_in_its_seal or any(table.name in place for place in found), found


@pytest.mark.parametrize("table", SEALED, ids=[table.name for table in SEALED])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_a_deleted_row_is_found(books, table, order):
    """The first one and the last one of each table."""
    database, tenant = books
    keys = [f'"{key.name}" {order}' for key in table.primary_key.columns]
    names = ", ".join(f'"{key.name}"' for key in table.primary_key.columns)
    row = f"SELECT {names} FROM {table.name} ORDER BY {', '.join(keys)} LIMIT 1"

    with tampering(database, tenant) as tx:
        gone = tx.connection.exec_driver_sql(
            f"DELETE FROM {table.name} WHERE ({names}) = ({row})"
        ).rowcount
        found = places(tx)

    assert gone == 1
    assert any("seal" in place or table.name in place for place in found), found


@pytest.mark.parametrize(
    ("table", "column", "of"),
    [
        ("document", "number", "number IN ('RE-000003', 'RE-000004')"),
        ("document_line", "no", "document_id = (SELECT id FROM document WHERE number='RE-000002')"),
        ("account_transaction", "no", "no <= 2 AND customer_id = (SELECT customer_id FROM document WHERE number = 'RE-000001')"),
        ("allocation", "no", "no <= 2 AND document_id = (SELECT id FROM document WHERE number = 'RE-000001')"),
        ("journal_entry", "seq", "seq IN (3, 4)"),
        ("leg", "no", "entry_seq = 1 AND no <= 2"),
        ("event", "sequence", "sequence <= 2 AND object_id = (SELECT id FROM document WHERE number = 'RE-000001')"),
        ("seal", "seq", "seq IN (2, 3)"),
    ],
)  # fmt: skip
def test_two_rows_that_changed_places_are_found(books, table, column, of):
    """Reordering: each row keeps its content but for its place."""
    database, tenant = books

    with tampering(database, tenant) as tx:
        run = tx.connection.exec_driver_sql
        (low, high) = run(f"SELECT min({column}), max({column}) FROM {table} WHERE {of}").one()
        aside = "'X'" if isinstance(low, str) else "-1"
        values = [f"'{v}'" if isinstance(v, str) else str(v) for v in (low, high)]
        run(f"UPDATE {table} SET {column} = {aside} WHERE {column} = {values[0]} AND {of}")
        where = of if table != "document" else "1 = 1"
        run(f"UPDATE {table} SET {column} = {values[0]} WHERE {column} = {values[1]} AND {where}")
        back = where.replace("no <= 2", "no = -1").replace("sequence <= 2", "sequence = -1")
        back = back.replace("seq IN (3, 4)", "1 = 1").replace("seq IN (2, 3)", "1 = 1")
        run(f"UPDATE {table} SET {column} = {values[1]} WHERE {column} = {aside} AND {back}")
        found = places(tx)

    assert low != high
    assert any(table in place for place in found), found


SAMPLE = (
    ("document", "snapshot = snapshot || ' '"),
    ("document_line", "derivation = replace(derivation, 'list price', 'lost price')"),
    ("account_transaction", "remittance = 'x'"),
    ("allocation", "entry_key = 'x'"),
    ("journal_entry", "text = 'x'"),
    ("leg", "cost_centre = 'x'"),
    ("event", "data = '{}'"),
    ("seal", "facts = facts + 1"),
)


@pytest.mark.parametrize(("table", "change"), SAMPLE, ids=[table for table, _ in SAMPLE])
def test_both_databases_keep_the_same_proof(database, table, change):
    """A sample of each table on PostgreSQL too."""
    tenant = kept_books(database)

    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql(f"UPDATE {table} SET {change}")
        changed = places(tx)
    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql(f"DELETE FROM {table}")
        deleted = places(tx)
    with tampering(database, tenant) as tx:
        untouched = places(tx)

    assert any(table in place for place in changed), changed
    assert any("seal" in place or table in place for place in deleted), deleted
    assert untouched == []
