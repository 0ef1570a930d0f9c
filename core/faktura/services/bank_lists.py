"""Bank movements as a person reads them: what waits and why, what was booked and by which rule."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.kernel.money import Money
from faktura.kernel.terms import MovementState
from faktura.plugin import BankTransaction
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.movement_lists import (
    DecisionView,
    MovementFilter,
    MovementView,
    list_movements,
    read_decisions,
    read_movement,
)
from faktura.store.transaction import Tx

_NOT_DECIDED = "not decided yet: faktura bank match"


@dataclass(frozen=True, slots=True)
class ListedMovement:
    """A movement with the payer's text and the reason of the last decision about it."""

    id: UUID
    bank_iban: str
    booked_on: date
    value_on: date
    amount: Money
    counterparty: str
    remittance: str
    state: MovementState
    rule: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class MovementDetails:
    """A movement with the bank's whole record of it and all decisions about it, in order."""

    listed: ListedMovement
    record: BankTransaction
    decisions: tuple[DecisionView, ...]


_ALL = MovementFilter()


def listed_movements(
    tx: Tx, wanted: MovementFilter = _ALL, *, after: UUID | None = None, limit: int = 100
) -> list[ListedMovement]:
    """Movements, latest booking first; `after` goes on below that one. Raises NotFound."""
    return [_listed(view) for view in list_movements(tx, wanted, after=after, limit=limit)]


def movement_details(tx: Tx, movement_id: UUID) -> MovementDetails:
    """One movement; raises NotFound."""
    view = read_movement(tx, movement_id)
    return MovementDetails(
        _listed(view),
        record_from_text(view.data),
        tuple(read_decisions(tx, movement_id)),
    )


def _listed(view: MovementView) -> ListedMovement:
    movement = movement_of(record_from_text(view.data))
    return ListedMovement(
        view.id,
        view.bank_iban,
        view.booked_on,
        view.value_on,
        view.amount,
        view.counterparty,
        movement.remittance or "",
        view.state,
        view.rule,
        view.reason or _NOT_DECIDED,
    )
