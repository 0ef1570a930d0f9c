"""Bank movements as a person reads them: what waits and why, what was booked and by which rule."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.kernel.money import Money
from faktura.kernel.terms import MovementState
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.movements import MovementView, list_movements
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


def listed_movements(tx: Tx, states: Collection[MovementState], limit: int) -> list[ListedMovement]:
    """Movements in these states, latest booking first."""
    return [_listed(view) for view in list_movements(tx, states=states, limit=limit)]


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
