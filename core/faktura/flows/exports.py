"""Accounting exports: read entries, make the files, keep their bytes, then record the batch.

Entries are read in one snapshot and streamed; one file is in memory at a time. Files are handed to
people only after the batch is recorded; a refusal leaves nothing behind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from faktura.domain.exports import Ranges
from faktura.domain.tenants import Tenant
from faktura.flows.files import write_whole
from faktura.plugin import AccountingExporter, ExportFile, ExportSource
from faktura.services.export_sources import export_source
from faktura.services.exports import (
    Completeness,
    ExportRequest,
    PlannedBatch,
    Waiting,
    plan_batch,
    record_batch,
)
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.exports import StoredBatch, StoredFile, read_batch
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ExportReceipt:
    """What an export did; `batch` is None when there was nothing to export."""

    batch: StoredBatch | None
    entries: int
    waiting: Waiting = field(default_factory=Waiting)


def export_entries(
    database: Database,
    contents: ContentStore,
    tenant: Tenant,
    exporter: AccountingExporter,
    request: ExportRequest,
) -> ExportReceipt:
    """Make a batch of what the request asks for and never went to the exporter's target.

    An exporter that hands nothing over gets all of it each time.

    Raises ExportRefused as the exporter does and where entries wait for an account, and Conflict
    when another export was faster.
    """
    with database.read(tenant.id) as tx:
        whole = not exporter.hands_over
        planned = plan_batch(tx, tenant, exporter.target, request, whole=whole)
        if not planned.seqs:
            return ExportReceipt(None, 0, planned.waiting)
        with export_source(tx, tenant, planned.selection) as source:
            files = tuple(
                _kept(contents, tenant.id, file, entries)
                for file, entries in _files(tx, exporter, planned, source)
            )
    batch = planned.batch
    stored = StoredBatch(
        exporter.target,
        batch.number,
        batch.start,
        batch.end,
        batch.created_at,
        files,
        batch.options,
    )
    with database.write(tenant.id) as tx:
        record_batch(tx, stored, () if whole else planned.seqs)
    return ExportReceipt(stored, len(planned.seqs), planned.waiting)


def _files(
    tx: Tx, exporter: AccountingExporter, planned: PlannedBatch, source: ExportSource
) -> Iterator[tuple[ExportFile, Ranges]]:
    """The exporter's files, each with the numbers of its entries, all of them counted."""
    complete = Completeness(exporter.target, set(planned.seqs))
    for file in exporter.export(planned.batch, source):
        yield file, complete.take(tx, file)
    complete.finish(tx)


def _kept(contents: ContentStore, tenant_id: int, file: ExportFile, entries: Ranges) -> StoredFile:
    # The store has transactions of its own: what is kept stays, and no row names it if this fails.
    digest = contents.put(tenant_id, file.content)
    return StoredFile(
        file.name,
        file.media_type,
        digest.hex(),
        len(file.content),
        file.rows,
        file.notes,
        entries,
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
