"""One movement that waits, as a person decides about it: locked, with its kind and its source."""

from dataclasses import dataclass
from uuid import UUID

from faktura.domain.movements import Movement, MovementClass, classify
from faktura.kernel.errors import TransitionRefused
from faktura.services.ledger import Source
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.movement_lists import read_movement
from faktura.store.movements import Waiting, lock_waiting
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class MovementCase:
    """A waiting movement and what kind of booking it is."""

    waiting: Waiting
    movement: Movement
    kind: MovementClass

    @property
    def source(self) -> Source:
        """Where its money comes from."""
        return source_of(self.waiting, self.movement)


def source_of(waiting: Waiting, movement: Movement) -> Source:
    """What the bookings of a movement say of it; the payer's own text is kept untouched (F092)."""
    return Source(
        waiting.id,
        movement.booked_on,
        movement.value_on,
        waiting.bank_iban,
        waiting.ledger_account,
        movement.remittance,
        movement.end_to_end_id,
        movement.return_reason,
        waiting.times_unpaid,
    )


def waiting_case(tx: Tx, movement_id: UUID) -> MovementCase:
    """The movement, locked; raises NotFound, and TransitionRefused unless it waits."""
    found = lock_waiting(tx, [movement_id])
    if not found:
        state = read_movement(tx, movement_id).state
        raise TransitionRefused(
            f"it is {state} already",
            place=f"movement {movement_id}",
            mend="faktura bank open lists those that wait",
        )
    movement = movement_of(record_from_text(found[0].data))
    return MovementCase(found[0], movement, classify(movement))
