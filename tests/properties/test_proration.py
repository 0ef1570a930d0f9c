"""Laws of proration: whatever way a period is cut, its parts cost what the whole costs (O9, P16)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import article, contract, drafts, item, view

from faktura.domain.proration import share_of
from faktura.domain.service_periods import ServicePeriod
from faktura.kernel.periods import Interval, Period, nth_period
from faktura.kernel.rounding import line_total, prorated
from faktura.kernel.terms import ArticleUnit, DayCount, IntervalUnit

CONVENTIONS = (DayCount.ACTUAL, DayCount.THIRTY_360)
INTERVALS = (
    Interval(1, IntervalUnit.MONTH),
    Interval(3, IntervalUnit.MONTH),
    Interval(1, IntervalUnit.YEAR),
    Interval(2, IntervalUnit.WEEK),
)


def check_a_cut(random: Random) -> None:
    """One random period of an anchor, cut at random days, under a random convention."""
    anchor = date(2019, 1, 1) + timedelta(random.randrange(3_653))
    nominal = nth_period(anchor, random.choice(INTERVALS), random.randrange(-30, 60))
    days = random.sample(range(1, nominal.days), random.randrange(6))
    cuts = [nominal.start, *sorted(nominal.start + timedelta(n) for n in days), nominal.end]
    price = Decimal(random.randrange(10**9)).scaleb(-random.randrange(7))
    quantity = Decimal(random.randrange(1, 10**5)).scaleb(-random.randrange(4))
    convention = random.choice(CONVENTIONS)

    minor = 0
    for start, end in pairwise(cuts):
        part = share_of(ServicePeriod(nominal, Period(start, end)), convention)
        share = prorated(price, quantity, "EUR", part=(part.start, part.end), whole=part.whole)
        minor += share.minor

    assert minor == line_total(price, quantity, "EUR").minor, (nominal, cuts, price, quantity)


def test_ten_thousand_random_cuts_of_a_period_conserve_the_cent():
    """Actual days and 30/360, months cut at their end included."""
    random = Random(20_261_101)
    for _ in range(10_000):
        check_a_cut(random)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_a_million_random_cuts_of_a_period_conserve_the_cent(seed):
    """The same law, ten times 10^5 cuts."""
    random = Random(seed)
    for _ in range(100_000):
        check_a_cut(random)


@given(
    st.dates(date(2019, 1, 1), date(2028, 12, 31)),
    st.lists(st.integers(1, 27), unique=True, max_size=5).map(sorted),
    st.decimals(Decimal("0.01"), Decimal(99999), places=2),
    st.decimals(Decimal("0.1"), Decimal(1000), places=1),
)
def test_the_lines_of_a_divided_month_sum_to_the_month(start, cuts, price, quantity):
    """The same through the plan: items that follow each other, billed by one run."""
    days = [start, *(start + timedelta(cut) for cut in cuts), None]
    sold = article(unit=ArticleUnit.MONTH, price=str(price))
    day = f"{start:%d.%m.%Y}"
    whole = drafts(view(contract(day), item(day, sold, quantity=quantity)), day)[0]
    items = [
        item(
            f"{since:%d.%m.%Y}",
            sold,
            quantity=quantity,
            anchor=start,
            until=until,
            id=UUID(int=700 + n),
        )
        for n, (since, until) in enumerate(pairwise(days))
        if since is not None
    ]

    (divided,) = drafts(view(contract(day), *items), f"{start + timedelta(27):%d.%m.%Y}")

    assert divided.net == whole.net
    assert divided.gross == whole.gross


@given(
    st.dates(date(2019, 1, 1), date(2028, 12, 31)),
    st.integers(1, 27),
    st.decimals(Decimal("0.01"), Decimal(99999), places=2),
    st.decimals(Decimal("0.1"), Decimal(1000), places=1),
)
def test_a_printed_part_explains_itself(start, cut, price, quantity):
    """quantity x price / base is the line's net, for each part; else it is printed as one."""
    day = f"{start:%d.%m.%Y}"
    sold = item(day, article(str(price)), quantity=quantity, until=start + timedelta(cut))

    ((charge,),) = (draft.charges for draft in drafts(view(contract(day), sold), day))

    printed = line_total(charge.price, charge.quantity, "EUR", base=charge.base)
    assert printed == charge.list_net == charge.net
