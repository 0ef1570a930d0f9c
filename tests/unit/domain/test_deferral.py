"""How a net is spread over months: the worked tables, to the cent (F108, P45)."""

from datetime import date
from decimal import Decimal

import pytest

from faktura.domain.deferral import (
    DeferralPolicy,
    Spread,
    cells,
    last_month_over,
    postable_month,
    schedule,
)
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.periods import Period

DAY, MONTH, HALF_MONTH = DeferralMethod.DAY, DeferralMethod.MONTH, DeferralMethod.HALF_MONTH
# 15.11.2026 to 14.11.2027: 365 days.
YEAR = Period(date(2026, 11, 15), date(2027, 11, 15))
BOOKED = date(2026, 11, 15)


def months(net, spread, booked=BOOKED, weights=(1,)):
    """Year and month of each month with its cents."""
    found = schedule(net, spread, booked, weights).months
    return [(f"{one.month:%m/%y}", one.amount) for one in found]


def amounts(net, spread, booked=BOOKED):
    return [amount for _, amount in months(net, spread, booked)]


def test_day_exact_each_month_has_its_days_of_the_year():
    """1,000.00 over 365 days; the naive way per month would give 999.99."""
    assert months(100_000, Spread(DAY, YEAR)) == [
        ("11/26", 4384),
        ("12/26", 8493),
        ("01/27", 8493),
        ("02/27", 7671),
        ("03/27", 8493),
        ("04/27", 8219),
        ("05/27", 8494),
        ("06/27", 8219),
        ("07/27", 8493),
        ("08/27", 8493),
        ("09/27", 8219),
        ("10/27", 8493),
        ("11/27", 3836),
    ]


def test_by_months_the_first_counts_whole_and_the_last_not_at_all():
    """Twelve months from November on."""
    assert months(100_000, Spread(MONTH, YEAR)) == [
        ("11/26", 8333),
        ("12/26", 8334),
        ("01/27", 8333),
        ("02/27", 8333),
        ("03/27", 8334),
        ("04/27", 8333),
        ("05/27", 8333),
        ("06/27", 8334),
        ("07/27", 8333),
        ("08/27", 8333),
        ("09/27", 8334),
        ("10/27", 8333),
    ]


def test_by_half_months_both_ends_count_half():
    """Half of November, eleven months, half of November."""
    assert months(100_000, Spread(HALF_MONTH, YEAR)) == [
        ("11/26", 4167),
        ("12/26", 8333),
        ("01/27", 8333),
        ("02/27", 8334),
        ("03/27", 8333),
        ("04/27", 8333),
        ("05/27", 8334),
        ("06/27", 8333),
        ("07/27", 8333),
        ("08/27", 8334),
        ("09/27", 8333),
        ("10/27", 8333),
        ("11/27", 4167),
    ]


def test_the_balance_after_each_month_falls_to_nothing():
    """956.16 is deferred when it is booked; the last release leaves 0.00."""
    found = schedule(100_000, Spread(DAY, YEAR), BOOKED)

    assert found.accrued == (95_616,)
    assert [one.open for one in found.months] == [
        95_616, 87_123, 78_630, 70_959, 62_466, 54_247, 45_753, 37_534, 29_041, 20_548, 12_329,
        3836, 0,
    ]  # fmt: skip


def test_a_correction_in_the_middle_defers_back_what_lies_ahead():
    """15.05. to 14.11.2027, 504.11, booked in April: all of it; 542.47 - 504.11 = 38.36 stay."""
    original = schedule(100_000, Spread(DAY, YEAR), BOOKED)
    rest = Period(date(2027, 5, 15), date(2027, 11, 15))
    correction = schedule(-50_411, Spread(DAY, rest), date(2027, 4, 20))

    assert correction.accrued == (-50_411,)
    assert [(f"{one.month:%m/%y}", one.amount) for one in correction.months] == [
        ("05/27", -4658),
        ("06/27", -8219),
        ("07/27", -8493),
        ("08/27", -8493),
        ("09/27", -8219),
        ("10/27", -8493),
        ("11/27", -3836),
    ]
    may = original.months[6].amount + correction.months[0].amount
    assert (original.months[5].open + correction.accrued[0], may) == (3836, 3836)
    assert [
        one.amount + other.amount
        for one, other in zip(original.months[7:], correction.months[1:], strict=True)
    ] == [0, 0, 0, 0, 0, 0]


def test_an_upgrade_has_a_schedule_for_each_of_its_lines():
    """1,000 to 2,000 a year on 1 February: -786.30 and +1,572.60 over the 287 days left."""
    left = Spread(DAY, Period(date(2027, 2, 1), date(2027, 11, 15)))
    new = schedule(157_260, left, date(2027, 2, 1))
    old = schedule(-78_630, left, date(2027, 2, 1))

    assert (new.accrued, old.accrued) == ((141_918,), (-70_959,))
    assert [one.amount for one in new.months] == [
        15_342, 16_987, 16_438, 16_986, 16_439, 16_986, 16_986, 16_439, 16_986, 7671,
    ]  # fmt: skip
    assert [one.amount for one in old.months] == [
        -7671, -8493, -8220, -8493, -8219, -8493, -8493, -8219, -8493, -3836,
    ]  # fmt: skip
    assert sum(one.amount for one in new.months) == 157_260
    assert sum(one.amount for one in old.months) == -78_630


def test_cost_centres_split_each_month_and_the_whole():
    """60/40 of 1,000.00: every month adds up, 600.00 and 400.00 in all."""
    found = schedule(100_000, Spread(DAY, YEAR), BOOKED, (60, 40))
    cells_of = {f"{one.month:%m/%y}": one.cells for one in found.months}

    assert cells_of["11/26"] == (2630, 1754)
    assert cells_of["12/26"] == (5096, 3397)
    assert cells_of["02/27"] == (4603, 3068)
    assert cells_of["11/27"] == (2301, 1535)
    assert [sum(one) for one in zip(*cells_of.values(), strict=True)] == [60_000, 40_000]
    assert found.accrued == (57_370, 38_246)


def test_a_period_that_is_over_defers_nothing():
    """October, billed in November."""
    october = Spread(DAY, Period(date(2026, 10, 1), date(2026, 11, 1)))

    found = schedule(100_000, october, BOOKED)

    assert (found.accrued, [(one.amount, one.open) for one in found.months]) == (
        (0,),
        [(100_000, 0)],
    )


def test_a_period_that_begins_later_is_deferred_whole():
    """December and January, billed in November: 31 days of 62 each."""
    later = Spread(DAY, Period(date(2026, 12, 1), date(2027, 2, 1)))

    found = schedule(100_000, later, BOOKED)

    assert found.accrued == (100_000,)
    assert [(one.amount, one.open) for one in found.months] == [(50_000, 50_000), (50_000, 0)]


def test_months_before_the_booking_leave_nothing_open():
    """Service from November, booked in January: only what comes after January is deferred."""
    found = schedule(100_000, Spread(DAY, YEAR), date(2027, 1, 31))

    assert found.accrued == (78_630,)
    assert [one.open for one in found.months][:4] == [0, 0, 78_630, 70_959]


@pytest.mark.parametrize(
    ("method", "start", "end", "expected"),
    [
        # Ends with its last month: that counts whole.
        (MONTH, date(2026, 11, 15), date(2027, 2, 1), [300, 300, 300]),
        (HALF_MONTH, date(2026, 11, 15), date(2027, 2, 1), [180, 360, 360]),
        # Begins with its first month and ends within its last.
        (MONTH, date(2026, 11, 1), date(2027, 1, 15), [450, 450]),
        (HALF_MONTH, date(2026, 11, 1), date(2027, 1, 15), [360, 360, 180]),
        (HALF_MONTH, date(2026, 11, 1), date(2027, 2, 1), [300, 300, 300]),
        # Within one month.
        (MONTH, date(2026, 11, 3), date(2026, 11, 9), [900]),
        (HALF_MONTH, date(2026, 11, 3), date(2026, 11, 9), [900]),
        (DAY, date(2026, 11, 3), date(2026, 11, 9), [900]),
        # Two days in two months.
        (MONTH, date(2026, 11, 30), date(2026, 12, 2), [900]),
        (HALF_MONTH, date(2026, 11, 30), date(2026, 12, 2), [450, 450]),
    ],
)
def test_ends_of_periods(method, start, end, expected):
    """What counts at both ends, in cents of 9.00."""
    assert amounts(900, Spread(method, Period(start, end)), start) == expected


def test_a_tiny_amount_is_earned_once():
    """One cent over a year falls in the month in which half of it is earned."""
    assert amounts(1, Spread(DAY, YEAR)) == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_parts_of_a_period_have_their_cells():
    """Days 0 to 100 of 365 of 10.00 are 2.74: half and half by cumulative rounding."""
    assert cells(1000, Spread(DAY, YEAR), (1, 1), (0, 100)) == (137, 137)


def test_the_method_none_spreads_nothing():
    """Whoever asks for a schedule has to say how."""
    with pytest.raises(OutOfRange, match="NONE spreads nothing"):
        Spread(DeferralMethod.NONE, YEAR)


@pytest.mark.parametrize(
    ("policy", "net", "wanted"),
    [
        (DeferralPolicy(), 100_000, False),
        (DeferralPolicy(DAY), 1, True),
        (DeferralPolicy(DAY), 0, False),
        (DeferralPolicy(DAY, threshold=Decimal(800)), 79_999, False),
        (DeferralPolicy(DAY, threshold=Decimal(800)), 80_000, True),
        (DeferralPolicy(DAY, threshold=Decimal(800)), -80_000, True),
        (DeferralPolicy(DAY, since=date(2026, 11, 15)), 100, True),
        (DeferralPolicy(DAY, since=date(2026, 11, 16)), 100, False),
    ],
)
def test_which_lines_a_policy_wants(policy, net, wanted):
    """Method, first day and threshold, all of them."""
    assert policy.wants(Money(net, "EUR"), BOOKED) is wanted


def test_months_that_may_be_posted():
    """The last one that is over; this month on its last day when it is named."""
    assert last_month_over(date(2026, 11, 30)) == date(2026, 10, 1)
    assert last_month_over(date(2026, 12, 1)) == date(2026, 11, 1)
    assert postable_month(date(2026, 11, 1), date(2026, 11, 30)) == date(2026, 11, 1)
    with pytest.raises(OutOfRange, match="2026-11 is not over on 2026-11-29"):
        postable_month(date(2026, 11, 1), date(2026, 11, 29))
