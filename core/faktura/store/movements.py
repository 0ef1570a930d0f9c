"""Bank movements as they wait for a decision, and the decisions about them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update

from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.kernel.terms import MovementState
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import bank_account, bank_statement, bank_transaction, match_decision
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open movement; `balanced` is its statement's, `data` the parser's record as JSON."""

    id: UUID
    bank_iban: str
    ledger_account: str | None
    balanced: bool | None
    amount: Money
    data: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What was decided about a movement, by which rule and on which evidence (JSON)."""

    movement_id: UUID
    outcome: str
    rule: str
    rule_version: int
    reason: str
    proof: str


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


def waiting_ids(tx: Tx) -> list[UUID]:
    """Open movements of all accounts in booking order, within a day in the order of the files."""
    t = bank_transaction.c
    return list(
        tx.connection.execute(
            select(t.id)
            .where(t.tenant_id == tx.tenant_id, t.state == MovementState.OPEN)
            .order_by(t.booked_on, t.id)
        ).scalars()
    )


def lock_waiting(tx: Tx, ids: Collection[UUID]) -> list[Waiting]:
    """Those of these movements that are still open, locked, in booking order."""
    t = bank_transaction.c
    # Found by key, the state looked at here: by the state, SQLite would walk all that wait.
    rows = tx.connection.execute(
        select(
            t.id,
            t.amount,
            t.currency,
            t.data,
            t.state,
            bank_account.c.iban,
            bank_account.c.ledger_account,
            bank_statement.c.balanced,
        )
        .join(
            bank_account,
            (bank_account.c.tenant_id == t.tenant_id) & (bank_account.c.id == t.bank_account_id),
        )
        .join(
            bank_statement,
            (bank_statement.c.tenant_id == t.tenant_id) & (bank_statement.c.id == t.statement_id),
        )
        .where(t.tenant_id == tx.tenant_id, t.id.in_(list(ids)))
        .order_by(t.booked_on, t.id)
        .with_for_update(of=bank_transaction)
    )
    return [
        Waiting(
            row.id,
            row.iban,
            row.ledger_account or None,
            row.balanced,
            Money(row.amount, row.currency),
            row.data,
        )
        for row in rows
        if row.state == MovementState.OPEN
    ]


def lock_movement(tx: Tx, movement_id: UUID) -> MovementView:
    """One movement, locked, in whatever state it is; raises NotFound."""
    t = bank_transaction.c
    tx.connection.execute(
        select(t.id).where(t.tenant_id == tx.tenant_id, t.id == movement_id).with_for_update()
    ).all()
    # Read after the lock: what another transaction made of it meanwhile counts.
    return read_movement(tx, movement_id)


def set_state(tx: Tx, ids: Sequence[UUID], state: MovementState) -> None:
    """What became of these movements."""
    if ids:
        t = bank_transaction.c
        tx.connection.execute(
            update(bank_transaction)
            .where(t.tenant_id == tx.tenant_id, t.id.in_(ids))
            .values(state=state)
        )


def write_decisions(tx: Tx, decisions: Sequence[DecisionRow]) -> None:
    """Add decisions that differ from the last one about their movement."""
    last = _last_decisions(tx, [new.movement_id for new in decisions])
    now = tx.now()
    rows: list[Row] = []
    for new in decisions:
        content = new.outcome, new.rule, new.rule_version, new.reason, new.proof
        no, before = last.get(new.movement_id, (0, None))
        if content != before:
            rows.append((tx.tenant_id, new.movement_id, no + 1, *content, now))
    bulk_write(tx, match_decision, rows)


def _last_decisions(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, tuple[int, tuple[object, ...]]]:
    d = match_decision.c
    rows = tx.connection.execute(
        select(match_decision)
        .where(d.tenant_id == tx.tenant_id, d.movement_id.in_(ids))
        .order_by(d.movement_id, d.no)
    )
    return {
        row.movement_id: (
            row.no,
            (row.outcome, row.rule, row.rule_version, row.reason, row.proof),
        )
        for row in rows
    }


def _views() -> Select[Any]:
    t, d, last = bank_transaction.c, match_decision.c, match_decision.alias()
    newest = (
        select(func.max(last.c.no))
        .where(last.c.tenant_id == t.tenant_id, last.c.movement_id == t.id)
        .scalar_subquery()
    )
    return (
        select(bank_transaction, bank_account.c.iban, d.rule, d.reason, d.decided_at)
        .join(
            bank_account,
            (bank_account.c.tenant_id == t.tenant_id) & (bank_account.c.id == t.bank_account_id),
        )
        .outerjoin(
            match_decision,
            (d.tenant_id == t.tenant_id) & (d.movement_id == t.id) & (d.no == newest),
        )
    )


def list_movements(
    tx: Tx, *, states: Iterable[MovementState] = tuple(MovementState), limit: int = 100
) -> list[MovementView]:
    """Movements in these states, latest booking first."""
    t = bank_transaction.c
    rows = tx.connection.execute(
        _views()
        .where(t.tenant_id == tx.tenant_id, t.state.in_(list(states)))
        .order_by(t.booked_on.desc(), t.id.desc())
        .limit(limit)
    )
    return [_view(row) for row in rows]


def read_movement(tx: Tx, movement_id: UUID) -> MovementView:
    """One movement; raises NotFound."""
    t = bank_transaction.c
    row = tx.connection.execute(
        _views().where(t.tenant_id == tx.tenant_id, t.id == movement_id)
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"there is no bank movement {movement_id}",
            place="movement",
            mend="faktura bank open lists those that wait",
        )
    return _view(row)


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
    )
