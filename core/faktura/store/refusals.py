"""What the database's refusal is called: whoever only collided with somebody may do the same again."""

from faktura.kernel.errors import WriteRefused

# What PostgreSQL says to one of two transactions that cannot both go on: 40001, 40P01 (deadlock).
_COLLISIONS = frozenset({"40001", "40P01"})


class WriteCollided(WriteRefused):
    """Another transaction was in the way of one that may be right: the same may be done again."""

    code = "write_collided"


def refusal(said: BaseException, place: str = "") -> WriteRefused:
    """The error for what a driver said."""
    kind = WriteCollided if getattr(said, "sqlstate", None) in _COLLISIONS else WriteRefused
    return kind(f"the database refused: {str(said).splitlines()[0]}", place=place)
