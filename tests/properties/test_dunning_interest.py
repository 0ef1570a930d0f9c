"""Laws of default interest: periods add up, more owed costs more, a missing rate is never guessed."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from faktura.domain.base_rates import SHIPPED, BaseRates
from faktura.domain.dunning_interest import Owed, exact_interest, rounded

DAY = timedelta(days=1)
RATES = BaseRates({})
DAYS = st.dates(date(2003, 1, 1), date(2026, 6, 30))


def _legal(day: date) -> Decimal:
    return RATES.on(day) + 9


@st.composite
def courses(draw: st.DrawFn) -> tuple[Owed, ...]:
    """What was owed over time, in the order of days."""
    days = sorted(draw(st.sets(DAYS, min_size=1, max_size=5)))
    return tuple(Owed(day, draw(st.integers(-5_000, 10_000_000))) for day in days)


@given(courses(), st.lists(DAYS, min_size=3, max_size=3))
def test_the_interest_of_two_periods_is_that_of_both(course: tuple[Owed, ...], days: list[date]):
    """Exactly, before rounding; two notices differ from one by at most a minor unit."""
    first, middle, last = sorted(days)

    whole = exact_interest(course, _legal, first, last)
    before = exact_interest(course, _legal, first, middle)
    after = exact_interest(course, _legal, middle + DAY, last)

    assert before + after == whole
    assert abs(rounded(before) + rounded(after) - rounded(whole)) <= 1


@given(st.integers(1, 10_000_000), DAYS, st.integers(0, 3_000))
def test_a_day_more_never_costs_less(minor: int, first: date, length: int):
    """Nine points over the base rate are above nothing at all times."""
    last = min(first + length * DAY, date(2026, 6, 29))
    course = (Owed(first, minor),)

    shorter = exact_interest(course, _legal, first, last)
    longer = exact_interest(course, _legal, first, last + DAY)

    assert longer > shorter or last < first


@given(st.integers(1, 10_000_000), st.integers(1, 10_000_000), DAYS, DAYS)
def test_two_debts_cost_what_they_cost_together(one: int, other: int, a: date, b: date):
    """Interest is linear in what is owed."""
    first, last = sorted((a, b))

    def of(minor: int) -> int:
        return exact_interest((Owed(first, minor),), _legal, first, last)

    assert of(one) + of(other) == of(one + other)


@given(st.sampled_from(sorted(SHIPPED)), st.integers(0, 180))
def test_a_rate_holds_for_its_whole_half_year(start: date, days: int):
    """§ 247 Abs. 1 BGB: it changes on 1 January and 1 July only."""
    assert RATES.on(start + days * DAY) == SHIPPED[start]
