"""A movement whose booking was taken back waits for a person again; the decision says what and why."""

from collections.abc import Iterable
from datetime import date

from faktura.domain.match_proofs import proof_of
from faktura.domain.matches import Decision, Outcome
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.movement_lists import MovementView
from faktura.store.movements import UNDONE, DecisionRow, set_state, write_decisions
from faktura.store.transaction import Tx

_RULE_VERSION = 1


def wait_again(
    tx: Tx, movement: MovementView, numbers: Iterable[str], reason: str, on: date
) -> None:
    """Let it wait; `numbers` are the documents that it counted for until the day `on`."""
    decision: Decision[object] = Decision(Outcome.OPEN, UNDONE, reason)
    proof = proof_of(
        movement_of(record_from_text(movement.data)),
        decision,
        undone=sorted(numbers),
        on=str(on),
    )
    row = DecisionRow(
        movement.id, Outcome.OPEN, UNDONE, _RULE_VERSION, reason, canonical_json(proof)
    )
    write_decisions(tx, [row])
    set_state(tx, [movement.id], MovementState.OPEN)
