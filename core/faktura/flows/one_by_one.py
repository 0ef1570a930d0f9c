"""One customer after the other, where the database refused a whole chunk (O19)."""

from collections.abc import Callable
from typing import TypeVar

from faktura.kernel.errors import WriteRefused
from faktura.store.refusals import WriteCollided

D = TypeVar("D")


def done_alone(work: Callable[[], D], hold_back: Callable[[WriteRefused], D], tries: int = 3) -> D:
    """Do the work of one customer, whom a refusal holds back; what only collided is done again.

    A deadlock is broken at the cost of either side: nothing is wrong with that customer. Who
    collides in all `tries` is held back as well. Raises whatever else the work raises.
    """
    try:
        return work()
    except WriteCollided as collided:
        if tries == 1:
            return hold_back(collided)
    except WriteRefused as refused:
        return hold_back(refused)
    return done_alone(work, hold_back, tries - 1)
