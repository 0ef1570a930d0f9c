"""Opening a database: SQLite embedded or PostgreSQL, with the settings that keep facts safe."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from faktura.kernel.clock import Clock
from faktura.kernel.errors import Misconfigured, WriteRefused
from faktura.kernel.ids import IdSource
from faktura.store.transaction import Tx

_BUSY_TIMEOUT_MS = 15_000


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
        take it.
        """
        try:
            with self.engine.begin() as connection:
                yield Tx(connection, tenant_id, self.clock, self.new_id)
        except DBAPIError as exc:
            raise WriteRefused(f"the database refused: {str(exc.orig).splitlines()[0]}") from exc

    @contextmanager
    def read(self, tenant_id: int) -> Iterator[Tx]:
        """A transaction that only reads, on one snapshot; it never waits for writers."""
        with self.engine.connect().execution_options(faktura_readonly=True) as connection:
            if self.is_postgresql:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield Tx(connection, tenant_id, self.clock, self.new_id)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str, clock: Clock, new_id: IdSource) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; raises Misconfigured for any other address."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        if url.startswith("sqlite:///"):
            engine = create_engine(url, poolclass=NullPool)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        elif url.startswith("postgresql+psycopg://"):
            engine = create_engine(url, pool_pre_ping=True)
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
        reason = str(exc.orig).splitlines()[0]
        raise Misconfigured(
            f"the database does not answer: {reason}",
            place="FAKTURA_DATABASE_URL",
            mend="Start it or correct the address"
            if database.is_postgresql
            else "Correct the path; a damaged file needs a backup",
        ) from None


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


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that later writes fails with "database is locked" whatever the timeout.
    readonly = connection.get_execution_options().get("faktura_readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
