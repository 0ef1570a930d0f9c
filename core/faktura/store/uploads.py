"""Uploaded statement files as a person looks them up: newest first, each with its statements."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from faktura.kernel.errors import NotFound, shortened
from faktura.kernel.money import Money
from faktura.store.tables import bank_account, bank_statement, bank_upload
from faktura.store.transaction import Tx

_BYTES_OF_ID = 16
_WRITTEN = re.compile("[0-9a-f]{96}", re.ASCII)


@dataclass(frozen=True, slots=True)
class UploadKey:
    """What names an upload: its account, and the SHA-256 of the file."""

    account_id: UUID
    sha256: bytes

    @property
    def text(self) -> str:
        """The key as one word of 96 hexadecimal digits."""
        return self.account_id.hex + self.sha256.hex()


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload with the report that was kept of it when it was imported."""

    key: UploadKey
    bank_iban: str
    filename: str
    format: str
    report: Mapping[str, object]
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement in a file; None is what the bank did not say, `balanced` None is not checked."""

    id: UUID
    message_id: str
    statement_id: str
    sequence: int | None
    page: int | None
    opening: Money | None
    closing: Money | None
    balanced: bool | None
    ends_on: date | None
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class UploadDetails:
    """An upload with its statements, in the order of the file."""

    upload: UploadView
    statements: tuple[StatementView, ...]


def upload_key(text: str) -> UploadKey:
    """The key behind its text; raises NotFound for what is none."""
    if not _WRITTEN.fullmatch(text):
        raise _no_upload(text)
    raw = bytes.fromhex(text)
    return UploadKey(UUID(bytes=raw[:_BYTES_OF_ID]), raw[_BYTES_OF_ID:])


def list_uploads(
    tx: Tx, *, account_id: UUID | None = None, after: UploadKey | None = None, limit: int = 100
) -> list[UploadView]:
    """Uploads of an account, or of all of them, newest first; `after` goes on below that one.

    Raises NotFound where there is no upload `after`.
    """
    u = bank_upload.c
    query = _uploads(tx)
    if account_id is not None:
        query = query.where(u.bank_account_id == account_id)
    if after is not None:
        last = _read(tx, after)
        place = tuple_(u.imported_at, u.bank_account_id, u.sha256)
        query = query.where(place < (last.imported_at, after.account_id, after.sha256))
    newest = (u.imported_at.desc(), u.bank_account_id.desc(), u.sha256.desc())
    rows = tx.connection.execute(query.order_by(*newest).limit(limit))
    return [_view(row) for row in rows]


def read_upload(tx: Tx, key: UploadKey) -> UploadDetails:
    """One upload with its statements; raises NotFound."""
    s = bank_statement.c
    rows = tx.connection.execute(
        select(bank_statement, bank_account.c.currency)
        .join(
            bank_account,
            (bank_account.c.tenant_id == s.tenant_id) & (bank_account.c.id == s.bank_account_id),
        )
        .where(
            s.tenant_id == tx.tenant_id,
            s.bank_account_id == key.account_id,
            s.upload_sha256 == key.sha256,
        )
        .order_by(s.id)
    )
    return UploadDetails(_read(tx, key), tuple(_statement(row) for row in rows))


def _read(tx: Tx, key: UploadKey) -> UploadView:
    u = bank_upload.c
    row = tx.connection.execute(
        _uploads(tx).where(u.bank_account_id == key.account_id, u.sha256 == key.sha256)
    ).one_or_none()
    if row is None:
        raise _no_upload(key.text)
    return _view(row)


def _uploads(tx: Tx) -> Select[Any]:
    u = bank_upload.c
    return (
        select(bank_upload, bank_account.c.iban)
        .join(
            bank_account,
            (bank_account.c.tenant_id == u.tenant_id) & (bank_account.c.id == u.bank_account_id),
        )
        .where(u.tenant_id == tx.tenant_id)
    )


def _no_upload(text: str) -> NotFound:
    return NotFound(f"there is no bank statement {shortened(text)}", place="bankStatement")


def _view(row: Any) -> UploadView:
    return UploadView(
        UploadKey(row.bank_account_id, row.sha256),
        row.iban,
        row.filename,
        row.format,
        json.loads(row.report),
        row.imported_at,
    )


def _statement(row: Any) -> StatementView:
    opening, closing = row.opening, row.closing
    return StatementView(
        row.id,
        row.message_id,
        row.statement_id,
        row.sequence,
        row.page,
        None if opening is None else Money(opening, row.currency),
        None if closing is None else Money(closing, row.currency),
        row.balanced,
        row.ends_on,
        tuple(json.loads(row.warnings)),
    )
