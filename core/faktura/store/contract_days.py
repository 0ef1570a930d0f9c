"""Which contracts the work of a day may concern: those that could end, those that are renewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_

from faktura.kernel.terms import ContractState, Renewal
from faktura.store.billing import Scope
from faktura.store.simulated_dates import at_real_date
from faktura.store.tables import contract, subscription
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contract that the work of a day looks at, by its customer; `created_at` is in UTC."""

    customer_id: UUID
    contract_id: UUID
    created_at: datetime


def contracts_to_end(
    tx: Tx, on: date, scope: Scope, after: Candidate | None, limit: int
) -> list[Candidate]:
    """Terminated contracts whose end (exclusive) has come and of which nothing falls due."""
    c = contract.c
    conditions = [c.state == ContractState.TERMINATED, c.end <= on, c.next_due_on.is_(None)]
    if scope.projects is not None:
        conditions.append(c.project_id.in_(sorted(scope.projects)))
    return _page(tx, conditions + _of(tx, scope), after, limit)


def contracts_to_renew(
    tx: Tx, scope: Scope, after: Candidate | None, limit: int
) -> list[Candidate]:
    """Active contracts with a subscription of a fixed renewal."""
    s = subscription.c
    renewed = select(s.contract_id).where(s.tenant_id == tx.tenant_id, s.renewal == Renewal.FIXED)
    conditions = [contract.c.state == ContractState.ACTIVE, contract.c.id.in_(renewed)]
    return _page(tx, conditions + _of(tx, scope), after, limit)


def _of(tx: Tx, scope: Scope) -> list[ColumnElement[bool]]:
    """Of one customer or contract; else without customers who live on a day of their own (O23)."""
    c = contract.c
    if scope.customer_id is None and scope.contract_id is None:
        return list(at_real_date(tx, c.customer_id))
    conditions = []
    if scope.customer_id is not None:
        conditions.append(c.customer_id == scope.customer_id)
    if scope.contract_id is not None:
        conditions.append(c.id == scope.contract_id)
    return conditions


def _page(
    tx: Tx, conditions: Sequence[ColumnElement[bool]], after: Candidate | None, limit: int
) -> list[Candidate]:
    c = contract.c
    query = select(c.customer_id, c.id, c.created_at).where(
        c.tenant_id == tx.tenant_id, *conditions
    )
    if after is not None:
        query = query.where(tuple_(c.customer_id, c.id) > (after.customer_id, after.contract_id))
    rows = tx.connection.execute(query.order_by(c.customer_id, c.id).limit(limit))
    return [Candidate(row.customer_id, row.id, row.created_at) for row in rows]
