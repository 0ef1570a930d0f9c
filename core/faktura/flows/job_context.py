"""What a job may use of the running application."""

from dataclasses import dataclass, field
from pathlib import Path

from faktura.hub.adapters import Adapters
from faktura.hub.registry import Registry
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.secrets import KeyRing


@dataclass(frozen=True, slots=True)
class JobContext:
    """The database, what the enabled plugins offer, who builds their adapters, where files and secrets lie.

    `public_url` is where others find us, None where nobody does; `private_hosts` (name:port) are systems
    of our own network that may be called, `sandbox_hosts` those that a sandbox tenant may. `mail_folder` takes mails where no mail server is set; None where
    mails wait for one.
    """

    database: Database
    registry: Registry
    adapters: Adapters
    contents: ContentStore
    keys: KeyRing = field(default_factory=lambda: KeyRing(()))
    public_url: str | None = None
    private_hosts: frozenset[str] = frozenset()
    sandbox_hosts: frozenset[str] = frozenset()
    mail_folder: Path | None = None
