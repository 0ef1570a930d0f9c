"""Who is held back where a chunk was refused: whom the database refuses, not who only collided (O19)."""

import pytest

from faktura.flows.one_by_one import done_alone
from faktura.kernel.errors import WriteRefused
from faktura.store.refusals import WriteCollided

COLLIDED, REFUSED = WriteCollided("deadlock detected"), WriteRefused("a constraint")


@pytest.mark.parametrize(
    ("said", "becomes", "tries"),
    [
        ([], "done", 1),
        ([COLLIDED], "done", 2),
        ([COLLIDED, COLLIDED], "done", 3),
        ([COLLIDED] * 3, "held back: deadlock detected", 3),
        ([REFUSED], "held back: a constraint", 1),
        ([COLLIDED, REFUSED], "held back: a constraint", 2),
    ],
)
def test_what_becomes_of_a_customer(said, becomes, tries):
    """A collision is tried three times, a refusal once."""
    left, tried = list(said), []

    def work() -> str:
        tried.append(1)
        if left:
            raise left.pop(0)
        return "done"

    assert done_alone(work, lambda refused: f"held back: {refused.problem}") == becomes
    assert len(tried) == tries


def test_another_error_is_nobodys_fault_here():
    """It ends the run as it would anywhere."""

    def work() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        done_alone(work, lambda _: "held back")
