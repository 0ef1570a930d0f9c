"""Long lists of keys in batches: PostgreSQL takes at most 65,535 parameters in one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

KEYS_A_STATEMENT = 10_000

K = TypeVar("K")


def in_batches(keys: Iterable[K]) -> Iterator[list[K]]:
    """The keys in order, so many at a time as one statement takes; nothing for none."""
    left = iter(keys)
    while batch := list(islice(left, KEYS_A_STATEMENT)):
        yield batch
