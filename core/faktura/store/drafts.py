"""Invoice drafts: documents that could not be finalised, kept for a person to see what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import contract, invoice_draft
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft of a contract: `data` is canonical JSON, `missing` the fields to fill."""

    contract_id: UUID
    no: int
    data: str
    missing: str


@dataclass(frozen=True, slots=True)
class ListedDraft:
    """A draft with its contract's number."""

    contract_number: str
    data: str
    missing: str


def keep_drafts(tx: Tx, drafts: Sequence[StoredDraft]) -> None:
    """Keep the drafts of contracts that have none."""
    now = tx.now()
    rows: list[Row] = [
        (tx.tenant_id, draft.contract_id, draft.no, draft.data, draft.missing, now)
        for draft in drafts
    ]
    bulk_write(tx, invoice_draft, rows)


def discard_drafts(tx: Tx, contract_ids: Sequence[UUID]) -> None:
    """Drop the drafts of contracts: their documents are issued, or drafted anew."""
    for batch in in_batches(contract_ids):
        tx.connection.execute(
            delete(invoice_draft).where(
                invoice_draft.c.tenant_id == tx.tenant_id, invoice_draft.c.contract_id.in_(batch)
            )
        )


def read_drafts(tx: Tx) -> list[ListedDraft]:
    """All drafts by contract number."""
    d = invoice_draft.c
    rows = tx.connection.execute(
        select(contract.c.number, d.data, d.missing)
        .join(contract, (contract.c.tenant_id == d.tenant_id) & (contract.c.id == d.contract_id))
        .where(d.tenant_id == tx.tenant_id)
        .order_by(contract.c.number, d.no)
    )
    return [ListedDraft(row.number, row.data, row.missing) for row in rows]
