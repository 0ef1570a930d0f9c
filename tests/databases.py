"""Databases for tests: migrated once a worker, then copied or emptied, which takes no time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from typing_extensions import override

from faktura.kernel.clock import SystemClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import open_database
from faktura.store.migrations import upgrade

_TABLES: LiteralString = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
)
_VERSION = "alembic_version"


class CompiledOnce(dict[Any, Any]):
    """Compiled statements of all engines of a worker: each test opens an engine of its own.

    SQLAlchemy asks by a key that begins with the engine's dialect; of two engines of one kind of
    database these are the same but for their identity.
    """

    @override
    def get(self, key: Any, default: Any = None) -> Any:
        """The compiled statement, by whichever engine it was compiled."""
        return super().get(_by_name(key), default)

    @override
    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_by_name(key), value)


def _by_name(key: Any) -> Any:
    dialect, *rest = key
    return (dialect.name, *rest)


def migrate(url: str) -> None:
    """Bring the database to the newest revision."""
    clock = SystemClock()
    database = open_database(url, clock, Uuid7Source(clock))
    upgrade(database)
    database.close()


def migrated_file(folder: Path) -> Path:
    """A SQLite file with the schema and no rows, to be copied."""
    file = folder / "migrated.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


class MigratedServer:
    """A database of a PostgreSQL server with the schema; a test gets it without any rows."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._tables: list[str] = []

    def without_rows(self) -> str:
        """The address, once everything that an earlier test left is gone."""
        with _connected(self.url) as connection:
            if self._tables and _tables(connection) == self._tables:
                # Neither the triggers that guard facts nor foreign keys are asked.
                connection.execute("SET session_replication_role = replica")
                # One round trip and one commit for all of them.
                emptied = (
                    sql.SQL("DELETE FROM {}").format(sql.Identifier(table))
                    for table in self._tables
                )
                connection.execute(sql.SQL("; ").join(emptied))
                return self.url
            drop_everything(connection)
        migrate(self.url)
        with _connected(self.url) as connection:
            self._tables = _tables(connection)
        return self.url


def empty_server(url: str) -> str:
    """The address of a database of a server without any table."""
    with _connected(url) as connection:
        drop_everything(connection)
    return url


def drop_everything(connection: psycopg.Connection) -> None:
    """Drop all tables."""
    connection.execute("SET client_min_messages = warning")
    connection.execute("DROP SCHEMA public CASCADE")
    connection.execute("CREATE SCHEMA public")


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        # What an earlier test left open would hold the locks that this one waits for.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        yield connection


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(_TABLES)
    return [name for (name,) in rows if name != _VERSION]
