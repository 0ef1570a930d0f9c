"""What is posted of deferrals, and deferrals that are not what their lines say: for the proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import Case, and_, case, func, select

from faktura.domain.deferral import month_of
from faktura.domain.journal import Entry, Leg
from faktura.kernel.terms import EntryKind, Side, Slot
from faktura.store.journal import read_drafts
from faktura.store.tables import deferral, document, document_line, journal_entry, leg
from faktura.store.transaction import Tx

_STREAM = {"yield_per": 2000}
_KINDS = frozenset({EntryKind.DEFERRAL, EntryKind.RELEASE})


@dataclass(frozen=True, slots=True)
class MoveKey:
    """What is moved in a month (its first day): deferred revenue, or revenue by its cost share."""

    month: date | None
    cost_centre: str | None = None
    cost_object: str | None = None
    deferred: bool = False


# Credits are positive; in minor units.
Moves = dict[MoveKey, int]


def posted_deferrals(tx: Tx) -> Iterator[tuple[UUID, Moves]]:
    """What was posted for the deferrals of each document, by its id; streamed."""
    e, own = journal_entry.c, leg.c
    signed = func.sum(case((own.side == Side.CREDIT, own.minor), else_=-own.minor))
    says = (e.document_id, e.service_month, own.slot, own.cost_centre, own.cost_object)
    rows = tx.connection.execute(
        select(*says, signed.label("total"))
        .join(leg, and_(own.tenant_id == e.tenant_id, own.entry_seq == e.seq))
        .where(e.tenant_id == tx.tenant_id, e.kind.in_(_KINDS), e.document_id.is_not(None))
        .group_by(*says)
        .order_by(e.document_id),
        execution_options=_STREAM,
    )
    for document_id, listed in groupby(rows, key=attrgetter("document_id")):
        moves: Moves = {}
        for row in listed:
            key = MoveKey(
                row.service_month, row.cost_centre, row.cost_object, deferred=_is_deferred(row.slot)
            )
            moves[key] = moves.get(key, 0) + int(row.total)
        yield document_id, moves


def waiting_deferrals(tx: Tx) -> dict[UUID, Moves]:
    """What entries of deferrals that miss an account will post, by document."""
    found: dict[UUID, Moves] = {}
    for draft in read_drafts(tx):
        entry = draft.entry
        if entry.kind in _KINDS and entry.document_id is not None:
            moves = found.setdefault(entry.document_id, {})
            for key, minor in _moved(entry):
                moves[key] = moves.get(key, 0) + minor
    return found


def _moved(entry: Entry) -> Iterator[tuple[MoveKey, int]]:
    for one in entry.legs:
        yield _key(entry, one), one.minor if one.side is Side.CREDIT else -one.minor


def _key(entry: Entry, one: Leg) -> MoveKey:
    where = one.cost_centre, one.cost_object
    return MoveKey(entry.service_month, *where, deferred=_is_deferred(one.slot))


def _is_deferred(slot: str) -> bool:
    return slot == Slot.DEFERRED_REVENUE


def strange_deferrals(tx: Tx) -> Iterator[tuple[str, int]]:
    """Number and line of deferrals that do not say what the document's line says."""
    f, d, line = deferral.c, document.c, document_line.c
    rows = tx.connection.execute(
        select(f.line_no, f.booked_month, d.number, d.issued_on, _as_the_line().label("same"))
        .join(document, and_(d.tenant_id == f.tenant_id, d.id == f.document_id))
        .outerjoin(
            document_line,
            and_(
                line.tenant_id == f.tenant_id,
                line.document_id == f.document_id,
                line.no == f.line_no,
            ),
        )
        .where(f.tenant_id == tx.tenant_id)
        .order_by(f.document_id, f.line_no),
        execution_options=_STREAM,
    )
    for row in rows:
        if not row.same or month_of(row.issued_on) != row.booked_month:
            yield row.number, row.line_no


def _as_the_line() -> Case[int]:
    f, d, line = deferral.c, document.c, document_line.c
    return case(
        (
            and_(
                f.net == line.net,
                f.currency == d.currency,
                f.service_start == line.service_start,
                f.service_end == line.service_end,
                f.tax_case == line.tax_case,
                f.tax_rate == line.tax_rate,
                f.tax_country == line.tax_country,
            ),
            1,
        ),
        else_=0,
    )
