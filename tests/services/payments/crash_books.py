"""Books that are restored before each experiment, and tick before and after each commit."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy import event as engine_event

from faktura.kernel.clock import Clock, SystemClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import Database, open_database


@dataclass
class Books:
    """A migrated database; a copy of it lies beside it, in the folder or in a schema of its own."""

    url: str
    folder: Path
    tick: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        clock = SystemClock()
        self._engine = self._ticking(open_database(self.url, clock, Uuid7Source(clock)).engine)

    def keep(self) -> None:
        """What is written by now is what is restored."""
        self._engine.dispose()
        if self.is_file:
            shutil.copy(self._file, self.folder / "base")
        else:
            self._server = psycopg.connect(self._address, autocommit=True)
            self._keep_base()

    def database(self, clock: Clock) -> Database:
        """The books by another clock; statements stay compiled from process to process."""
        return Database(self._engine, clock, Uuid7Source(clock))

    @property
    def is_file(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def _file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def _address(self) -> str:
        return self.url.replace("+psycopg", "")

    def _tables(self) -> list[str]:
        rows = self._server.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return [name for (name,) in rows]

    def _keep_base(self) -> None:
        self._server.execute("DROP SCHEMA IF EXISTS base CASCADE; CREATE SCHEMA base")
        for table in self._tables():
            name = sql.Identifier(table)
            self._server.execute(
                sql.SQL("CREATE TABLE base.{} AS SELECT * FROM public.{}").format(name, name)
            )
        self._server.execute("SET session_replication_role = replica")
        self._server.execute("SET search_path = public")

    def restore(self) -> None:
        """The company as it was prepared; nobody is connected."""
        self._engine.dispose()
        if self.is_file:
            for suffix in ("-wal", "-shm"):
                self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
            shutil.copy(self.folder / "base", self._file)
            return
        # What a killed process held goes with its connection, a moment after it.
        self._server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        filled = [sql.Identifier(one) for one in self._tables()]
        again = [
            sql.SQL(
                "DELETE FROM {}; INSERT INTO {} OVERRIDING SYSTEM VALUE SELECT * FROM base.{}"
            ).format(one, one, one)
            for one in filled
        ]
        self._server.execute(sql.SQL("; ").join(again))

    def _ticking(self, engine: Engine) -> Engine:
        """Tick before and after each commit."""
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.tick()
            commit(connection)
            self.tick()

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign,assignment]  # around it
        if self.is_file:
            # Processes die here, the machine does not.
            engine_event.listen(engine, "connect", _hastily)
        return engine


def _hastily(connection: Any, _entry: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
