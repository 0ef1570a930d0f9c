"""Periods of items whose invoice was cancelled: they wait, or count as billed for nothing (F064)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from faktura.domain.activities import ReopenedPeriod
from faktura.kernel.terms import Origin
from faktura.store.activities import BilledActivity, write_billed
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import activity
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class WaitingPeriod:
    """A period that is to be billed again, with what of the item and how many of it."""

    period: ReopenedPeriod
    contract_id: UUID
    article_id: UUID
    quantity: Decimal


def write_reopened(tx: Tx, waiting: Iterable[WaitingPeriod]) -> None:
    """Add periods that wait; the one that was billed before must be marked as reversed already."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.period.activity_id,
            new.contract_id,
            new.period.item_id,
            new.article_id,
            Origin.SUBSCRIPTION,
            new.period.service.start,
            new.period.service.end,
            new.quantity,
            None,
            None,
            None,
            None,
            None,
            None,
            False,
            False,
            None,
            None,
        )
        for new in waiting
    ]
    bulk_write(tx, activity, rows)


def write_given_away(tx: Tx, periods: Sequence[WaitingPeriod]) -> None:
    """Add periods that count as billed for nothing: without a document, for nothing."""
    given = [
        BilledActivity(
            one.period.activity_id,
            one.contract_id,
            one.period.item_id,
            one.article_id,
            Origin.SUBSCRIPTION,
            one.period.service,
            one.quantity,
            0,
            0,
        )
        for one in periods
    ]
    write_billed(tx, given, None)
