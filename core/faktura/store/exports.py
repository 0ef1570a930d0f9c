"""Accounting exports: numbered batches of a target, each with the files it handed over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from faktura.domain.exports import Ranges
from faktura.kernel.accounting_terms import BatchState
from faktura.kernel.canonical import content_hash
from faktura.kernel.errors import Conflict, NotFound
from faktura.plugin import ExportOptions
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import from_json, to_json
from faktura.store.tables import export_batch, export_entry
from faktura.store.transaction import Tx

# What was asked for before options were kept with a batch.
_BEFORE_OPTIONS = ExportOptions(debtors=False)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a batch; its bytes lie in the content store under `sha256` (hexadecimal).

    `entries` are the numbers of its entries in the journal; master data has none.
    """

    name: str
    media_type: str
    sha256: str
    size: int
    rows: int
    notes: tuple[str, ...] = ()
    entries: Ranges = ()

    @property
    def digest(self) -> bytes:
        """The SHA-256 as bytes."""
        return bytes.fromhex(self.sha256)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch that was handed over: accounting dates `start`..`end`, both inclusive.

    `freed` are entries that were taken out of it again, since it was voided or refused.
    """

    target: str
    number: int
    start: date
    end: date
    created_at: datetime
    files: tuple[StoredFile, ...]
    options: ExportOptions = _BEFORE_OPTIONS
    state: BatchState = BatchState.MADE
    freed: Ranges = ()
    void_reason: str | None = None
    voided_at: datetime | None = None

    @property
    def entries(self) -> int:
        """How many entries its files hold, those that were freed among them."""
        return sum(last - first + 1 for file in self.files for first, last in file.entries)


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


def write_batch(tx: Tx, batch: StoredBatch, entry_seqs: Collection[int]) -> None:
    """Record a batch and its entries; raises Conflict when another export was faster."""
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
                state=batch.state,
                options=to_json(batch.options, ExportOptions),
            )
        )
    except IntegrityError:
        raise Conflict(
            f"another export to {batch.target} was made at this moment",
            place=f"batch {batch.number}",
            mend="Export again: it takes what is left",
        ) from None
    for seqs in in_batches(sorted(entry_seqs)):
        entries: list[Row] = [(tx.tenant_id, batch.target, seq, batch.number) for seq in seqs]
        bulk_write(tx, export_entry, entries)


def read_batch(tx: Tx, target: str, number: int) -> StoredBatch:
    """The batch of that number; raises NotFound."""
    b = export_batch.c
    row = tx.connection.execute(
        select(export_batch).where(b.tenant_id == tx.tenant_id, b.target == target, b.no == number)
    ).one_or_none()
    return _found(row, target, number)


def lock_batch(tx: Tx, target: str, number: int) -> StoredBatch:
    """The batch of that number, locked until the transaction ends; raises NotFound.

    Whoever changes its state holds this lock: it is not voided while it is being sent.
    """
    b = export_batch.c
    row = tx.connection.execute(
        select(export_batch)
        .where(b.tenant_id == tx.tenant_id, b.target == target, b.no == number)
        .with_for_update()
    ).one_or_none()
    return _found(row, target, number)


def list_batches(
    tx: Tx, target: str | None = None, *, after: tuple[str, int] | None = None, limit: int
) -> list[StoredBatch]:
    """Batches by target, newest first, of those behind `after` (target, number); at most `limit`."""
    b = export_batch.c
    query = select(export_batch).where(b.tenant_id == tx.tenant_id)
    if target is not None:
        query = query.where(b.target == target)
    if after is not None:
        query = query.where((b.target > after[0]) | ((b.target == after[0]) & (b.no < after[1])))
    rows = tx.connection.execute(query.order_by(b.target, b.no.desc()).limit(limit))
    return [_batch(row) for row in rows]


def set_state(tx: Tx, target: str, number: int, state: BatchState) -> None:
    """Note where a locked batch stands."""
    _update(tx, target, number, {"state": state})


def note_freed(tx: Tx, batch: StoredBatch, freed: Ranges) -> None:
    """Keep which entries of a locked batch are free to go out with another one."""
    _update(tx, batch.target, batch.number, {"voided": to_json(freed, Ranges)})


def note_void(tx: Tx, batch: StoredBatch, reason: str) -> None:
    """Keep why and when a locked batch was voided."""
    values = {"state": BatchState.VOIDED, "void_reason": reason, "voided_at": tx.now()}
    _update(tx, batch.target, batch.number, values)


def _update(tx: Tx, target: str, number: int, values: dict[str, object]) -> None:
    b = export_batch.c
    tx.connection.execute(
        update(export_batch)
        .where(b.tenant_id == tx.tenant_id, b.target == target, b.no == number)
        .values(**values)
    )


def _found(row: Any, target: str, number: int) -> StoredBatch:
    if row is None:
        raise NotFound(
            f"there is no batch {number} for {target}",
            place="batch",
            mend="`faktura accounting batches list` names them all",
        )
    return _batch(row)


def _batch(row: Any) -> StoredBatch:
    return StoredBatch(
        row.target,
        row.no,
        row.start,
        row.end,
        row.created_at,
        from_json(row.files, tuple[StoredFile, ...]),
        from_json(row.options, ExportOptions) if row.options else _BEFORE_OPTIONS,
        BatchState(row.state),
        from_json(row.voided, Ranges) if row.voided else (),
        row.void_reason,
        row.voided_at,
    )
