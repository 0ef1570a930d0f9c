"""Bank movements as they wait for a decision, and the decisions about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, update

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import bank_account, bank_statement, bank_transaction, match_decision
from faktura.store.transaction import Tx

# The rule of the decision by which a person takes back what a movement paid.
SET_UNPAID = "set-unpaid"
# The rule of the decision by which a person takes back a movement whole, whatever it was booked as.
UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open movement; `balanced` is its statement's, `data` the parser's record as JSON.

    `times_unpaid` says how often it was booked before and set unpaid (F065).
    """

    id: UUID
    bank_iban: str
    ledger_account: str | None
    balanced: bool | None
    amount: Money
    data: str
    times_unpaid: int = 0


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What was decided about a movement, by which rule and on which evidence (JSON)."""

    movement_id: UUID
    outcome: str
    rule: str
    rule_version: int
    reason: str
    proof: str


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
    _lock(tx, ids)
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
            _times_unpaid().label("times_unpaid"),
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
    )
    return [
        Waiting(
            row.id,
            row.iban,
            row.ledger_account or None,
            row.balanced,
            Money(row.amount, row.currency),
            row.data,
            row.times_unpaid,
        )
        for row in rows
        if row.state == MovementState.OPEN
    ]


def _times_unpaid() -> ScalarSelect[int]:
    d = match_decision.c
    return (
        select(func.count())
        .where(
            d.tenant_id == bank_transaction.c.tenant_id,
            d.movement_id == bank_transaction.c.id,
            d.rule.in_((SET_UNPAID, UNDONE)),
        )
        .correlate(bank_transaction)
        .scalar_subquery()
    )


def lock_booked(tx: Tx, ids: Collection[UUID]) -> dict[UUID, int]:
    """How often each of these movements was set unpaid so far; they are locked in id order."""
    _lock(tx, ids)
    t = bank_transaction.c
    rows = tx.connection.execute(
        select(t.id, _times_unpaid().label("times_unpaid"))
        .where(t.tenant_id == tx.tenant_id, t.id.in_(sorted(ids)))
        .order_by(t.id)
    )
    return {row.id: row.times_unpaid for row in rows}


def lock_movement(tx: Tx, movement_id: UUID) -> None:
    """Lock one movement, if it exists, in whatever state it is; what is read after it counts."""
    _lock(tx, [movement_id])


def _lock(tx: Tx, ids: Collection[UUID]) -> None:
    """Lock movements in id order; they are read by a statement of its own.

    PostgreSQL counts the decisions about a row that it had to wait for as they were before the wait.
    """
    t = bank_transaction.c
    tx.connection.execute(
        select(t.id)
        .where(t.tenant_id == tx.tenant_id, t.id.in_(list(ids)))
        .order_by(t.id)
        .with_for_update()
    ).all()


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
