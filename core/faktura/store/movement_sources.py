"""Movements as their sources know them: by which keys, under which names, by whom (P40).

`movement_alias` has two kinds of rows: another source's key of a movement that was there already,
and, under a key of its own, that a source has delivered a movement at all.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select, update

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import bank_transaction, movement_alias
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class KnownMovement:
    """A movement that is there; `source` is None of those from before sources were kept.

    `data` is the parser's record as JSON, empty where it was not asked for.
    """

    id: UUID
    statement_id: UUID
    state: MovementState
    source: str | None
    booked_on: date
    amount: Money
    data: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """By this key `source` knows the movement."""

    key: bytes
    movement_id: UUID
    source: str


def known_movements(
    tx: Tx, account_id: UUID, keys: Collection[bytes], *, with_data: bool = False
) -> dict[bytes, KnownMovement]:
    """The account's movements that have these keys, from whatever source."""
    t, a = bank_transaction.c, movement_alias.c
    further = (t.data,) if with_data else ()
    found: dict[bytes, KnownMovement] = {}
    for batch in in_batches(keys):
        own = _movements(tx, account_id, *further).where(t.dedup_key.in_(batch))
        found |= {row.dedup_key: _known(row) for row in tx.connection.execute(own)}
        left = [key for key in batch if key not in found]
        if not left:
            continue
        aliased = (
            _movements(tx, account_id, a.dedup_key.label("alias"), *further)
            .join(movement_alias, (a.tenant_id == t.tenant_id) & (a.movement_id == t.id))
            .where(a.bank_account_id == account_id, a.dedup_key.in_(left))
        )
        found |= {row.alias: _known(row) for row in tx.connection.execute(aliased)}
    return found


def has_other_sources(tx: Tx, account_id: UUID, source: str) -> bool:
    """Whether anybody else delivered movements of the account."""
    t = bank_transaction.c
    found = tx.connection.execute(
        select(t.id)
        .where(t.tenant_id == tx.tenant_id, t.bank_account_id == account_id, t.source != source)
        .limit(1)
    )
    return found.one_or_none() is not None


def unnamed_movements(
    tx: Tx, account_id: UUID, source: str, cross_keys: Collection[bytes]
) -> dict[bytes, list[KnownMovement]]:
    """By cross key, movements of other sources that `source` has not delivered yet, oldest first."""
    t = bank_transaction.c
    found: dict[bytes, list[KnownMovement]] = {}
    for batch in in_batches(cross_keys):
        query = _movements(tx, account_id).where(
            t.cross_key.in_(batch), t.source != source, ~_named_by(source)
        )
        for row in tx.connection.execute(query.order_by(t.id)):
            found.setdefault(row.cross_key, []).append(_known(row))
    return found


def unnamed_of_amounts(
    tx: Tx, account_id: UUID, source: str, wanted: Collection[tuple[date, Money]]
) -> list[KnownMovement]:
    """Movements of other sources over these amounts of these days, which `source` has not delivered."""
    t = bank_transaction.c
    query = _of_amounts(tx, account_id, wanted).where(t.source != source, ~_named_by(source))
    return _exactly(tx, query, wanted)


def movements_of_amounts(
    tx: Tx, account_id: UUID, wanted: Collection[tuple[date, Money]]
) -> list[KnownMovement]:
    """All movements over these amounts of these days, oldest first."""
    return _exactly(tx, _of_amounts(tx, account_id, wanted), wanted)


def details_of_days(tx: Tx, account_id: UUID, days: Collection[date]) -> list[KnownMovement]:
    """What was booked or notified on these days as one detail of several, in the order it came."""
    t = bank_transaction.c
    # A text never holds this: within one a quotation mark is escaped.
    query = _movements(tx, account_id, t.data).where(
        t.booked_on.in_(sorted(days)), t.data.contains('"detail_count":', autoescape=True)
    )
    return [_known(row) for row in tx.connection.execute(query.order_by(t.id))]


def known_aliases(tx: Tx, account_id: UUID, keys: Collection[bytes]) -> set[bytes]:
    """Those of these keys that are kept as aliases."""
    a = movement_alias.c
    found: set[bytes] = set()
    for batch in in_batches(keys):
        query = select(a.dedup_key).where(
            a.tenant_id == tx.tenant_id, a.bank_account_id == account_id, a.dedup_key.in_(batch)
        )
        found |= set(tx.connection.execute(query).scalars())
    return found


def write_aliases(tx: Tx, account_id: UUID, aliases: Iterable[Alias]) -> None:
    """Keep these; none of them is there yet."""
    now = tx.now()
    rows: list[Row] = [
        (tx.tenant_id, account_id, new.key, new.movement_id, new.source, now) for new in aliases
    ]
    bulk_write(tx, movement_alias, rows)


def let_wait(
    tx: Tx, ids: Sequence[UUID], statement_id: UUID, state: MovementState = MovementState.OPEN
) -> None:
    """Previews that this statement has booked: they wait now for a decision, or HELD for a person."""
    t = bank_transaction.c
    for batch in in_batches(ids):
        tx.connection.execute(
            update(bank_transaction)
            .where(
                t.tenant_id == tx.tenant_id,
                t.id.in_(batch),
                t.state == MovementState.PREVIEW,
            )
            .values(state=state, statement_id=statement_id)
        )


def expand(tx: Tx, movement_id: UUID) -> bool:
    """Let a collective movement's details stand for it; False where somebody decided about it."""
    t = bank_transaction.c
    changed = tx.connection.execute(
        update(bank_transaction)
        .where(
            t.tenant_id == tx.tenant_id,
            t.id == movement_id,
            t.state.in_((MovementState.OPEN, MovementState.PREVIEW)),
        )
        .values(state=MovementState.EXPANDED)
    )
    return changed.rowcount == 1


def _movements(tx: Tx, account_id: UUID, *further: Any) -> Select[Any]:
    t = bank_transaction.c
    return select(
        t.id, t.statement_id, t.dedup_key, t.cross_key, t.state, t.source, t.booked_on, t.amount,
        t.currency, *further,
    ).where(t.tenant_id == tx.tenant_id, t.bank_account_id == account_id)  # fmt: skip


def _named_by(source: str) -> Any:
    t, a = bank_transaction.c, movement_alias.c
    return exists().where(a.tenant_id == t.tenant_id, a.movement_id == t.id, a.source == source)


def _of_amounts(tx: Tx, account_id: UUID, wanted: Collection[tuple[date, Money]]) -> Select[Any]:
    t = bank_transaction.c
    return _movements(tx, account_id, t.data).where(
        t.booked_on.in_(sorted({day for day, _ in wanted})),
        t.amount.in_(sorted({amount.minor for _, amount in wanted})),
    )


def _exactly(
    tx: Tx, query: Select[Any], wanted: Collection[tuple[date, Money]]
) -> list[KnownMovement]:
    if not wanted:
        return []
    rows = tx.connection.execute(query.order_by(bank_transaction.c.id))
    meant = set(wanted)
    return [one for one in map(_known, rows) if (one.booked_on, one.amount) in meant]


def _known(row: Any) -> KnownMovement:
    return KnownMovement(
        row.id,
        row.statement_id,
        MovementState(row.state),
        row.source or None,
        row.booked_on,
        Money(row.amount, row.currency),
        getattr(row, "data", ""),
    )
