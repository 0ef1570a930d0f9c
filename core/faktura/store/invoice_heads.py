"""The head of issued documents as subscribers are told: frozen amounts, what is open, the level."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind
from faktura.store.batches import in_batches
from faktura.store.tables import document, dunning_level, open_item
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class InvoiceHead:
    """A document's head; `open` and `dunning_level` (0 = never dunned) are those of this moment."""

    number: str
    kind: DocumentKind
    issued_on: date
    due_on: date
    net: Money
    tax: Money
    gross: Money
    open: Money
    dunning_level: int


def invoice_heads(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, InvoiceHead]:
    """The heads of these documents; those that do not exist are absent."""
    d = document.c
    query = (
        select(
            *(d.id, d.number, d.kind, d.issued_on, d.due_on, d.currency, d.net, d.tax, d.gross),
            open_item.c.open,
            func.coalesce(dunning_level.c.level, 0).label("level"),
        )
        .outerjoin(
            open_item,
            (open_item.c.tenant_id == d.tenant_id) & (open_item.c.document_id == d.id),
        )
        .outerjoin(
            dunning_level,
            (dunning_level.c.tenant_id == d.tenant_id) & (dunning_level.c.document_id == d.id),
        )
        .where(d.tenant_id == tx.tenant_id)
    )
    found: dict[UUID, InvoiceHead] = {}
    for batch in in_batches(sorted(document_ids)):
        for row in tx.connection.execute(query.where(d.id.in_(batch))):
            net, tax, gross, left = (
                Money(minor, row.currency) for minor in (row.net, row.tax, row.gross, row.open or 0)
            )
            found[row.id] = InvoiceHead(
                row.number,
                DocumentKind(row.kind),
                row.issued_on,
                row.due_on,
                net,
                tax,
                gross,
                left,
                row.level,
            )
    return found
