"""Accounting exports: numbered batches of a target, each with the files it handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError

from faktura.kernel.canonical import content_hash
from faktura.kernel.errors import Conflict, NotFound
from faktura.kernel.terms import EntryKind
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import from_json, to_json
from faktura.store.tables import export_batch, export_entry, journal_entry
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a batch; its bytes lie in the content store under `sha256` (hexadecimal)."""

    name: str
    media_type: str
    sha256: str
    size: int
    rows: int
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> bytes:
        """The SHA-256 as bytes."""
        return bytes.fromhex(self.sha256)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch that was handed over: value dates `start`..`end`, both inclusive."""

    target: str
    number: int
    start: date
    end: date
    created_at: datetime
    files: tuple[StoredFile, ...]


def next_batch_number(tx: Tx, target: str) -> int:
    """The number of the target's next batch; they count from 1."""
    last = tx.connection.execute(
        select(func.max(export_batch.c.no)).where(
            export_batch.c.tenant_id == tx.tenant_id, export_batch.c.target == target
        )
    ).scalar()
    return (last or 0) + 1


def files_hash(files: tuple[StoredFile, ...]) -> bytes:
    """One hash over names and contents of a batch's files, in their order."""
    return content_hash([[file.name, file.sha256] for file in files])


def write_batch(tx: Tx, batch: StoredBatch, entry_seqs: Sequence[int]) -> None:
    """Record a batch and its entries; raises Conflict when another export was faster."""
    entries: list[Row] = [
        (tx.tenant_id, batch.target, seq, batch.number) for seq in sorted(entry_seqs)
    ]
    try:
        tx.connection.execute(
            export_batch.insert().values(
                tenant_id=tx.tenant_id,
                target=batch.target,
                no=batch.number,
                start=batch.start,
                end=batch.end,
                sha256=files_hash(batch.files),
                files=to_json(batch.files, tuple[StoredFile, ...]),
                created_at=batch.created_at,
            )
        )
    except IntegrityError:
        raise Conflict(
            f"another export to {batch.target} was made at this moment",
            place=f"batch {batch.number}",
            mend="Export again: it takes what is left",
        ) from None
    bulk_write(tx, export_entry, entries)


def late_entries(tx: Tx, target: str, start: date, end: date) -> int:
    """Entries that never went out though a batch took their day, but for the days `start`..`end`.

    They were posted after that batch was made; nobody would look for them.
    """
    e, b, x = journal_entry.c, export_batch.c, export_entry.c
    had_its_batch = exists().where(
        b.tenant_id == e.tenant_id, b.target == target, e.value_date.between(b.start, b.end)
    )
    went_out = exists().where(x.tenant_id == e.tenant_id, x.target == target, x.entry_seq == e.seq)
    return tx.connection.execute(
        select(func.count())
        .select_from(journal_entry)
        .where(
            e.tenant_id == tx.tenant_id,
            e.kind != EntryKind.OPENING,
            ~e.value_date.between(start, end),
            had_its_batch,
            ~went_out,
        )
    ).scalar_one()


def read_batch(tx: Tx, target: str, number: int) -> StoredBatch:
    """The batch of that number; raises NotFound."""
    b = export_batch.c
    row = tx.connection.execute(
        select(export_batch).where(b.tenant_id == tx.tenant_id, b.target == target, b.no == number)
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"there is no batch {number} for {target}",
            place="batch",
            mend="`faktura accounting export` names the number of each batch it makes",
        )
    return StoredBatch(
        row.target,
        row.no,
        row.start,
        row.end,
        row.created_at,
        from_json(row.files, tuple[StoredFile, ...]),
    )
