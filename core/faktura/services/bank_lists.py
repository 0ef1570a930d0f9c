"""Bank movements as a person reads them: what waits and why, what was booked and by which rule."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.matches import Outcome
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.plugin import BankTransaction
from faktura.services.kept_proposals import KeptProposal, proposals_of
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

# What is said of a movement that nobody has decided about.
_NOT_DECIDED = "not decided yet: faktura bank match"
_NEVER_DECIDED = {
    MovementState.PREVIEW: "announced: its statement brings the booking itself",
    MovementState.EXPANDED: "a batch: the movements that it is made of count instead",
    MovementState.HELD: "may be there twice: faktura bank reopen lets it count, dismiss drops it",
}


@dataclass(frozen=True, slots=True)
class ListedMovement:
    """A movement with the payer's text and the reason of the last decision about it.

    While it waits, `proposals` are what may be confirmed, best first; `marked` says that the first one is
    certain and only waits because the tenant wants to be told.
    """

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
    proposals: tuple[KeptProposal, ...] = ()
    marked: bool = False


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
    waits = view.state is MovementState.OPEN
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
        view.reason or _NEVER_DECIDED.get(view.state, _NOT_DECIDED),
        proposals_of(view.proof) if waits and view.proof is not None else (),
        waits and view.outcome == Outcome.MARKED,
    )
