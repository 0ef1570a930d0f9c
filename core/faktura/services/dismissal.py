"""A person decides that a movement is none of ours to book, such as rent or wages, or takes it back.

One that is held because it may be a duplicate is dismissed as such, or let go to be matched.
"""

from uuid import UUID

from faktura.domain.match_proofs import proof_of
from faktura.domain.matches import Decision, Outcome
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import FieldMissing, TransitionRefused
from faktura.services.bank_accounts import bank_account_of
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.movement_lists import (
    MovementFilter,
    MovementView,
    list_movements,
    read_movement,
)
from faktura.store.movements import DecisionRow, lock_movement, set_state, write_decisions
from faktura.store.tasks import finish_open
from faktura.store.transaction import Tx

DISMISSED = "dismissed"
REOPENED = "reopened"
_RULE_VERSION = 1


def dismiss(tx: Tx, movement_id: UUID, reason: str) -> None:
    """Let a movement that waits or is held wait no more, for this reason; it is booked nowhere.

    The reason is kept. Raises FieldMissing without one, NotFound, TransitionRefused in other states.
    """
    said = reason.strip()
    if not said:
        raise FieldMissing("why it is dismissed is not said", place="reason")
    movement = _locked(tx, movement_id)
    if movement.state not in (MovementState.OPEN, MovementState.HELD):
        raise TransitionRefused(
            f"it is {movement.state} already",
            place=f"movement {movement_id}",
            mend="faktura bank open lists those that wait",
        )
    _decide(tx, movement, Outcome.DISMISSED, DISMISSED, said)
    set_state(tx, [movement_id], MovementState.DISMISSED)
    _settle_doubt(tx, movement)


def reopen(tx: Tx, movement_id: UUID) -> None:
    """Let a dismissed movement, or one that is held, wait as if it had just come; all decisions stay.

    Raises NotFound, and TransitionRefused unless it is dismissed or held.
    """
    movement = _locked(tx, movement_id)
    if movement.state not in (MovementState.DISMISSED, MovementState.HELD):
        raise TransitionRefused(
            f"it is {movement.state}, only what was dismissed or held is opened again",
            place=f"movement {movement_id}",
            mend="faktura bank list --state DISMISSED lists those",
        )
    held = movement.state is MovementState.HELD
    reason = "no duplicate, says a person" if held else "opened again by a person"
    _decide(tx, movement, Outcome.OPEN, REOPENED, reason)
    set_state(tx, [movement_id], MovementState.OPEN)
    _settle_doubt(tx, movement)


def _locked(tx: Tx, movement_id: UUID) -> MovementView:
    lock_movement(tx, movement_id)
    return read_movement(tx, movement_id)


def _decide(tx: Tx, movement: MovementView, outcome: Outcome, rule: str, reason: str) -> None:
    said: Decision[object] = Decision(outcome, rule, reason)
    proof = canonical_json(proof_of(movement_of(record_from_text(movement.data)), said))
    write_decisions(tx, [DecisionRow(movement.id, outcome, rule, _RULE_VERSION, reason, proof)])


def _settle_doubt(tx: Tx, movement: MovementView) -> None:
    """The task about what is held on an account is done with the last of it."""
    if movement.state is MovementState.HELD:
        account = bank_account_of(tx, movement.bank_iban)
        held = MovementFilter({MovementState.HELD}, account.id)
        if not list_movements(tx, held, limit=1):
            finish_open(tx, TaskKind.MOVEMENT_DOUBTFUL, movement.bank_iban)
