"""Laws of splits: nothing is billed twice, nothing is lost, a line more costs its roundings."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import MONTHLY, QUARTERLY, TENANT, article, contract, item, view

from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.charges import Charge
from faktura.domain.discounts import Discount
from faktura.domain.service_periods import unbilled_periods
from faktura.domain.splits import split_item
from faktura.kernel.terms import ArticleUnit, DayCount

HUNDREDTH = Decimal("0.01")
YEAR = timedelta(days=366)
START = "31.01.2026"
FIRST = date(2026, 1, 31)

quantities = st.integers(101, 10_000).flatmap(
    lambda whole: st.tuples(st.just(whole), st.integers(1, whole - 1))
)
prices = st.integers(0, 1_000_000).map(lambda cents: cents * HUNDREDTH)
discounts = st.none() | st.integers(0, 100).map(lambda percent: Discount(percent=Decimal(percent)))


def charges(billable: BillableContract) -> list[Charge]:
    """What the runs of the next year bill."""
    plan = plan_contract(TENANT, billable, FIRST + YEAR)
    return [charge for invoice in plan.invoices for charge in invoice.charges]


@given(
    quantities,
    prices,
    discounts,
    st.none() | st.integers(1, 200),
    st.booleans(),
    st.booleans(),
    st.sampled_from(DayCount),
)
def test_a_split_changes_no_day_and_no_amount_but_by_rounding(
    quantity, price, discount, billed_days, quarterly, in_advance, day_count
):
    """F039: billed or not, in the middle of a period or not."""
    whole, part = (number * HUNDREDTH for number in quantity)
    frame = contract(
        START,
        QUARTERLY if quarterly else MONTHLY,
        in_advance=in_advance,
        day_count=day_count,
    )
    sold = article(str(price), unit=ArticleUnit.MONTH)
    before = item(START, sold, quantity=whole, discount=discount)
    billed = None if billed_days is None else FIRST + timedelta(days=billed_days)
    numbers = count(901)

    done = split_item(before, part, frame, billed, lambda: UUID(int=next(numbers)))

    expected = charges(BillableContract(frame, view(frame).customer, (before,), (billed,)))
    by_period = {charge.service: charge.net.minor for charge in expected}
    found = charges(BillableContract(frame, view(frame).customer, done.parts, (None, None)))
    for one in done.parts:
        own = [charge for charge in found if charge.item_id == one.id]
        assert [charge.service for charge in own] == list(by_period)
    sums = dict.fromkeys(by_period, 0)
    for charge in found:
        sums[charge.service] += charge.net.minor
    # A line and its discount are rounded once each, cumulatively at both ends of a part.
    most = 2 if discount is None else 4
    assert all(abs(sums[service] - net) <= most for service, net in by_period.items())
    assert sum(one.quantity for one in done.parts) == whole
    if done.ended is not None:
        assert list(unbilled_periods(done.ended, frame, billed)) == []
