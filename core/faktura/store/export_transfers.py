"""Files of batches on their way to a linked system, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any

from sqlalchemy import Row, delete, select

from faktura.store.tables import export_transfer
from faktura.store.transaction import Tx


@unique
class Handover(StrEnum):
    """Where a file stands: SENDING was written down before the call and has no answer yet."""

    SENDING = "SENDING"
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class StoredTransfer:
    """A file of a batch on its way, by its place in the batch (from 0); moments in UTC.

    `reference` is ours and unique; `job` is the other side's name of it, once it is known.
    """

    target: str
    batch: int
    file: int
    reference: str
    state: Handover
    job: str | None = None
    message: str = ""
    sent_at: datetime | None = None
    checked_at: datetime | None = None
    check_after: datetime | None = None

    @property
    def is_repeat(self) -> bool:
        """Whether the batch was accepted before and is handed over once more on purpose."""
        return self.reference.startswith("again ")


def read_transfers(tx: Tx, target: str, batch: int) -> list[StoredTransfer]:
    """The transfers of a batch, by file."""
    t = export_transfer.c
    rows = tx.connection.execute(
        select(export_transfer)
        .where(t.tenant_id == tx.tenant_id, t.target == target, t.batch_no == batch)
        .order_by(t.file_no)
    )
    return [_stored(row) for row in rows]


def list_transfers(tx: Tx, target: str | None, limit: int) -> list[StoredTransfer]:
    """The transfers of the latest batches, newest batch first, of all targets or one."""
    t = export_transfer.c
    query = select(export_transfer).where(t.tenant_id == tx.tenant_id)
    if target is not None:
        query = query.where(t.target == target)
    rows = tx.connection.execute(
        query.order_by(t.batch_no.desc(), t.target, t.file_no).limit(limit)
    )
    return [_stored(row) for row in rows]


def write_transfer(tx: Tx, transfer: StoredTransfer) -> None:
    """Write a transfer down, in place of what was known of the same file."""
    t = export_transfer.c
    tx.connection.execute(
        delete(export_transfer).where(
            t.tenant_id == tx.tenant_id,
            t.target == transfer.target,
            t.batch_no == transfer.batch,
            t.file_no == transfer.file,
        )
    )
    tx.connection.execute(
        export_transfer.insert().values(
            tenant_id=tx.tenant_id,
            target=transfer.target,
            batch_no=transfer.batch,
            file_no=transfer.file,
            reference=transfer.reference,
            job=transfer.job,
            state=transfer.state,
            message=transfer.message or None,
            sent_at=transfer.sent_at,
            checked_at=transfer.checked_at,
            check_after=transfer.check_after,
        )
    )


def delete_transfers(tx: Tx, target: str, batch: int) -> None:
    """Forget the transfers of a batch, which is to be handed over once more."""
    t = export_transfer.c
    tx.connection.execute(
        delete(export_transfer).where(
            t.tenant_id == tx.tenant_id, t.target == target, t.batch_no == batch
        )
    )


def _stored(row: Row[Any]) -> StoredTransfer:
    return StoredTransfer(
        row.target,
        row.batch_no,
        row.file_no,
        row.reference,
        Handover(row.state),
        row.job,
        row.message or "",
        row.sent_at,
        row.checked_at,
        row.check_after,
    )
