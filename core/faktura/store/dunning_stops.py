"""Dunning stops as rows, and which documents they keep out of dunning on a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from faktura.domain.dunning_stops import DunningStop
from faktura.kernel.dunning_terms import StopTarget
from faktura.kernel.errors import NotFound
from faktura.store.batches import in_batches
from faktura.store.document_contracts import contracts_of_documents
from faktura.store.tables import contract, customer, document, dunning_stop
from faktura.store.transaction import Tx

s = dunning_stop.c


@dataclass(frozen=True, slots=True)
class StopFilter:
    """Which stops are wanted; what is None filters nothing.

    `on` keeps those that hold on that local day.
    """

    customer_number: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ListedStop:
    """A stop with the numbers that people know: the target's and its customer's."""

    stop: DunningStop
    number: str
    customer_number: str


def write_stop(tx: Tx, new: DunningStop) -> None:
    """Add a stop."""
    tx.connection.execute(
        dunning_stop.insert().values(
            tenant_id=tx.tenant_id,
            id=new.id,
            target=new.target,
            target_id=new.target_id,
            until=new.until,
            reason=new.reason,
            set_by=new.set_by,
            set_at=new.set_at,
        )
    )


def write_lifted(tx: Tx, stop_id: UUID, *, at: datetime, by: str) -> None:
    """Keep that a stop was lifted; the caller has locked its customer."""
    tx.connection.execute(
        update(dunning_stop)
        .where(s.tenant_id == tx.tenant_id, s.id == stop_id)
        .values(lifted_at=at, lifted_by=by)
    )


def stops_of(tx: Tx, target: StopTarget, target_id: UUID) -> list[DunningStop]:
    """All stops that were ever set on that target, oldest first."""
    rows = tx.connection.execute(
        select(dunning_stop)
        .where(s.tenant_id == tx.tenant_id, s.target == target, s.target_id == target_id)
        .order_by(s.id)
    )
    return [_stop(row) for row in rows]


def read_stop(tx: Tx, stop_id: UUID) -> ListedStop:
    """The stop; raises NotFound."""
    query = _listed(tx).where(s.id == stop_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"there is no dunning stop {stop_id}", place="stop")
    return _with_numbers(row)


def list_stops(
    tx: Tx, wanted: StopFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[ListedStop]:
    """Stops, newest first, of those older than `after`."""
    query = _listed(tx)
    if wanted.customer_number is not None:
        query = query.where(customer.c.number == wanted.customer_number)
    if wanted.on is not None:
        query = query.where(_holds(wanted.on))
    if after is not None:
        query = query.where(s.id < after)
    return [
        _with_numbers(row)
        for row in tx.connection.execute(query.order_by(s.id.desc()).limit(limit))
    ]


def stopped(tx: Tx, on: date, document_ids: Collection[UUID]) -> dict[UUID, str]:
    """The documents of these that a stop keeps out of dunning on that local day, and its reason.

    A stop holds a document itself, its customer, or a contract that it bills: a collective one is
    held by a stop of any of its contracts. Of several stops the widest is named.
    """
    found: dict[UUID, str] = {}
    if not _any(tx, on):
        return found
    wanted = sorted(document_ids)
    for batch in in_batches(wanted):
        found |= _stopped_directly(tx, on, batch)
    shared = contracts_of_documents(tx, [one for one in wanted if one not in found])
    numbers = {one.number for own in shared.values() for one in own}
    reasons = _stopped_contracts(tx, on, numbers)
    for document_id, own in shared.items():
        held = [reasons[one.number] for one in own if one.number in reasons]
        if held:
            found[document_id] = held[0]
    return found


def _any(tx: Tx, on: date) -> bool:
    """Stops are rare: without any, nothing is looked for."""
    query = select(s.id).where(s.tenant_id == tx.tenant_id, _holds(on)).limit(1)
    return tx.connection.execute(query).first() is not None


def _stopped_directly(tx: Tx, on: date, batch: list[UUID]) -> dict[UUID, str]:
    d = document.c
    rows = tx.connection.execute(
        select(d.id, s.target, s.reason)
        .join(
            dunning_stop,
            and_(
                s.tenant_id == d.tenant_id,
                or_(
                    and_(s.target == StopTarget.CUSTOMER, s.target_id == d.customer_id),
                    and_(s.target == StopTarget.CONTRACT, s.target_id == d.contract_id),
                    and_(s.target == StopTarget.DOCUMENT, s.target_id == d.id),
                ),
            ),
        )
        .where(d.tenant_id == tx.tenant_id, d.id.in_(batch), _holds(on))
        .order_by(d.id, s.id)
    )
    widest = list(StopTarget)
    found: dict[UUID, tuple[int, str]] = {}
    for row in rows:
        held = widest.index(StopTarget(row.target)), row.reason
        if row.id not in found or held[0] < found[row.id][0]:
            found[row.id] = held
    return {document_id: reason for document_id, (_width, reason) in found.items()}


def _stopped_contracts(tx: Tx, on: date, numbers: Iterable[str]) -> dict[str, str]:
    """The contracts of these numbers that are stopped, and why."""
    found: dict[str, str] = {}
    for batch in in_batches(sorted(numbers)):
        rows = tx.connection.execute(
            select(contract.c.number, s.reason)
            .join(
                dunning_stop, (s.tenant_id == contract.c.tenant_id) & (s.target_id == contract.c.id)
            )
            .where(
                contract.c.tenant_id == tx.tenant_id,
                contract.c.number.in_(batch),
                s.target == StopTarget.CONTRACT,
                _holds(on),
            )
            .order_by(contract.c.number, s.id.desc())
        )
        found |= {row.number: row.reason for row in rows}
    return found


def _holds(on: date) -> ColumnElement[bool]:
    """`DunningStop.holds`, over all stops at once."""
    return and_(s.lifted_at.is_(None), or_(s.until.is_(None), s.until >= on))


def _listed(tx: Tx) -> Select[Any]:
    d, c = document.c, contract.c
    owner = func.coalesce(d.customer_id, c.customer_id, s.target_id)
    return (
        select(
            dunning_stop,
            func.coalesce(d.number, c.number, customer.c.number).label("number"),
            customer.c.number.label("customer_number"),
        )
        .select_from(dunning_stop)
        .outerjoin(
            document,
            (d.tenant_id == s.tenant_id)
            & (d.id == s.target_id)
            & (s.target == StopTarget.DOCUMENT),
        )
        .outerjoin(
            contract,
            (c.tenant_id == s.tenant_id)
            & (c.id == s.target_id)
            & (s.target == StopTarget.CONTRACT),
        )
        .join(customer, (customer.c.tenant_id == s.tenant_id) & (customer.c.id == owner))
        .where(s.tenant_id == tx.tenant_id)
    )


def _with_numbers(row: Any) -> ListedStop:
    return ListedStop(_stop(row), row.number, row.customer_number)


def _stop(row: Any) -> DunningStop:
    return DunningStop(
        id=row.id,
        target=StopTarget(row.target),
        target_id=row.target_id,
        reason=row.reason,
        set_by=row.set_by,
        set_at=row.set_at,
        until=row.until,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )
