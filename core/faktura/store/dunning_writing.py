"""Dunning notices as rows, with the documents of their charges and how far each document is dunned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from faktura.domain.dunning import Notice, NoticeItem
from faktura.domain.dunning_charges import Charges
from faktura.kernel.terms import DocumentKind
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.fact_tables import Fact
from faktura.store.tables import dunning_item, dunning_level, dunning_notice
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class FrozenCharges:
    """The document of a notice's charges, ready to be written: `snapshot` is JSON text."""

    charges: Charges
    snapshot: str


@dataclass(frozen=True, slots=True)
class FrozenNotice:
    """A notice, ready to be written; `document_id` is that of its charges, None where it has none."""

    id: UUID
    run_id: UUID
    notice: Notice
    document_id: UUID | None
    snapshot: str


def charges_documents(frozen: Sequence[FrozenCharges], now: datetime) -> Iterator[Fact]:
    """A document each: net and gross are what is charged, nothing of it is tax."""
    for one in frozen:
        charges = one.charges
        yield (
            (
                charges.id,
                charges.number,
                DocumentKind.DUNNING,
                charges.customer.id,
                None,
                None,
                charges.issued_on,
                charges.due_on,
                charges.service.start,
                charges.service.end,
                charges.currency,
                charges.amount.minor,
                0,
                charges.amount.minor,
                one.snapshot,
                now,
            ),
            (),
        )


def write_notices(tx: Tx, notices: Sequence[FrozenNotice]) -> None:
    """Write notices with their items, and how far their documents are dunned now."""
    now = tx.now()
    bulk_write(tx, dunning_notice, [_notice_row(tx, frozen, now) for frozen in notices])
    items = [(frozen, item) for frozen in notices for item in frozen.notice.items]
    bulk_write(tx, dunning_item, [_item_row(tx, frozen, item) for frozen, item in items])
    raised = [(frozen, item) for frozen, item in items if item.is_raised]
    before = [item.document.id for _, item in raised if item.document.reached.level]
    for batch in in_batches(before):
        tx.connection.execute(
            delete(dunning_level).where(
                dunning_level.c.tenant_id == tx.tenant_id, dunning_level.c.document_id.in_(batch)
            )
        )
    bulk_write(tx, dunning_level, [_level_row(tx, frozen, item) for frozen, item in raised])


def _notice_row(tx: Tx, frozen: FrozenNotice, now: datetime) -> Row:
    notice = frozen.notice
    return (
        tx.tenant_id,
        frozen.id,
        frozen.run_id,
        notice.customer_id,
        notice.currency,
        notice.dunned_on,
        notice.level,
        notice.pay_by,
        notice.open,
        notice.fee,
        notice.flat,
        notice.interest,
        frozen.document_id,
        frozen.snapshot,
        now,
    )


def _item_row(tx: Tx, frozen: FrozenNotice, item: NoticeItem) -> Row:
    return (
        tx.tenant_id,
        frozen.id,
        item.document.id,
        item.level,
        item.document.open,
        item.interest,
        item.interest_from,
        item.interest_until,
        item.flat,
    )


def _level_row(tx: Tx, frozen: FrozenNotice, item: NoticeItem) -> Row:
    reached = item.document.reached
    return (
        tx.tenant_id,
        item.document.id,
        frozen.notice.customer_id,
        item.level,
        frozen.notice.dunned_on,
        frozen.id,
        reached.interest_until if item.interest_until is None else item.interest_until,
        reached.flat_charged or item.flat > 0,
    )
