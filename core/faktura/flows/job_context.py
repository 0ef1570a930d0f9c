"""What a job may use of the running application."""

from dataclasses import dataclass, field

from faktura.hub.adapters import Adapters
from faktura.hub.registry import Registry
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.secrets import KeyRing


@dataclass(frozen=True, slots=True)
class JobContext:
    """The database, what the enabled plugins offer, who builds their adapters, where files and secrets lie.

    `public_url` is where others find us, None where nobody does.
    """

    database: Database
    registry: Registry
    adapters: Adapters
    contents: ContentStore
    keys: KeyRing = field(default_factory=lambda: KeyRing(()))
    public_url: str | None = None
