"""Accounting exports: read entries, make the files, keep their bytes, then record the batch.

Files are handed to people only after the batch is recorded; a refusal leaves nothing behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from faktura.domain.tenants import Tenant
from faktura.flows.files import write_whole
from faktura.plugin import AccountingExporter, ExportFile
from faktura.services.exports import PlannedBatch, check_complete, plan_batch, record_batch
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.exports import StoredBatch, StoredFile, read_batch


@dataclass(frozen=True, slots=True)
class ExportReceipt:
    """What an export did; `batch` is None when there was nothing to export.

    `drafts` counts entries of the period that are not exported because an account is missing,
    `late` those of other days that came in after their days' batch and are in none.
    """

    batch: StoredBatch | None
    entries: int
    drafts: int
    late: int


def export_entries(
    database: Database,
    contents: ContentStore,
    tenant: Tenant,
    exporter: AccountingExporter,
    start: date,
    end: date,
) -> ExportReceipt:
    """Make a batch of all entries of these value dates that never went to the exporter's target.

    Raises ExportRefused as the exporter does, and Conflict when another export was faster.
    """
    with database.read(tenant.id) as tx:
        planned = plan_batch(tx, tenant, exporter.target, start, end)
    if not planned.entries:
        return ExportReceipt(None, 0, planned.drafts, planned.late)
    files = list(exporter.export(planned.batch, planned.entries))
    keys = [key for file in files for key in file.entry_keys]
    check_complete(exporter.target, planned.entries, keys)
    stored = _stored(contents, tenant.id, exporter.target, planned, files)
    with database.write(tenant.id) as tx:
        record_batch(tx, stored, planned.entries)
    return ExportReceipt(stored, len(planned.entries), planned.drafts, planned.late)


def _stored(
    contents: ContentStore,
    tenant_id: int,
    target: str,
    planned: PlannedBatch,
    files: Sequence[ExportFile],
) -> StoredBatch:
    return StoredBatch(
        target,
        planned.batch.number,
        planned.batch.start,
        planned.batch.end,
        planned.batch.created_at,
        tuple(
            StoredFile(
                file.name,
                file.media_type,
                contents.put(tenant_id, file.content).hex(),
                len(file.content),
                file.rows,
                file.notes,
            )
            for file in files
        ),
    )


def find_batch(database: Database, tenant_id: int, target: str, number: int) -> StoredBatch:
    """A batch that was handed over before; raises NotFound."""
    with database.read(tenant_id) as tx:
        return read_batch(tx, target, number)


def write_batch_files(
    contents: ContentStore, tenant_id: int, batch: StoredBatch, folder: Path
) -> list[Path]:
    """Write the kept bytes of a batch to `folder/<target>-<number>`, byte for byte as first made.

    Each batch has a folder of its own: two batches of one month have files of one name.
    """
    own = folder / f"{batch.target}-{batch.number:04d}"
    written = []
    for file in batch.files:
        path = own / file.name
        write_whole(path, contents.get(tenant_id, file.digest))
        written.append(path)
    return written
