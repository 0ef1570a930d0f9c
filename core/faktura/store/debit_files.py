"""Files of collective debits as rows, and the attempts that wait for one or stand in one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from faktura.domain.attempts import Attempt
from faktura.domain.debit_files import DebitBlock, KeptFile
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, FileState, MandateScheme
from faktura.store.attempts import attempt_from_row
from faktura.store.batches import in_batches
from faktura.store.codec import from_json, to_json
from faktura.store.tables import debit_file, document, payment_attempt
from faktura.store.transaction import Tx

f, a = debit_file.c, payment_attempt.c


@dataclass(frozen=True, slots=True)
class _Details:
    """What no query asks for; it lies in JSON."""

    currency: str
    scheme: MandateScheme
    submit_until: datetime
    blocks: tuple[DebitBlock, ...]
    accounts: Mapping[UUID, str]


def next_file_no(tx: Tx, instance: str) -> int:
    """The number of the account's next file; who writes it holds the account's lock."""
    last = tx.connection.execute(
        select(func.max(f.no)).where(f.tenant_id == tx.tenant_id, f.instance == instance)
    ).scalar()
    return (last or 0) + 1


def write_file(tx: Tx, file: KeptFile) -> None:
    """Add a file whose bytes are durable."""
    details = _Details(
        file.total.currency, file.scheme, file.submit_until, file.blocks, file.accounts
    )
    tx.connection.execute(
        debit_file.insert().values(
            tenant_id=tx.tenant_id,
            instance=file.instance,
            no=file.no,
            state=file.state,
            message_id=file.message_id,
            details=to_json(details, _Details),
            filename=file.filename,
            media_type=file.media_type,
            sha256=file.digest,
            items=file.items,
            total=file.total.minor,
            first_due_on=file.first_due_on,
            last_due_on=file.last_due_on,
            created_at=file.created_at,
        )
    )


def change_file(tx: Tx, file: KeptFile) -> None:
    """Keep where a file stands; the caller has locked it. What it holds never changes."""
    tx.connection.execute(
        update(debit_file)
        .where(f.tenant_id == tx.tenant_id, f.instance == file.instance, f.no == file.no)
        .values(
            state=file.state,
            handed_in_at=file.handed_in_at,
            cancelled_at=file.cancelled_at,
            reason=file.reason,
        )
    )


def read_file(tx: Tx, instance: str, no: int, *, lock: bool = False) -> KeptFile:
    """The account's file of that number; raises NotFound."""
    query = select(debit_file).where(
        f.tenant_id == tx.tenant_id, f.instance == instance, f.no == no
    )
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(
            f"{instance} has no file of debits {no}",
            place="fileNumber",
            mend="faktura payments debits list shows those that there are",
        )
    return _file(row)


def list_files(
    tx: Tx,
    instance: str | None = None,
    *,
    after: tuple[str, int] | None = None,
    limit: int | None = None,
) -> list[KeptFile]:
    """Files by account, newest first, of those behind `after` (instance, number)."""
    query = select(debit_file).where(f.tenant_id == tx.tenant_id)
    if instance is not None:
        query = query.where(f.instance == instance)
    if after is not None:
        query = query.where(
            (f.instance > after[0]) | ((f.instance == after[0]) & (f.no < after[1]))
        )
    rows = tx.connection.execute(query.order_by(f.instance, f.no.desc()).limit(limit))
    return [_file(row) for row in rows]


def files_of(tx: Tx, message_ids: Collection[str]) -> dict[str, KeptFile]:
    """The files of these message ids; absent where there is none."""
    return {
        row.message_id: _file(row)
        for batch in in_batches(sorted(message_ids))
        for row in tx.connection.execute(
            select(debit_file).where(f.tenant_id == tx.tenant_id, f.message_id.in_(batch))
        )
    }


def files_numbered(tx: Tx, numbers: Iterable[tuple[str, int]]) -> list[KeptFile]:
    """The files of these accounts and numbers; few at a time."""
    return [read_file(tx, instance, no) for instance, no in sorted(set(numbers))]


def waiting_attempts(tx: Tx, instance: str) -> list[tuple[Attempt, str]]:
    """Debits that the account took and no file holds, with their documents' numbers, oldest first."""
    return _attempts(
        tx, a.instance == instance, a.state == AttemptState.PENDING, a.file_no.is_(None)
    )


def attempts_in(tx: Tx, instance: str, no: int) -> list[tuple[Attempt, str]]:
    """The debits of a file with their documents' numbers, oldest first."""
    return _attempts(tx, a.instance == instance, a.file_no == no)


def means_in_files(tx: Tx, instance: str, means_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these means are collected by in a file that the bank has not answered."""
    found: set[UUID] = set()
    for batch in in_batches(sorted(means_ids)):
        found |= set(
            tx.connection.execute(
                select(a.means_id).where(
                    a.tenant_id == tx.tenant_id,
                    a.instance == instance,
                    a.state == AttemptState.PENDING,
                    a.file_no.is_not(None),
                    a.means_id.in_(batch),
                )
            ).scalars()
        )
    return found


def _attempts(tx: Tx, *conditions: Any) -> list[tuple[Attempt, str]]:
    rows = tx.connection.execute(
        select(payment_attempt, document.c.number)
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .where(a.tenant_id == tx.tenant_id, *conditions)
        .order_by(a.id)
    )
    return [(attempt_from_row(row), row.number) for row in rows]


def _file(row: Any) -> KeptFile:
    details = from_json(row.details, _Details)
    return KeptFile(
        row.instance,
        row.no,
        row.message_id,
        row.filename,
        row.media_type,
        row.sha256,
        row.items,
        Money(row.total, details.currency),
        details.scheme,
        row.first_due_on,
        row.last_due_on,
        details.submit_until,
        row.created_at,
        details.blocks,
        details.accounts,
        FileState(row.state),
        row.handed_in_at,
        row.cancelled_at,
        row.reason,
    )
