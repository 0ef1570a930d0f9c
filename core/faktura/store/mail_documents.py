"""What a mail says of documents: their heads as they were frozen, and what is open of them now."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind
from faktura.store.batches import in_batches
from faktura.store.tables import contract, document, dunning_notice, open_item
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """A document without its lines; `open` is negative for credit. `contract` is its only one's number."""

    id: UUID
    number: str
    kind: DocumentKind
    customer_id: UUID
    issued_on: date
    due_on: date
    net: Money
    tax: Money
    gross: Money
    open: Money
    contract: str | None
    snapshot: Mapping[str, object]


def document_ids_of(tx: Tx, numbers: Iterable[str]) -> dict[str, UUID]:
    """The ids of the documents of these numbers; those that do not exist are absent."""
    d = document.c
    return {
        row.number: row.id
        for batch in in_batches(sorted(set(numbers)))
        for row in tx.connection.execute(
            select(d.number, d.id).where(d.tenant_id == tx.tenant_id, d.number.in_(batch))
        )
    }


def read_heads(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, DocumentHead]:
    """The heads of these documents."""
    d, o, c = document.c, open_item.c, contract.c
    return {
        row.id: _head(row)
        for batch in in_batches(sorted(set(document_ids)))
        for row in tx.connection.execute(
            select(
                d.id,
                d.number,
                d.kind,
                d.customer_id,
                d.issued_on,
                d.due_on,
                d.currency,
                d.net,
                d.tax,
                d.gross,
                d.snapshot,
                o.open,
                c.number.label("contract"),
            )
            .outerjoin(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
            .outerjoin(contract, (c.tenant_id == d.tenant_id) & (c.id == d.contract_id))
            .where(d.tenant_id == tx.tenant_id, d.id.in_(batch))
        )
    }


def notice_snapshots(tx: Tx, notice_ids: Collection[UUID]) -> dict[UUID, Mapping[str, object]]:
    """What these dunning notices froze; those that do not exist are absent."""
    n = dunning_notice.c
    return {
        row.id: json.loads(row.snapshot)
        for batch in in_batches(sorted(notice_ids))
        for row in tx.connection.execute(
            select(n.id, n.snapshot).where(n.tenant_id == tx.tenant_id, n.id.in_(batch))
        )
    }


def newest_documents(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By customer the invoice that was issued last; absent before the first."""
    d = document.c
    found: dict[UUID, UUID] = {}
    rank = (
        func.row_number()
        .over(partition_by=d.customer_id, order_by=(d.issued_on.desc(), d.number.desc()))
        .label("rank")
    )
    for batch in in_batches(sorted(set(customer_ids))):
        ranked = (
            select(d.customer_id, d.id, rank)
            .where(
                d.tenant_id == tx.tenant_id,
                d.customer_id.in_(batch),
                d.kind.in_((DocumentKind.INVOICE, DocumentKind.DEPOSIT, DocumentKind.FINAL)),
            )
            .subquery()
        )
        rows = tx.connection.execute(
            select(ranked.c.customer_id, ranked.c.id).where(ranked.c.rank == 1)
        )
        found.update((row.customer_id, row.id) for row in rows)
    return found


def _head(row: Any) -> DocumentHead:
    return DocumentHead(
        row.id,
        row.number,
        DocumentKind(row.kind),
        row.customer_id,
        row.issued_on,
        row.due_on,
        Money(row.net, row.currency),
        Money(row.tax, row.currency),
        Money(row.gross, row.currency),
        Money(row.open or 0, row.currency),
        row.contract,
        json.loads(row.snapshot),
    )
