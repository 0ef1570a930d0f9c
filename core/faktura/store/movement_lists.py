"""Bank movements as a person looks at them, latest booking first, with what was decided about each."""

import json
import operator
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.store.tables import bank_account, bank_transaction, match_decision
from faktura.store.transaction import Tx


@unique
class Direction(StrEnum):
    """Whether money came in or went out."""

    IN = "IN"
    OUT = "OUT"


@dataclass(frozen=True, slots=True)
class MovementView:
    """A movement in a list, with the last decision about it."""

    id: UUID
    bank_iban: str
    booked_on: date
    value_on: date
    amount: Money
    counterparty: str
    state: MovementState
    data: str
    rule: str | None
    reason: str | None
    decided_at: datetime | None
    outcome: str | None = None
    proof: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """What a list is narrowed to; None does not narrow. `booked_from` is inclusive, `until` exclusive."""

    states: Collection[MovementState] | None = None
    account_id: UUID | None = None
    booked_from: date | None = None
    booked_until: date | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision about a movement; `no` counts from 1, `proof` says on which evidence."""

    no: int
    outcome: str
    rule: str
    rule_version: int
    reason: str
    proof: Mapping[str, object]
    decided_at: datetime


_ALL = MovementFilter()


def list_movements(
    tx: Tx, wanted: MovementFilter = _ALL, *, after: UUID | None = None, limit: int = 100
) -> list[MovementView]:
    """Movements, latest booking first, within a day the one imported last; `after` goes on below it.

    Raises NotFound where there is no movement `after`.
    """
    t = bank_transaction.c
    query = _views().where(t.tenant_id == tx.tenant_id, *_conditions(wanted))
    if after is not None:
        query = query.where(tuple_(t.booked_on, t.id) < (_booked_on(tx, after), after))
    rows = tx.connection.execute(query.order_by(t.booked_on.desc(), t.id.desc()).limit(limit))
    return [_view(row) for row in rows]


def read_movement(tx: Tx, movement_id: UUID) -> MovementView:
    """One movement; raises NotFound."""
    t = bank_transaction.c
    row = tx.connection.execute(
        _views().where(t.tenant_id == tx.tenant_id, t.id == movement_id)
    ).one_or_none()
    if row is None:
        raise _no_movement(movement_id)
    return _view(row)


def movements_by_id(tx: Tx, ids: Collection[UUID]) -> list[MovementView]:
    """These movements, by id; one that does not exist is not among them."""
    t = bank_transaction.c
    rows = tx.connection.execute(
        _views().where(t.tenant_id == tx.tenant_id, t.id.in_(ids)).order_by(t.id)
    )
    return [_view(row) for row in rows]


def read_decisions(tx: Tx, movement_id: UUID) -> list[DecisionView]:
    """All that was decided about a movement, in order."""
    d = match_decision.c
    rows = tx.connection.execute(
        select(match_decision)
        .where(d.tenant_id == tx.tenant_id, d.movement_id == movement_id)
        .order_by(d.no)
    )
    return [_decision(row) for row in rows]


def last_decision(tx: Tx, movement_id: UUID) -> DecisionView | None:
    """What was decided last about a movement; None where nothing was."""
    d = match_decision.c
    row = tx.connection.execute(
        select(match_decision)
        .where(d.tenant_id == tx.tenant_id, d.movement_id == movement_id)
        .order_by(d.no.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _decision(row)


def _decision(row: Any) -> DecisionView:
    return DecisionView(
        row.no,
        row.outcome,
        row.rule,
        row.rule_version,
        row.reason,
        json.loads(row.proof),
        row.decided_at,
    )


def _booked_on(tx: Tx, movement_id: UUID) -> date:
    t = bank_transaction.c
    found: date | None = tx.connection.execute(
        select(t.booked_on).where(t.tenant_id == tx.tenant_id, t.id == movement_id)
    ).scalar_one_or_none()
    if found is None:
        raise _no_movement(movement_id)
    return found


def _no_movement(movement_id: UUID) -> NotFound:
    return NotFound(
        f"there is no bank movement {movement_id}",
        place="movement",
        mend="faktura bank open lists those that wait",
    )


def _conditions(wanted: MovementFilter) -> Iterator[ColumnElement[bool]]:
    t = bank_transaction.c
    if wanted.states is not None:
        yield t.state.in_(wanted.states)
    if wanted.direction is not None:
        yield t.amount > 0 if wanted.direction is Direction.IN else t.amount < 0
    for column, compare, value in (
        (t.bank_account_id, operator.eq, wanted.account_id),
        (t.booked_on, operator.ge, wanted.booked_from),
        (t.booked_on, operator.lt, wanted.booked_until),
    ):
        if value is not None:
            yield compare(column, value)


def _views() -> Select[Any]:
    t, d, last = bank_transaction.c, match_decision.c, match_decision.alias()
    newest = (
        select(func.max(last.c.no))
        .where(last.c.tenant_id == t.tenant_id, last.c.movement_id == t.id)
        .scalar_subquery()
    )
    return (
        select(
            bank_transaction,
            bank_account.c.iban,
            d.rule,
            d.reason,
            d.decided_at,
            d.outcome,
            d.proof,
        )
        .join(
            bank_account,
            (bank_account.c.tenant_id == t.tenant_id) & (bank_account.c.id == t.bank_account_id),
        )
        .outerjoin(
            match_decision,
            (d.tenant_id == t.tenant_id) & (d.movement_id == t.id) & (d.no == newest),
        )
    )


def _view(row: Any) -> MovementView:
    return MovementView(
        row.id,
        row.iban,
        row.booked_on,
        row.value_on,
        Money(row.amount, row.currency),
        row.counterparty,
        MovementState(row.state),
        row.data,
        row.rule,
        row.reason,
        row.decided_at,
        row.outcome,
        None if row.proof is None else json.loads(row.proof),
    )
