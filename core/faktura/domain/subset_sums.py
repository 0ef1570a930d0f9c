"""Which of a few amounts add up to a sum: the two halves meet in the middle, in whole minor units."""

from collections.abc import Sequence

# 2 x 2^10 sums; more documents of one customer say nothing any more.
MOST = 20


def subsets(amounts: Sequence[int], target: int, most: int = 2) -> list[tuple[int, ...]]:
    """Positions of amounts that add up to `target`, at most so many ways, few positions first.

    None of more than MOST amounts, and none of nothing. The search stops at `most`: who asks wants to
    know whether there is one way only.
    """
    if len(amounts) > MOST:
        return []
    middle = len(amounts) // 2
    lower = _sums(amounts[:middle])
    ways: dict[int, list[int]] = {}
    for mask, amount in enumerate(lower):
        known = ways.setdefault(amount, [])
        if len(known) <= most:
            known.append(mask)
    found: list[tuple[int, ...]] = []
    for mask, amount in enumerate(_sums(amounts[middle:])):
        for low in ways.get(target - amount, ()):
            if low or mask:
                found.append(_positions(mask << middle | low))
            if len(found) == most:
                return sorted(found, key=lambda way: (len(way), way))
    return sorted(found, key=lambda way: (len(way), way))


def _sums(amounts: Sequence[int]) -> list[int]:
    """The sums of all choices, by their bits."""
    sums = [0]
    for amount in amounts:
        sums += [amount + other for other in sums]
    return sums


def _positions(mask: int) -> tuple[int, ...]:
    return tuple(position for position in range(mask.bit_length()) if mask >> position & 1)
