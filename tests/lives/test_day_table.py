"""The day table by itself, against cases that were worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest
from tests.lives.day_table import (
    ContractFacts,
    Cycle,
    ItemFacts,
    Rest,
    Stretch,
    cents,
    exact,
    rounded,
    share,
    stretches,
)

MONTH, YEAR = Cycle(1, "MONTH"), Cycle(1, "YEAR")
HORIZON = date(2030, 1, 1)


def day(text: str) -> date:
    """`2025-08-10`."""
    return date.fromisoformat(text)


def item(
    start: str,
    *,
    anchor: str | None = None,
    until: str | None = None,
    quantity: int = 1,
    price: str = "30",
    cycle: Cycle = MONTH,
    **more: object,
) -> ItemFacts:
    """An item at 30.00 a month."""
    return ItemFacts(
        cycle,
        day(anchor or start),
        day(start),
        None if until is None else day(until),
        Fraction(quantity),
        ((date(2000, 1, 1), Fraction(price)),),
        **more,  # type: ignore[arg-type]
    )


def contract(
    paid_from: str = "2000-01-01", convention: str = "ACTUAL", **more: object
) -> ContractFacts:
    """A contract without an end."""
    return ContractFacts(convention, day(paid_from), **more)  # type: ignore[arg-type]


def billed(
    of: ItemFacts, under: ContractFacts, before: str, count: int | None = None
) -> list[tuple[str, str, int]]:
    """First day, last bound and cents of the stretches that begin before a day."""
    found = stretches(of, under, day(before))[:count]
    return [(str(s.start), str(s.end), cents(of, under, s)) for s in found]


def test_an_upgrade_inside_a_month_bills_nine_days_of_one_and_twenty_two_of_two():
    """30.00 a month from 01.08., 1 -> 2 on 10.08.: 8.71 and 42.58 (domain.md, G1)."""
    old = item("2025-08-01", until="2025-08-10")
    new = item("2025-08-10", anchor="2025-08-01", quantity=2)
    assert billed(old, contract(), "2025-09-01") == [("2025-08-01", "2025-08-10", 871)]
    assert billed(new, contract(), "2025-09-02") == [
        ("2025-08-10", "2025-09-01", 4258),
        ("2025-09-01", "2025-10-01", 6000),
    ]


def test_a_successor_with_its_own_start_begins_with_a_whole_period():
    """A large upgrade at 10.08. without the old start: 10.08.-09.09. whole (G2)."""
    assert billed(item("2025-08-10"), contract(), "2025-08-11") == [
        ("2025-08-10", "2025-09-10", 3000)
    ]


def test_days_of_thirty_360_count_the_end_of_february_as_the_thirtieth():
    """10.02. to 01.03.2025 are 21 days of 30: 21.00 of 30.00."""
    under = contract(convention="THIRTY_360")
    begun = item("2025-02-10", anchor="2025-02-01")
    assert billed(begun, under, "2025-02-28") == [("2025-02-10", "2025-03-01", 2100)]
    assert share(
        "THIRTY_360", (day("2025-01-01"), day("2025-02-01")), day("2025-01-31"), day("2025-02-01")
    ) == Fraction(1, 30)


def test_whole_periods_only_bill_a_part_as_the_whole():
    """No proration: 10.-31.08. cost 30.00."""
    begun = item("2025-08-10", anchor="2025-08-01")
    assert billed(begun, contract(convention="NONE"), "2025-08-11") == [
        ("2025-08-10", "2025-09-01", 3000)
    ]


def test_an_aligned_item_bills_the_days_before_and_a_whole_month_after():
    """From 15.05., aligned to 01.06.: 17 of 31 days = 16.45, June = 30.00."""
    before = item("2025-05-15", until="2025-06-01")
    after = item("2025-06-01")
    assert billed(before, contract(), "2025-06-30") == [("2025-05-15", "2025-06-01", 1645)]
    assert billed(after, contract(), "2025-06-30") == [("2025-06-01", "2025-07-01", 3000)]


def test_periods_of_a_month_end_are_clamped_and_come_back():
    """31.01., 28.02., 31.03.: counted from the anchor, never chained."""
    assert [s[:2] for s in billed(item("2025-01-31"), contract(), "2025-04-01")] == [
        ("2025-01-31", "2025-02-28"),
        ("2025-02-28", "2025-03-31"),
        ("2025-03-31", "2025-04-30"),
    ]


def test_a_leap_day_is_the_anchor_of_clamped_years():
    """29.02.2024, 28.02.2025, ..., 29.02.2028."""
    starts = [s[0] for s in billed(item("2024-02-29", cycle=YEAR), contract(), "2028-03-01")]
    assert starts == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_a_day_before_the_anchor_lies_in_a_period_too():
    """Anchor 31.03., day 15.02.: 31.01. to 28.02."""
    assert MONTH.around(day("2025-03-31"), day("2025-02-15")) == (
        day("2025-01-31"),
        day("2025-02-28"),
    )


def test_payment_that_starts_inside_a_period_bills_its_rest():
    """Free until 20.08.: 12 of 31 days = 11.61."""
    assert billed(item("2025-08-01"), contract("2025-08-20"), "2025-08-31") == [
        ("2025-08-20", "2025-09-01", 1161)
    ]


def test_the_rest_of_what_another_system_billed_is_a_stub():
    """Start 15.05., billed until 01.01.: 01.-14.01. of 15.12.-14.01. is 14 of 31 days (domain.md)."""
    moved_in = item("2025-05-15", elsewhere_until=day("2026-01-01"))
    assert billed(moved_in, contract(), "2026-01-02") == [("2026-01-01", "2026-01-15", 1355)]


def test_the_period_that_contains_the_end_is_billed_whole():
    """End 10.08.: August stays, September never begins (P9)."""
    ends = contract(end=day("2025-08-10"))
    assert billed(item("2025-07-01"), ends, "2025-12-01") == [
        ("2025-07-01", "2025-08-01", 3000),
        ("2025-08-01", "2025-09-01", 3000),
    ]


def test_an_end_to_the_day_bills_the_days_before_it():
    """Until 10.08.: 9 of 31 days = 8.71 (F013)."""
    ends = contract(end=day("2025-08-10"))
    assert billed(item("2025-08-01", until="2025-08-10"), ends, "2025-12-01") == [
        ("2025-08-01", "2025-08-10", 871)
    ]


def test_a_term_without_renewal_ends_to_the_day():
    """Service until 16.08.: 15 of 31 days = 14.52 (F027)."""
    under = contract(service_end=day("2025-08-16"))
    assert billed(item("2025-08-01"), under, "2026-01-01") == [("2025-08-01", "2025-08-16", 1452)]


PAUSED = contract(rests=(Rest(date(2025, 8, 20), date(2025, 10, 10)),))


def test_a_pause_leaves_the_running_period_whole_and_bills_the_rest_after_it():
    """20.08.-09.10.: August whole, September never, 10.-31.10. is 22 of 31 days = 21.29 (P10)."""
    assert billed(item("2025-08-01"), PAUSED, "2025-11-02") == [
        ("2025-08-01", "2025-09-01", 3000),
        ("2025-10-10", "2025-11-01", 2129),
        ("2025-11-01", "2025-12-01", 3000),
    ]


def test_a_pause_with_whole_periods_only_goes_on_with_the_next_one():
    """Resumed on 10.10.: November is the next whole period."""
    assert [s[0] for s in billed(item("2025-08-01", whole_only=True), PAUSED, "2025-11-02")] == [
        "2025-08-01",
        "2025-11-01",
    ]


def test_what_is_billed_later_is_billed_whole():
    """Each month of the pause comes when it is over."""
    assert [s[0] for s in billed(item("2025-08-01", later=True), PAUSED, "2025-11-02")] == [
        "2025-08-01",
        "2025-09-01",
        "2025-10-01",
        "2025-11-01",
    ]


@pytest.mark.parametrize("later", [False, True])
def test_nothing_begins_in_an_open_pause(later):
    """Nobody has resumed it."""
    under = contract(rests=(Rest(day("2025-08-20")),))
    assert billed(item("2025-08-01", later=later), under, "2029-01-01") == [
        ("2025-08-01", "2025-09-01", 3000)
    ]


def test_a_price_of_a_later_day_counts_for_periods_that_begin_then():
    """30.00 until 14.08., 40.00 from 15.08.: August 30.00, September 40.00; a part from 20.08. at 40.00."""
    prices = ((date(2000, 1, 1), Fraction(30)), (day("2025-08-15"), Fraction(40)))
    whole = ItemFacts(MONTH, day("2025-08-01"), day("2025-08-01"), None, Fraction(1), prices)
    part = ItemFacts(MONTH, day("2025-08-01"), day("2025-08-20"), None, Fraction(1), prices)
    assert [s[2] for s in billed(whole, contract(), "2025-09-02")] == [3000, 4000]
    assert billed(part, contract(), "2025-08-31") == [("2025-08-20", "2025-09-01", 1548)]


def test_ten_per_cent_off_are_rounded_by_themselves():
    """9 of 31 days of 30.00 = 8.71, less 0.87."""
    cheap = item("2025-08-01", until="2025-08-10", percent_off=Fraction(10))
    assert billed(cheap, contract(), "2025-09-01") == [("2025-08-01", "2025-08-10", 784)]


def test_parts_of_a_period_sum_to_its_rounded_whole():
    """0.05 in 31 parts of a day are 0.05, some of them 0.00."""
    whole = (day("2025-08-01"), day("2025-09-01"))
    tiny = item("2025-08-01", price="0.05")
    parts = [
        Stretch(one, date.fromordinal(one.toordinal() + 1), whole)
        for one in Stretch(*whole, whole).days()
    ]
    assert len(parts) == 31
    assert sum(cents(tiny, contract(), part) for part in parts) == 5
    assert sum(exact(tiny, contract(), part) for part in parts) == Fraction(5, 100)


def test_halves_are_rounded_away_from_zero():
    """0.5 is 1, -0.5 is -1."""
    assert [rounded(Fraction(n, 2)) for n in (1, -1, 3, 0)] == [1, -1, 2, 0]
