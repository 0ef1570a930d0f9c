"""Long lists of keys in batches: PostgreSQL takes at most 65,535 parameters in one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

KEYS_A_STATEMENT = 10_000


def in_batches(keys: Iterable[UUID]) -> Iterator[list[UUID]]:
    """The keys in order, so many at a time as one statement takes; nothing for none."""
    left = iter(keys)
    while batch := list(islice(left, KEYS_A_STATEMENT)):
        yield batch
