"""Addresses under which documents are paid, and the pages that wait for customers."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.attempts import LIVE, Attempt
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel
from faktura.store.attempts import attempt_from_row
from faktura.store.batches import in_batches
from faktura.store.tables import open_item, pay_link, payment_attempt
from faktura.store.transaction import Tx


def find_link(tx: Tx, document_id: UUID) -> str | None:
    """The document's token; None where nobody asked for one yet."""
    p = pay_link.c
    token: str | None = tx.connection.execute(
        select(p.token).where(p.tenant_id == tx.tenant_id, p.document_id == document_id)
    ).scalar_one_or_none()
    return token


def find_links(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, str]:
    """The tokens of these documents; absent where nobody asked for one yet."""
    p = pay_link.c
    return {
        row.document_id: row.token
        for batch in in_batches(document_ids)
        for row in tx.connection.execute(
            select(p.document_id, p.token).where(
                p.tenant_id == tx.tenant_id, p.document_id.in_(batch)
            )
        )
    }


def find_linked(tx: Tx, token: str) -> UUID | None:
    """The document that a token is for; None where it is for none of this tenant's."""
    p = pay_link.c
    found: UUID | None = tx.connection.execute(
        select(p.document_id).where(p.tenant_id == tx.tenant_id, p.token == token)
    ).scalar_one_or_none()
    return found


def write_links(tx: Tx, tokens: Mapping[UUID, str]) -> None:
    """Keep documents' tokens; the caller holds the documents' locks."""
    now = tx.now()
    rows = [
        {"tenant_id": tx.tenant_id, "document_id": of, "token": token, "created_at": now}
        for of, token in tokens.items()
    ]
    if rows:
        tx.connection.execute(pay_link.insert(), rows)


def live_pages(tx: Tx) -> list[tuple[Attempt, Money]]:
    """Attempts on pages that may still become money, with what is open of each document, by id."""
    a, o = payment_attempt.c, open_item.c
    rows = tx.connection.execute(
        select(payment_attempt, func.coalesce(o.open, 0).label("still_open"))
        .outerjoin(open_item, (o.tenant_id == a.tenant_id) & (o.document_id == a.document_id))
        .where(
            a.tenant_id == tx.tenant_id, a.channel == AttemptChannel.PAGE, a.state.in_(sorted(LIVE))
        )
        .order_by(a.id)
    )
    return [(attempt_from_row(row), Money(row.still_open, row.currency)) for row in rows]
