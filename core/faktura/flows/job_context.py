"""What a job may use of the running application."""

from dataclasses import dataclass

from faktura.hub.adapters import Adapters
from faktura.hub.registry import Registry
from faktura.store.database import Database


@dataclass(frozen=True, slots=True)
class JobContext:
    """The database, what the enabled plugins offer, and who builds their adapters."""

    database: Database
    registry: Registry
    adapters: Adapters
