"""Opening a database: SQLite embedded or PostgreSQL, with the settings that keep facts safe."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.pool import ConnectionPoolEntry

from faktura.kernel.clock import Clock
from faktura.kernel.errors import DatabaseUnreachable, Misconfigured
from faktura.kernel.ids import IdSource
from faktura.store.refusals import refusal
from faktura.store.transaction import Tx

_BUSY_TIMEOUT_MS = 15_000
_SQLITE_KEPT = 8
_FILE = "faktura_file"


class _Over(Exception):
    """A rehearsal is over: its transaction is rolled back."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database and what every transaction on it is given."""

    engine: Engine
    clock: Clock
    new_id: IdSource

    @property
    def is_postgresql(self) -> bool:
        """Whether more than one process may write at a time."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def write(self, tenant_id: int) -> Iterator[Tx]:
        """A transaction that writes: committed at the end, rolled back on any error.

        On SQLite it holds the write lock from its first moment (BEGIN IMMEDIATE), so that what was
        read cannot change before it is written. Raises WriteRefused where the database does not
        take it (WriteCollided where that is another transaction's fault), DatabaseUnreachable where it does not answer or others write for too long.
        """
        try:
            with self._begun() as connection:
                yield Tx(connection, tenant_id, self.clock, self.new_id)
        except DBAPIError as exc:
            if exc.connection_invalidated:
                raise _unreachable(exc) from exc
            raise refusal(exc.orig or exc) from exc

    @contextmanager
    def rehearse(self, tenant_id: int) -> Iterator[Tx]:
        """A transaction that writes and is rolled back at the end: nothing of it ever happened.

        It holds locks like one that is committed. Raises as `write` does.
        """
        with suppress(_Over), self.write(tenant_id) as tx:
            yield tx
            raise _Over

    @contextmanager
    def read(self, tenant_id: int) -> Iterator[Tx]:
        """A transaction that only reads, on one snapshot; it never waits for writers.

        Raises DatabaseUnreachable where the database does not answer.
        """
        options: dict[str, object] = {"faktura_readonly": True}
        if self.is_postgresql:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._begun(**options) as connection:
            yield Tx(connection, tenant_id, self.clock, self.new_id)

    @contextmanager
    def _begun(self, **options: object) -> Iterator[Connection]:
        with ExitStack() as transaction:
            try:
                connection = transaction.enter_context(self.engine.connect())
                connection = connection.execution_options(**options)
                transaction.enter_context(connection.begin())
            # What SQLite says to BEGIN comes as it is.
            except (DBAPIError, PoolExhausted, sqlite3.OperationalError) as exc:
                raise _unreachable(exc) from exc
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str, clock: Clock, new_id: IdSource) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; raises Misconfigured for any other address."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        if url.startswith("sqlite:///"):
            # Opening a file and setting it up takes longer than a small read of it.
            engine = create_engine(
                url, pool_size=_SQLITE_KEPT, max_overflow=-1, hide_parameters=True
            )
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            _open_anew_where_replaced(engine, Path(url.removeprefix("sqlite:///")))
        elif url.startswith("postgresql+psycopg://"):
            # An error is logged with its statement, never with what was asked about whom.
            engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        else:
            raise Misconfigured(
                "the database address is neither SQLite nor PostgreSQL",
                place="FAKTURA_DATABASE_URL",
                mend="Write sqlite:///path/to/file.db or postgresql://user@host/name",
            )
    except (ArgumentError, ValueError) as exc:
        raise Misconfigured(
            "the database address cannot be read", place="FAKTURA_DATABASE_URL"
        ) from exc
    return Database(engine, clock, new_id)


def check_reachable(database: Database) -> None:
    """Raise Misconfigured with the reason when the database does not answer."""
    try:
        with database.engine.connect():
            pass
    except DatabaseError as exc:
        raise Misconfigured(
            f"the database does not answer: {_reason(exc)}",
            place="FAKTURA_DATABASE_URL",
            mend="Start it or correct the address"
            if database.is_postgresql
            else "Correct the path; a damaged file needs a backup",
        ) from None


def _reason(exc: Exception) -> str:
    said = exc.orig if isinstance(exc, DBAPIError) else exc
    return str(said).splitlines()[0]


def _unreachable(exc: Exception) -> DatabaseUnreachable:
    return DatabaseUnreachable(
        f"the database does not answer: {_reason(exc)}", mend="Repeat it later"
    )


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: BEGIN is ours (see _begin_sqlite).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # Without it INSERT OR REPLACE would slip past the triggers that refuse a DELETE.
        "recursive_triggers=ON",
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _open_anew_where_replaced(engine: Engine, path: Path) -> None:
    """Give up kept connections to a file that was put away: what they write would be lost."""

    def note(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info[_FILE] = _identity(path)

    def compare(_connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if entry.info[_FILE] != _identity(path):
            raise DisconnectionError

    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", compare)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that later writes fails with "database is locked" whatever the timeout.
    readonly = connection.get_execution_options().get("faktura_readonly", False)
    # Straight to the driver: this runs before every read.
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN" if readonly else "BEGIN IMMEDIATE")
