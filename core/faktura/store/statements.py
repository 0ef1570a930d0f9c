"""Uploaded files, their statements and the movements in them; each movement is kept once (P40)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, update

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.statement_chains import StatedBalances
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.kernel.money import Money
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import bank_statement, bank_transaction, bank_upload
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class UploadRow:
    """A file of an account, kept in the content store under its hash."""

    bank_account_id: UUID
    sha256: bytes
    filename: str
    format: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement of an upload; `ends_on` is the day its closing balance is of."""

    id: UUID
    message_id: str
    statement_id: str
    sequence: int | None
    page: int | None
    opening: Money | None
    closing: Money | None
    balanced: bool | None
    ends_on: date | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A new movement; `data` is the parser's whole record as JSON, `source` who delivered it.

    `cross_key` is what another source's account of the same booking would have in common with it.
    """

    id: UUID
    statement_id: UUID
    dedup_key: bytes
    booked_on: date
    value_on: date
    amount: Money
    counterparty: str
    end_to_end_id: str | None
    data: str
    state: MovementState
    source: str
    cross_key: bytes


def is_uploaded(tx: Tx, bank_account_id: UUID, sha256: bytes) -> bool:
    """Whether this very file was imported for the account before."""
    found = tx.connection.execute(
        select(bank_upload.c.sha256).where(
            bank_upload.c.tenant_id == tx.tenant_id,
            bank_upload.c.bank_account_id == bank_account_id,
            bank_upload.c.sha256 == sha256,
        )
    ).one_or_none()
    return found is not None


def write_upload(tx: Tx, new: UploadRow) -> None:
    """Record a file; its bytes are durable in the content store already."""
    tx.connection.execute(
        bank_upload.insert().values(
            tenant_id=tx.tenant_id,
            bank_account_id=new.bank_account_id,
            sha256=new.sha256,
            filename=new.filename,
            format=new.format,
            report="{}",
            imported_at=tx.now(),
        )
    )


def write_report(tx: Tx, upload: UploadRow, report: dict[str, object]) -> None:
    """Keep with a file what came of it, within the same transaction."""
    tx.connection.execute(
        update(bank_upload)
        .where(
            bank_upload.c.tenant_id == tx.tenant_id,
            bank_upload.c.bank_account_id == upload.bank_account_id,
            bank_upload.c.sha256 == upload.sha256,
        )
        .values(report=canonical_json(report))
    )


def write_statement(tx: Tx, upload: UploadRow, new: StatementRow) -> None:
    """Add a statement of an upload."""
    bulk_write(
        tx,
        bank_statement,
        [
            (
                tx.tenant_id,
                new.id,
                upload.bank_account_id,
                upload.sha256,
                new.message_id,
                new.statement_id,
                new.sequence,
                new.page,
                None if new.opening is None else new.opening.minor,
                None if new.closing is None else new.closing.minor,
                new.balanced,
                new.ends_on,
                canonical_json(list(new.warnings)),
            )
        ],
    )


def known_sequences(tx: Tx, bank_account_id: UUID, year: int | None) -> list[int]:
    """Sequence numbers of the account's statements of that year: banks count from 1 each year."""
    s = bank_statement.c
    query = select(s.sequence).where(
        s.tenant_id == tx.tenant_id, s.bank_account_id == bank_account_id, s.sequence.is_not(None)
    )
    if year is not None:
        query = query.where(s.ends_on.between(date(year, 1, 1), date(year, 12, 31)))
    return list(tx.connection.execute(query).scalars())


def read_balances(
    tx: Tx, account: BankAccount, year: int, sequences: Collection[int]
) -> list[StatedBalances]:
    """What the statements of these numbers of that year begin and end with, page by page."""
    s = bank_statement.c
    query = _balances(tx, account.id, year).where(s.sequence.in_(sorted(sequences)))
    return [_stated(row, account.currency) for row in tx.connection.execute(query)]


def last_balances(tx: Tx, account: BankAccount, year: int) -> StatedBalances | None:
    """What the last statement of that year begins and ends with: its last page."""
    s = bank_statement.c
    query = _balances(tx, account.id, year).order_by(s.sequence.desc(), s.page.desc()).limit(1)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _stated(row, account.currency)


def _balances(tx: Tx, bank_account_id: UUID, year: int) -> Select[Any]:
    s = bank_statement.c
    return select(s.sequence, s.page, s.opening, s.closing).where(
        s.tenant_id == tx.tenant_id,
        s.bank_account_id == bank_account_id,
        s.sequence.is_not(None),
        s.ends_on.between(date(year, 1, 1), date(year, 12, 31)),
    )


def _stated(row: Any, currency: str) -> StatedBalances:
    opening, closing = (
        None if minor is None else Money(minor, currency) for minor in (row.opening, row.closing)
    )
    return StatedBalances(row.sequence, row.page, opening, closing)


def forget_upload(tx: Tx, upload: UploadRow) -> None:
    """Nothing came of it: leave no trace of what this transaction has recorded."""
    for table, digest in ((bank_statement, "upload_sha256"), (bank_upload, "sha256")):
        tx.connection.execute(
            delete(table).where(
                table.c.tenant_id == tx.tenant_id,
                table.c.bank_account_id == upload.bank_account_id,
                table.c[digest] == upload.sha256,
            )
        )


def count_anew(tx: Tx) -> None:
    """Let PostgreSQL count the movements now: it does so by itself only minutes after an import.

    Until then it believes that an account has hardly any, and reads all of them for each few.
    """
    if tx.is_postgresql:
        tx.connection.exec_driver_sql("ANALYZE bank_transaction")


def write_movements(tx: Tx, bank_account_id: UUID, movements: Sequence[MovementRow]) -> None:
    """Add movements that came with statements or a feed."""
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            bank_account_id,
            new.statement_id,
            new.dedup_key,
            new.booked_on,
            new.value_on,
            new.amount.minor,
            new.amount.currency,
            new.counterparty,
            new.end_to_end_id,
            new.state,
            new.data,
            now,
            new.source,
            new.cross_key,
        )
        for new in movements
    ]
    bulk_write(tx, bank_transaction, rows)
