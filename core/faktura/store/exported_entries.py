"""With which export batch a journal entry went out, to which target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from faktura.store.batches import in_batches
from faktura.store.tables import export_batch, export_entry
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """An entry in a live batch; `sha256` is over names and hashes of the batch's files (hexadecimal)."""

    entry_seq: int
    target: str
    batch: int
    created_at: datetime
    sha256: str


def exported_entries(tx: Tx, entry_seqs: Sequence[int]) -> Iterator[ExportedEntry]:
    """The batches of these entries, by entry and target."""
    x, b = export_entry.c, export_batch.c
    for batch in in_batches(sorted(entry_seqs)):
        rows = tx.connection.execute(
            select(x.entry_seq, x.target, x.batch_no, b.created_at, b.sha256)
            .join(
                export_batch,
                (b.tenant_id == x.tenant_id) & (b.target == x.target) & (b.no == x.batch_no),
            )
            .where(x.tenant_id == tx.tenant_id, x.entry_seq.in_(batch))
            .order_by(x.entry_seq, x.target)
        )
        for row in rows:
            yield ExportedEntry(
                row.entry_seq, row.target, row.batch_no, row.created_at, row.sha256.hex()
            )
