"""Which amounts add up: all ways of a few, two told of many."""

import pytest

from faktura.domain.subset_sums import MOST, subsets


@pytest.mark.parametrize(
    ("amounts", "target", "ways"),
    [
        ([100, 200, 400], 600, [(1, 2)]),
        ([100, 200, 400], 700, [(0, 1, 2)]),
        ([100, 200, 400], 100, [(0,)]),
        ([100, 200, 400], 800, []),
        ([100, -30, 50], 70, [(0, 1)]),  # credit is taken off
        ([100, 100], 100, [(0,), (1,)]),
        ([], 0, []),
        ([100, 200], 0, []),  # nothing is no way
        ([100, -100], 0, [(0, 1)]),
    ],
)
def test_positions_that_add_up_are_found(amounts, target, ways):
    """In whole cents, few positions first."""
    assert subsets(amounts, target) == ways


def test_the_search_stops_at_the_second_way():
    """Who asks wants to know whether there is one way only: of ten equal amounts any three add up."""
    ways = subsets([100] * 10, 300)

    assert len(ways) == 2
    assert all(len(way) == 3 for way in ways)
    assert len(subsets([100] * 10, 300, most=5)) == 5


def test_twenty_amounts_are_searched_and_one_more_is_too_many():
    """2 x 2^10 sums; more documents of one customer say nothing any more."""
    powers = [1 << place for place in range(MOST)]

    assert subsets(powers, (1 << 20) - 1) == [tuple(range(20))]
    assert subsets([*powers, 1 << 20], 1) == []
