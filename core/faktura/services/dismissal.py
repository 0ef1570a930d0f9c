"""A person decides that a movement is none of ours to book, such as rent or wages, or takes it back."""

from uuid import UUID

from faktura.domain.matching import Outcome
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import FieldMissing, TransitionRefused
from faktura.kernel.terms import MovementState
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.movement_lists import MovementView, read_movement
from faktura.store.movements import DecisionRow, lock_movement, set_state, write_decisions
from faktura.store.transaction import Tx

DISMISSED = "dismissed"
REOPENED = "reopened"
_RULE_VERSION = 1


def dismiss(tx: Tx, movement_id: UUID, reason: str) -> None:
    """Let a waiting movement wait no more, for this reason, which is kept; it is booked nowhere.

    Raises FieldMissing without a reason, NotFound, TransitionRefused unless it waits.
    """
    said = reason.strip()
    if not said:
        raise FieldMissing("why it is dismissed is not said", place="reason")
    movement = _locked(tx, movement_id)
    if movement.state is not MovementState.OPEN:
        raise TransitionRefused(
            f"it is {movement.state} already",
            place=f"movement {movement_id}",
            mend="faktura bank open lists those that wait",
        )
    _decide(tx, movement, Outcome.DISMISSED, DISMISSED, said)
    set_state(tx, [movement_id], MovementState.DISMISSED)


def reopen(tx: Tx, movement_id: UUID) -> None:
    """Let a dismissed movement wait again, as if it had just come; both decisions are kept.

    Raises NotFound, and TransitionRefused unless it is dismissed.
    """
    movement = _locked(tx, movement_id)
    if movement.state is not MovementState.DISMISSED:
        raise TransitionRefused(
            f"it is {movement.state}, only what was dismissed is opened again",
            place=f"movement {movement_id}",
            mend="faktura bank list --state DISMISSED lists those",
        )
    _decide(tx, movement, Outcome.OPEN, REOPENED, "opened again by a person")
    set_state(tx, [movement_id], MovementState.OPEN)


def _locked(tx: Tx, movement_id: UUID) -> MovementView:
    lock_movement(tx, movement_id)
    return read_movement(tx, movement_id)


def _decide(tx: Tx, movement: MovementView, outcome: Outcome, rule: str, reason: str) -> None:
    text = movement_of(record_from_text(movement.data)).searched_text
    proof = canonical_json({"text": text})
    write_decisions(tx, [DecisionRow(movement.id, outcome, rule, _RULE_VERSION, reason, proof)])
