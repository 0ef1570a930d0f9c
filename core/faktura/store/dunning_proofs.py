"""What the proof of dunning reads: notices with what they became, items, levels; streamed where many."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, select

from faktura.domain.document_kinds import KINDS
from faktura.kernel.terms import DocumentKind, Slot
from faktura.store.tables import (
    document,
    draft_entry,
    dunning_item,
    dunning_level,
    dunning_notice,
    event,
    journal_entry,
    leg,
)
from faktura.store.transaction import Tx

n, i, d, e = dunning_notice.c, dunning_item.c, document.c, journal_entry.c
_STREAM = {"yield_per": 1000}


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A notice with its document, what was told of it, and what was posted: all, and its fees."""

    id: UUID
    snapshot: str
    told_hash: str | None
    open: int
    fee: int
    flat: int
    interest: int
    document_gross: int | None
    posted: tuple[int, int]
    is_posted: bool
    is_draft: bool


@dataclass(frozen=True, slots=True)
class ItemSums:
    """What the items of a notice sum to."""

    open: int
    interest: int
    flat: int


@dataclass(frozen=True, slots=True)
class ProvedLevel:
    """How far a document is dunned, by its notices or as it is kept."""

    document_id: UUID
    level: int
    dunned_on: date
    notice_id: UUID
    interest_until: date | None
    flat_charged: bool


def notices(tx: Tx) -> Iterator[NoticeFacts]:
    """All notices with what they became; streamed."""
    v, x = event.c, draft_entry.c
    earned = (
        select(
            leg.c.entry_seq,
            func.sum(leg.c.minor).label("all"),
            func.sum(leg.c.minor).filter(leg.c.slot == Slot.DUNNING_FEES).label("fees"),
        )
        .where(
            leg.c.tenant_id == tx.tenant_id,
            leg.c.slot.in_((Slot.DUNNING_FEES, Slot.DUNNING_INTEREST)),
        )
        .group_by(leg.c.entry_seq)
        .subquery()
    )
    key = literal(f"{KINDS[DocumentKind.DUNNING].key}:").concat(d.number)
    rows = tx.connection.execute(
        select(
            dunning_notice,
            d.gross,
            v.data.label("told"),
            earned.c.all,
            earned.c.fees,
            e.seq.label("entry_seq"),
            x.entry_key.label("draft_key"),
        )
        .outerjoin(document, and_(d.tenant_id == n.tenant_id, d.id == n.document_id))
        .outerjoin(event, and_(v.tenant_id == n.tenant_id, v.object_id == n.id, v.sequence == 1))
        .outerjoin(journal_entry, and_(e.tenant_id == n.tenant_id, e.entry_key == key))
        .outerjoin(earned, earned.c.entry_seq == e.seq)
        .outerjoin(draft_entry, and_(x.tenant_id == n.tenant_id, x.entry_key == key))
        .where(n.tenant_id == tx.tenant_id),
        execution_options=_STREAM,
    )
    for row in rows:
        yield _facts(row)


def _facts(row: Any) -> NoticeFacts:
    told = None if row.told is None else json.loads(row.told).get("snapshotHash")
    return NoticeFacts(
        row.id,
        row.snapshot,
        told,
        row.open,
        row.fee,
        row.flat,
        row.interest,
        row.gross,
        (int(row.all or 0), int(row.fees or 0)),
        row.entry_seq is not None,
        row.draft_key is not None,
    )


def item_sums(tx: Tx) -> dict[UUID, ItemSums]:
    """What the items of each notice sum to."""
    rows = tx.connection.execute(
        select(i.notice_id, func.sum(i.open), func.sum(i.interest), func.sum(i.flat))
        .where(i.tenant_id == tx.tenant_id)
        .group_by(i.notice_id)
    )
    return {notice_id: ItemSums(*(int(one) for one in sums)) for notice_id, *sums in rows}


def charges_without_notice(tx: Tx) -> list[str]:
    """Numbers of documents of kind DUNNING that no notice names."""
    rows = tx.connection.execute(
        select(d.number)
        .outerjoin(dunning_notice, and_(n.tenant_id == d.tenant_id, n.document_id == d.id))
        .where(d.tenant_id == tx.tenant_id, d.kind == DocumentKind.DUNNING, n.id.is_(None))
    )
    return list(rows.scalars())


def last_items(tx: Tx) -> Iterator[ProvedLevel]:
    """How far each document is dunned by its notices: the one that raised it last; streamed."""
    rows = tx.connection.execute(
        select(i.document_id, i.notice_id, i.level, i.interest_until, i.flat, n.dunned_on)
        .join(dunning_notice, and_(n.tenant_id == i.tenant_id, n.id == i.notice_id))
        .where(i.tenant_id == tx.tenant_id)
        # Ids are ordered by time: a later run may be of an earlier day.
        .order_by(i.document_id, i.notice_id),
        execution_options=_STREAM,
    )
    for document_id, items in groupby(rows, key=attrgetter("document_id")):
        found: ProvedLevel | None = None
        for item in items:
            before = found
            if item.level <= (0 if before is None else before.level):
                continue
            found = ProvedLevel(
                document_id,
                item.level,
                item.dunned_on,
                item.notice_id,
                item.interest_until or (None if before is None else before.interest_until),
                item.flat > 0 or (before is not None and before.flat_charged),
            )
        if found is not None:
            yield found


def stored_levels(tx: Tx) -> Iterator[ProvedLevel]:
    """How far each document is dunned as it is kept; streamed."""
    v = dunning_level.c
    rows = tx.connection.execute(
        select(
            v.document_id, v.level, v.dunned_on, v.notice_id, v.interest_until, v.flat_charged
        ).where(v.tenant_id == tx.tenant_id),
        execution_options=_STREAM,
    )
    for row in rows:
        yield ProvedLevel(*row)
