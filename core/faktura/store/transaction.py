"""A transaction: one connection, one tenant, one clock; the only thing a service is given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from faktura.kernel.clock import Clock
from faktura.kernel.ids import IdSource


@dataclass(frozen=True, slots=True)
class Tx:
    """An open database transaction of one tenant; committed by whoever opened it."""

    connection: Connection
    tenant_id: int
    clock: Clock
    new_id: IdSource

    def now(self) -> datetime:
        """The moment at which facts of this transaction are recorded, in UTC."""
        return self.clock.now()

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL; the other one is SQLite."""
        return self.connection.dialect.name == "postgresql"
