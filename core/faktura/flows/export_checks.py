"""Makes the files of a batch once more from the journal, to see whether they are still the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from faktura.domain.tenants import Tenant
from faktura.plugin import AccountingExporter
from faktura.services.export_sources import export_source
from faktura.services.exports import ExportRequest, batch_of, selection_again
from faktura.store.database import Database
from faktura.store.exports import StoredFile, read_batch


@dataclass(frozen=True, slots=True)
class CheckedExport:
    """A file of a batch: `is_same` is None for master data, which may have changed since."""

    name: str
    is_same: bool | None


def check_export(
    database: Database, tenant: Tenant, exporter: AccountingExporter, number: int
) -> list[CheckedExport]:
    """The files of a batch, compared with what the exporter makes of its entries now.

    The journal never changes, so equal settings give equal bytes; other settings, another version
    of the exporter, or a link to a document that came later may not. Raises NotFound, and
    TransitionRefused for a batch that holds its entries no more.
    """
    with database.read(tenant.id) as tx:
        stored = read_batch(tx, exporter.target, number)
        asked = ExportRequest(stored.start, stored.end, stored.options)
        with export_source(
            tx, tenant, selection_again(stored, whole=not exporter.hands_over)
        ) as source:
            batch = batch_of(tenant, stored.number, stored.created_at, asked)
            # One file in memory at a time: only their hashes are kept.
            made = {
                file.name: sha256(file.content).hexdigest()
                for file in exporter.export(batch, source)
            }
    return [*_compared(stored.files, made)]


def _compared(kept: tuple[StoredFile, ...], made: dict[str, str]) -> Iterator[CheckedExport]:
    for file in kept:
        again = made.pop(file.name, None)
        yield CheckedExport(file.name, is_same=again == file.sha256 if file.entries else None)
    for name in made:
        yield CheckedExport(name, is_same=False)
