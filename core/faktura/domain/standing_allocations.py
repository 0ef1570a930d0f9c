"""Which allocations of a document stand: what undid one may be undone itself (P25)."""

from collections.abc import Iterable


def standing_numbers(allocations: Iterable[tuple[int, int | None]]) -> frozenset[int]:
    """The numbers of those that nothing undoes now; each is its number and that of what it undoes.

    An allocation is undone by a later one that stands; undoing that lets the first count again.
    """
    standing: set[int] = set()
    undone: set[int] = set()
    for no, reverses_no in sorted(allocations, reverse=True, key=lambda one: one[0]):
        if no in undone:
            continue
        standing.add(no)
        if reverses_no is not None:
            undone.add(reverses_no)
    return frozenset(standing)
