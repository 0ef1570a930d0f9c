"""Laws of the billing plan: every paid day is billed once, whenever and however often runs happen."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import COMPANY, TENANT, article, contract, item

from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.service_periods import unbilled_periods
from faktura.kernel.periods import Interval, Period
from faktura.kernel.terms import ArticleUnit, ContractState, IntervalUnit, Renewal

CYCLES = st.sampled_from(
    [
        (ArticleUnit.MONTH, Interval(1, IntervalUnit.MONTH)),
        (ArticleUnit.MONTH, Interval(3, IntervalUnit.MONTH)),
        (ArticleUnit.MONTH, Interval(12, IntervalUnit.MONTH)),
        (ArticleUnit.YEAR, Interval(1, IntervalUnit.YEAR)),
        (ArticleUnit.PIECE, Interval(6, IntervalUnit.MONTH)),
        (ArticleUnit.WEEK, Interval(2, IntervalUnit.WEEK)),
        (ArticleUnit.DAY, Interval(30, IntervalUnit.DAY)),
    ]
)
# Around leap day and month ends, where anchors are cut.
STARTS = st.one_of(
    st.dates(date(2019, 1, 1), date(2028, 12, 31)),
    st.sampled_from([date(2023, 12, 31), date(2024, 2, 29), date(2027, 1, 30), date(2027, 1, 31)]),
)
LATER = st.integers(1, 500).map(timedelta)
RUNS = st.lists(st.integers(-5, 800).map(timedelta), min_size=1, max_size=6)


@dataclass(frozen=True)
class Case:
    """A contract with one item, and the day up to which it was billed elsewhere."""

    billable: BillableContract

    @property
    def start(self) -> date:
        """The first day that is to be billed."""
        (sold,), (until,) = self.billable.items, self.billable.billed_until
        return max(sold.first_paid_day, until or sold.first_paid_day)

    def billed_until(self, until: date | None) -> "Case":
        """The same after that day was billed."""
        return Case(replace(self.billable, billed_until=(until,)))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any cycle, alignment, payment start, term, end and import date."""
    start = draw(STARTS)
    unit, interval = draw(CYCLES)
    anchor = start + draw(st.one_of(st.just(timedelta(0)), LATER))
    day = f"{start:%d.%m.%Y}"

    def perhaps_later() -> date | None:
        return draw(st.one_of(st.none(), LATER.map(lambda days: start + days)))

    end = perhaps_later()
    frame = contract(
        day,
        interval,
        billing_anchor=draw(st.sampled_from([start, anchor])),
        in_advance=draw(st.booleans()),
        end=end,
        state=ContractState.ACTIVE if end is None else ContractState.TERMINATED,
    )
    term = {
        "payment_start": perhaps_later(),
        "renewal": draw(st.sampled_from([Renewal.INDEFINITE, Renewal.NONE])),
        "minimum_term": draw(st.sampled_from([None, Interval(5, IntervalUnit.MONTH)])),
    }
    sold = item(day, article(unit=unit), anchor=anchor, until=perhaps_later(), term=term)
    return Case(BillableContract(frame, COMPANY, (sold,), (perhaps_later(),)))


def billed(case: Case, run: date) -> list[Period]:
    """The periods that one run bills."""
    plan = plan_contract(TENANT, case.billable, run)
    return [charge.service for invoice in plan.invoices for charge in invoice.charges]


def billed_by_all(case: Case, runs: list[date]) -> list[Period]:
    """The periods that runs in this order bill, each starting from what is billed by then."""
    periods: list[Period] = []
    for run in runs:
        new = billed(case, run)
        periods += new
        if new:
            case = case.billed_until(new[-1].end)
    return periods


@given(cases(), RUNS)
def test_runs_in_any_rhythm_bill_what_one_late_run_bills(case, offsets):
    """P5, O21: an outage of any length changes the day of an invoice, never its periods."""
    runs = sorted(case.start + offset for offset in offsets)

    assert billed_by_all(case, runs) == billed(case, runs[-1])


@given(cases(), RUNS)
def test_billed_periods_have_no_gap_and_no_overlap(case, offsets):
    """Each begins where the one before ended; the first on the first day that is to be billed."""
    runs = sorted(case.start + offset for offset in offsets)

    periods = billed_by_all(case, runs)

    assert all(earlier.end == later.start for earlier, later in pairwise(periods))
    assert not periods or periods[0].start == case.start


@given(cases(), RUNS)
def test_a_run_bills_nothing_twice(case, offsets):
    """A second run of the same day finds nothing left."""
    run = case.start + max(offsets)

    assert billed_by_all(case, [run, run]) == billed(case, run)


@given(cases(), RUNS)
def test_planning_twice_gives_the_same_plan(case, offsets):
    """The plan depends on its arguments alone."""
    run = case.start + max(offsets)

    assert plan_contract(TENANT, case.billable, run) == plan_contract(TENANT, case.billable, run)


@given(cases(), RUNS)
def test_the_next_due_day_is_the_first_on_which_more_is_billed(case, offsets):
    """What finds due contracts: a day earlier there is nothing, on the day there is; None is never."""
    run = case.start + max(offsets)
    done = billed(case, run)
    rest = case.billed_until(done[-1].end) if done else case

    due = plan_contract(TENANT, case.billable, run).next_due_on

    if due is None:
        assert billed(rest, run + timedelta(3_000)) == []
    else:
        assert due > run
        assert billed(rest, due - timedelta(1)) == []
        assert billed(rest, due) != []


@given(cases())
def test_every_period_is_part_of_one_nominal_period(case):
    """Nominal periods follow each other without a gap as well; a part never leaves its own."""
    (sold,), (until,) = case.billable.items, case.billable.billed_until
    found = []
    for period in unbilled_periods(sold, case.billable.contract, until):
        found.append(period)
        if len(found) == 5:
            break

    for period in found:
        assert period.nominal.start <= period.service.start
        assert period.service.end <= period.nominal.end
    assert all(a.nominal.end == b.nominal.start for a, b in pairwise(found))
    assert all(period.is_whole for period in found[1:-1])
