"""What the simulator's invariants read beside the ledger: billed periods, attempts, movements, dunning."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from faktura.kernel.dunning_terms import StopTarget
from faktura.kernel.payment_terms import AttemptState
from faktura.store.batches import in_batches
from faktura.store.tables import (
    activity,
    allocation,
    contract,
    document,
    dunning_item,
    dunning_notice,
    dunning_stop,
    event,
    open_item,
    payment_attempt,
    quarantine,
)
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class BilledPart:
    """A part of an item's time that an activity bills, half-open; not `billed` waits to be billed anew."""

    item_id: UUID
    start: date
    end: date
    billed: bool


@dataclass(frozen=True, slots=True)
class KnownAttempt:
    """An attempt as we know it."""

    id: UUID
    number: str
    state: AttemptState
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class DunnedItem:
    """A document that a notice reminds of; `seal` is that of the fact that tells of the notice."""

    document_id: UUID
    number: str
    customer_id: UUID
    contract_id: UUID | None
    gross: int
    due_on: date
    level: int
    open: int
    dunned_on: date
    recorded_at: datetime
    seal: int


@dataclass(frozen=True, slots=True)
class HeldContract:
    """A contract in quarantine and the reason."""

    contract_id: UUID
    number: str
    code: str
    problem: str


def contracts_touched(tx: Tx, seal: int) -> set[UUID]:
    """Contracts of whom something was told or a document was issued behind a seal."""
    told = select(event.c.object_id).where(
        event.c.tenant_id == tx.tenant_id, event.c.seal_seq > seal
    )
    issued = select(document.c.customer_id).where(
        document.c.tenant_id == tx.tenant_id, document.c.seal_seq > seal
    )
    rows = tx.connection.execute(
        select(contract.c.id).where(
            contract.c.tenant_id == tx.tenant_id,
            or_(contract.c.id.in_(told), contract.c.customer_id.in_(issued)),
        )
    )
    return set(rows.scalars())


def billed_parts(tx: Tx, contract_ids: Collection[UUID]) -> dict[UUID, list[BilledPart]]:
    """What stands billed of these contracts' items, by item, earliest first."""
    own = activity.c
    found: dict[UUID, list[BilledPart]] = {}
    for batch in in_batches(sorted(contract_ids)):
        rows = tx.connection.execute(
            select(own.item_id, own.service_start, own.service_end, own.billed).where(
                own.tenant_id == tx.tenant_id,
                own.contract_id.in_(batch),
                own.item_id.is_not(None),
                own.reversed_by.is_(None),
            )
        )
        for row in rows:
            part = BilledPart(row.item_id, row.service_start, row.service_end, row.billed)
            found.setdefault(part.item_id, []).append(part)
    return {item: sorted(parts, key=_by_start) for item, parts in found.items()}


def _by_start(part: BilledPart) -> tuple[date, date]:
    return part.start, part.end


def held_contracts(tx: Tx) -> list[HeldContract]:
    """Contracts in quarantine, by number."""
    q, c = quarantine.c, contract.c
    rows = tx.connection.execute(
        select(q.contract_id, c.number, q.code, q.problem)
        .join(contract, (c.tenant_id == q.tenant_id) & (c.id == q.contract_id))
        .where(q.tenant_id == tx.tenant_id)
        .order_by(c.number)
    )
    return [HeldContract(*row) for row in rows]


def attempts_known(tx: Tx, ids: Collection[UUID]) -> dict[UUID, KnownAttempt]:
    """Attempts of these ids; those that we do not know are absent."""
    a, d = payment_attempt.c, document.c
    found: dict[UUID, KnownAttempt] = {}
    for batch in in_batches(sorted(ids)):
        rows = tx.connection.execute(
            select(a.id, d.number, a.state, a.amount, a.currency)
            .join(document, (d.tenant_id == a.tenant_id) & (d.id == a.document_id))
            .where(a.tenant_id == tx.tenant_id, a.id.in_(batch))
        )
        for row in rows:
            state = AttemptState(row.state)
            found[row.id] = KnownAttempt(row.id, row.number, state, row.amount, row.currency)
    return found


def gross_of_numbers(tx: Tx, numbers: Collection[str]) -> dict[str, int]:
    """The gross amounts of documents of these numbers; those that do not exist are absent."""
    d = document.c
    found: dict[str, int] = {}
    for batch in in_batches(sorted(numbers)):
        rows = tx.connection.execute(
            select(d.number, d.gross).where(d.tenant_id == tx.tenant_id, d.number.in_(batch))
        )
        found.update((row.number, row.gross) for row in rows)
    return found


def wholly_open(tx: Tx, numbers: Collection[str]) -> dict[str, int]:
    """What is open of those of these documents of which nothing is settled."""
    d, o = document.c, open_item.c
    found: dict[str, int] = {}
    for batch in in_batches(sorted(numbers)):
        rows = tx.connection.execute(
            select(d.number, o.open)
            .join(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
            .where(d.tenant_id == tx.tenant_id, d.number.in_(batch), o.open == d.gross)
        )
        found.update((row.number, int(row.open)) for row in rows)
    return found


def dunned_since(tx: Tx, seal: int) -> list[DunnedItem]:
    """What notices behind a seal remind of, in the order in which they were sealed."""
    n, i, d, v = dunning_notice.c, dunning_item.c, document.c, event.c
    rows = tx.connection.execute(
        select(
            i.document_id,
            d.number,
            d.customer_id,
            d.contract_id,
            d.gross,
            d.due_on,
            i.level,
            i.open,
            n.dunned_on,
            n.recorded_at,
            v.seal_seq,
        )
        .select_from(event)
        .join(dunning_notice, (n.tenant_id == v.tenant_id) & (n.id == v.object_id))
        .join(dunning_item, (i.tenant_id == v.tenant_id) & (i.notice_id == n.id))
        .join(document, (d.tenant_id == v.tenant_id) & (d.id == i.document_id))
        .where(v.tenant_id == tx.tenant_id, v.seal_seq > seal, v.sequence == 1)
        .order_by(v.seal_seq, d.number)
    )
    return [DunnedItem(*row) for row in rows]


def allocated_before(tx: Tx, document_id: UUID, seal: int) -> int:
    """What counted for a document before that seal."""
    a = allocation.c
    return int(
        tx.connection.execute(
            select(func.coalesce(func.sum(a.amount), 0)).where(
                a.tenant_id == tx.tenant_id, a.document_id == document_id, a.seal_seq < seal
            )
        ).scalar_one()
    )


def stops_over(tx: Tx, item: DunnedItem) -> Sequence[str]:
    """Reasons of the stops that held over a document when it was dunned."""
    s = dunning_stop.c
    over = or_(
        and_(s.target == StopTarget.CUSTOMER, s.target_id == item.customer_id),
        and_(s.target == StopTarget.CONTRACT, s.target_id == item.contract_id),
        and_(s.target == StopTarget.DOCUMENT, s.target_id == item.document_id),
    )
    rows = tx.connection.execute(
        select(s.reason)
        .where(
            s.tenant_id == tx.tenant_id,
            over,
            s.set_at < item.recorded_at,
            or_(s.until.is_(None), s.until >= item.dunned_on),
            or_(s.lifted_at.is_(None), s.lifted_at > item.recorded_at),
        )
        .order_by(s.id)
    )
    return list(rows.scalars())
