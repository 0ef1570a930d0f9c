"""Which statements told of a movement: the one it came with, and those kept as aliases (P40)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.statement_places import Telling
from faktura.kernel.money import Money
from faktura.store.batches import in_batches
from faktura.store.tables import bank_statement, bank_upload, movement_alias
from faktura.store.transaction import Tx

_PREFIX = "told:"


def told_source(statement_id: UUID) -> str:
    """Under which source an alias keeps that a statement told of a movement."""
    return f"{_PREFIX}{statement_id.hex}"


def told_in(tx: Tx, movement_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By movement, the statements that told of it when it was there already."""
    a = movement_alias.c
    found: dict[UUID, set[UUID]] = {}
    for batch in in_batches(movement_ids):
        query = select(a.movement_id, a.source).where(
            a.tenant_id == tx.tenant_id,
            a.movement_id.in_(batch),
            a.source.startswith(_PREFIX, autoescape=True),
        )
        for row in tx.connection.execute(query):
            found.setdefault(row.movement_id, set()).add(UUID(row.source.removeprefix(_PREFIX)))
    return found


def read_tellings(
    tx: Tx, account: BankAccount, format_name: str, ids: Collection[UUID]
) -> dict[UUID, Telling]:
    """Those of these statements that came in files of this format."""
    s, u = bank_statement.c, bank_upload.c
    same_upload = and_(
        u.tenant_id == s.tenant_id,
        u.bank_account_id == s.bank_account_id,
        u.sha256 == s.upload_sha256,
    )
    found: dict[UUID, Telling] = {}
    for batch in in_batches(ids):
        query = (
            select(s.id, s.statement_id, s.sequence, s.page, s.opening, s.closing, s.balanced)
            .join(bank_upload, same_upload)
            .where(s.tenant_id == tx.tenant_id, s.id.in_(batch), u.format == format_name)
        )
        for row in tx.connection.execute(query):
            opening, closing = (
                None if minor is None else Money(minor, account.currency)
                for minor in (row.opening, row.closing)
            )
            found[row.id] = Telling(
                row.id, row.statement_id, row.sequence, row.page, opening, closing,
                is_doubtful=row.balanced is False,
            )  # fmt: skip
    return found
