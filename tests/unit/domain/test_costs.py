"""Shares of cost centres and cost objects: checked, and split to the cent (DATEV KOST1, KOST2)."""

from decimal import Decimal

import pytest

from faktura.domain.costs import (
    NO_COSTS,
    CostShare,
    checked_costs,
    checked_name,
    costs_of,
    single_centre,
    split_minor,
    split_of_rest,
)
from faktura.kernel.errors import FieldInvalid, FieldMissing, OutOfRange, TooPrecise

SIXTY_FORTY = (CostShare("100", None, Decimal(60)), CostShare("200", None, Decimal(40)))
THIRDS = (
    CostShare("1", None, Decimal("33.3333")),
    CostShare("2", None, Decimal("33.3333")),
    CostShare("3", None, Decimal("33.3334")),
)


def amounts(split):
    """The amounts of a split alone."""
    return [minor for _, minor in split]


@pytest.mark.parametrize(
    ("minor", "costs", "parts"),
    [
        (100_000, SIXTY_FORTY, [60_000, 40_000]),
        (119_000, SIXTY_FORTY, [71_400, 47_600]),
        # 8.26 x 0.6 = 4.956
        (826, SIXTY_FORTY, [496, 330]),
        # 0.333333, 0.666666 and 1.00 are rounded one after the other
        (100, THIRDS, [33, 34, 33]),
        (10_000, THIRDS, [3_333, 3_334, 3_333]),
        (1, SIXTY_FORTY, [1, 0]),
        (-1, SIXTY_FORTY, [-1, 0]),
        (-100_001, SIXTY_FORTY, [-60_001, -40_000]),
        (0, SIXTY_FORTY, [0, 0]),
    ],
)
def test_an_amount_is_split_by_cumulative_rounding(minor, costs, parts):
    """The shares add up to the amount, whatever its sign; each within a cent of its per cent."""
    assert amounts(split_minor(minor, costs)) == parts


def test_without_several_shares_nothing_is_split():
    """All of it stands at the one share, or at none."""
    one = CostShare("100", "P 7")

    assert split_minor(999, (one,)) == [(one, 999)]
    assert split_minor(999, ()) == [(NO_COSTS, 999)]


def test_what_is_taken_back_in_parts_adds_up_at_each_share():
    """1.00 in thirds is 33 34 33; taken back as 0.33, 0.33, 0.34 each share gets what it had."""
    first = amounts(split_of_rest(-33, 100, THIRDS))
    second = amounts(split_of_rest(-33, 67, THIRDS))
    third = amounts(split_of_rest(-34, 34, THIRDS))

    # 0.67 is 22 23 22, 0.34 is 11 12 11
    assert (first, second, third) == ([-11, -11, -11], [-11, -11, -11], [-11, -12, -11])


def test_one_centre_is_told_from_a_split():
    """A cost object or a second share is more than a column for one cost centre holds."""
    assert single_centre(costs_of("100")) == "100"
    assert single_centre(costs_of(None)) is None
    assert single_centre((CostShare("100", "P7"),)) is None
    assert single_centre(SIXTY_FORTY) is None


def test_checked_shares_keep_their_order_and_write_per_cents_alike():
    """60.0 and 60 are the same share; nothing given is nothing said."""
    given = [CostShare("100", "P 7", Decimal("60.00")), CostShare(None, "P_8", Decimal(40))]

    checked = checked_costs(given)

    assert [(one.centre, one.object, str(one.percent)) for one in checked] == [
        ("100", "P 7", "60"),
        (None, "P_8", "40"),
    ]
    assert checked_costs([]) == ()
    assert checked_costs(THIRDS) == THIRDS


@pytest.mark.parametrize(
    ("shares", "error", "place"),
    [
        ([CostShare("100", None, Decimal(60))], OutOfRange, "costs"),
        ([CostShare("1", None, Decimal("99.9999"))], OutOfRange, "costs"),
        ([CostShare(None, None)], FieldMissing, "costs.1"),
        ([CostShare("Nord-Ost")], FieldInvalid, "costs.1.costCentre"),
        ([CostShare("100", "")], FieldInvalid, "costs.1.costObject"),
        ([CostShare("100", "7" * 37)], FieldInvalid, "costs.1.costObject"),
        ([CostShare("1"), CostShare("2", None, Decimal(0))], OutOfRange, "costs.2.percent"),
        ([CostShare("1", None, Decimal("33.33333"))], OutOfRange, "costs.1.percent"),
        ([CostShare("1", None, Decimal("0.1234567"))], TooPrecise, "costs.1.percent"),
        ([CostShare("1", None, Decimal(-5))], OutOfRange, "costs.1.percent"),
        (
            [CostShare("1", "P", Decimal(50)), CostShare("1", "P", Decimal(50))],
            FieldInvalid,
            "costs.2",
        ),
        ([CostShare(str(n), None, Decimal(5)) for n in range(21)], OutOfRange, "costs"),
    ],
)
def test_shares_that_split_nothing_are_refused_at_their_place(shares, error, place):
    """They make exactly 100 per cent, none is named twice, none is nothing."""
    with pytest.raises(error) as refused:
        checked_costs(shares, "costs")

    assert refused.value.place == place


def test_places_are_relative_without_a_field():
    """Whoever knows the field puts it in front."""
    with pytest.raises(FieldInvalid) as refused:
        checked_costs([CostShare("a.b")])

    assert refused.value.place == "1.costCentre"


@pytest.mark.parametrize("name", ["100", "Vertrieb Süd", "P_7", "x" * 36])
def test_a_name_is_letters_digits_underscores_and_blanks(name):
    """`[\\w ]`, as the columns of a DATEV booking have it."""
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", "100 ", " 100", "a;b", "a\tb", "a\n", "x" * 37, "Łódź", "٣"]
)
def test_another_name_is_refused(name):
    """DATEV would refuse the whole file for it."""
    with pytest.raises(FieldInvalid):
        checked_name(name)
