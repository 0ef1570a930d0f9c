"""What the database knows of the tables' sizes: a first run must not wait for autovacuum to look.

Of an empty table PostgreSQL plans the checks of foreign keys by whichever index comes first, and keeps such a
plan for the session: each posted leg would look through all entries of its tenant. SQLite counts when
it is told to, and until then reads all of a tenant's rows for a few of them, also beside an index.
"""

from sqlalchemy import text

from faktura.store.tables import (
    account_transaction,
    activity,
    document,
    document_line,
    event,
    journal_entry,
    leg,
    open_item,
)
from faktura.store.transaction import Tx

_GROWING = (
    document,
    document_line,
    account_transaction,
    journal_entry,
    leg,
    event,
    open_item,
    activity,
)
# Rows of an index that SQLite looks at: so it takes some milliseconds, however many there are.
_LOOKED_AT = 400


def count_first_rows(tx: Tx) -> bool:
    """Let PostgreSQL count the rows of what runs write, where it never has; whether it was asked to.

    Plans that sessions keep are made anew. Where the user of the database owns no tables nothing happens.
    """
    if not tx.is_postgresql:
        return False
    known = tx.connection.execute(
        text("SELECT reltuples FROM pg_class WHERE oid = CAST(:name AS regclass)"),
        {"name": journal_entry.name},
    ).scalar_one()
    if known > 0:
        return False
    tx.connection.execute(text(f"ANALYZE {', '.join(table.name for table in _GROWING)}"))
    return True


def count_rows(tx: Tx) -> None:
    """Let SQLite count anew by which index rows are told apart; PostgreSQL counts by itself."""
    if tx.is_postgresql:
        return
    tx.connection.exec_driver_sql(f"PRAGMA analysis_limit={_LOOKED_AT}")
    tx.connection.exec_driver_sql("ANALYZE")
