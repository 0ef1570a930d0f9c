"""Locking what has no row, by a name: for a transaction, or for as long as a process lives."""

from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from faktura.store.database import Database
from faktura.store.transaction import Tx

_TRY = text("SELECT pg_try_advisory_lock(:number)")
# A holder that hangs or whose machine is cut off says nothing; PostgreSQL before 14 has no such limit.
_SILENT_FOR = text(
    "SELECT set_config('idle_session_timeout', :limit, false)"
    " WHERE current_setting('idle_session_timeout', true) IS NOT NULL"
)


def lock_name(tx: Tx, name: str) -> None:
    """Let no other transaction that locks the same name go on before this one ends.

    `name` holds the tenant where it is a tenant's. On SQLite whoever writes is alone anyway.
    """
    if tx.is_postgresql:
        tx.connection.execute(
            text("SELECT pg_advisory_xact_lock(:number)"), {"number": _number(name)}
        )


@dataclass(slots=True)
class HeldName:
    """A name that one process of all holds until it releases it, dies, or was silent for `silence`.

    Whoever holds it asks again and again whether it still does: that is its sign of life. On
    SQLite everybody holds every name: there, one process works, and what it writes is unique.
    """

    database: Database
    name: str
    silence_seconds: int = 120
    _connection: Connection | None = field(init=False, default=None)

    def is_held(self) -> bool:
        """Whether this process has the name, or takes it now because nobody has it."""
        if not self.database.is_postgresql:
            return True
        if self._connection is not None and self._is_alive(self._connection):
            return True
        connection = self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            connection.execute(_SILENT_FOR, {"limit": f"{self.silence_seconds}s"})
            held = bool(connection.execute(_TRY, {"number": _number(self.name)}).scalar_one())
        except DBAPIError:
            connection.invalidate()
            connection.close()
            raise
        if held:
            self._connection = connection
        else:
            _close(connection)
        return held

    def release(self) -> None:
        """Let another process have the name."""
        if self._connection is not None:
            _close(self._connection)
            self._connection = None

    def _is_alive(self, connection: Connection) -> bool:
        try:
            connection.execute(text("SELECT 1"))
        except DBAPIError:
            # The server ended the session, and the lock with it.
            connection.close()
            self._connection = None
            return False
        return True


def _close(connection: Connection) -> None:
    # Not back into the pool: its session has a limit, and perhaps the lock.
    connection.detach()
    connection.close()


def _number(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
