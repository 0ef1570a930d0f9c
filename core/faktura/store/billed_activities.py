"""Activities that are billed, with the document that bills them (F058, F059)."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from faktura.domain.costs import Costs
from faktura.domain.external_links import ExternalLink
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.store.activities import booked_as
from faktura.store.tables import activity, article, document
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """A billed activity; amounts in minor units, None with origin MIGRATION.

    `invoice_number` is None for a migration and for what cost nothing. A period of an item has the
    ledger account, links and costs of the item, and none of its own.
    """

    id: UUID
    origin: Origin
    article_number: str
    article_name: str
    service: Period
    quantity: Decimal
    net: int | None
    gross: int | None
    invoice_number: str | None
    ledger_account: str | None
    links: tuple[ExternalLink, ...]
    costs: Costs


def read_billed(
    tx: Tx, contract_id: UUID, origins: Collection[Origin] = tuple(Origin)
) -> list[ActivityRecord]:
    """A contract's billed activities of these origins, by service period."""
    rows = tx.connection.execute(
        select(
            activity,
            article.c.number.label("article_number"),
            article.c.name.label("article_name"),
            document.c.number.label("invoice_number"),
        )
        .join(
            article,
            (article.c.tenant_id == activity.c.tenant_id) & (article.c.id == activity.c.article_id),
        )
        .outerjoin(
            document,
            (document.c.tenant_id == activity.c.tenant_id)
            & (document.c.id == activity.c.document_id),
        )
        .where(
            activity.c.tenant_id == tx.tenant_id,
            activity.c.contract_id == contract_id,
            activity.c.billed,
            activity.c.reversed_by.is_(None),
            activity.c.origin.in_(sorted(origins)),
        )
        .order_by(activity.c.service_start, activity.c.id)
    )
    return [
        ActivityRecord(
            row.id,
            Origin(row.origin),
            row.article_number,
            row.article_name,
            Period(row.service_start, row.service_end),
            row.quantity,
            row.net,
            row.gross,
            row.invoice_number,
            *booked_as(row.data),
        )
        for row in rows
    ]
