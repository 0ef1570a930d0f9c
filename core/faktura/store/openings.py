"""Opening items as rows of the table of documents: without lines, contract and run (P54)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from faktura.domain.opening_items import OpeningItem
from faktura.kernel.terms import DocumentKind
from faktura.store.fact_tables import Fact
from faktura.store.tables import document
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class FrozenOpening:
    """An opening item, ready to be written: `snapshot` is JSON text."""

    item: OpeningItem
    snapshot: str


def opening_documents(openings: Sequence[FrozenOpening], now: datetime) -> Iterator[Fact]:
    """A document each: net and gross are what is open, nothing of it is tax."""
    for frozen in openings:
        item = frozen.item
        yield (
            (
                item.id,
                item.number,
                DocumentKind.OPENING,
                item.customer.id,
                None,
                None,
                item.issued_on,
                item.due_on,
                item.service.start,
                item.service.end,
                item.amount.currency,
                item.amount.minor,
                0,
                item.amount.minor,
                frozen.snapshot,
                now,
            ),
            (),
        )


def opening_numbers(tx: Tx, prefix: str) -> list[str]:
    """Numbers of opening items that begin so, in order."""
    d = document.c
    rows = tx.connection.execute(
        select(d.number)
        .where(
            d.tenant_id == tx.tenant_id,
            d.kind == DocumentKind.OPENING,
            d.number.startswith(prefix, autoescape=True),
        )
        .order_by(d.number)
    )
    return list(rows.scalars())
