"""Laws of deferred revenue: months sum to the net, splits to their share, nothing is left over."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import TENANT

from faktura.domain.costs import CostShare
from faktura.domain.deferral import Schedule, Spread, month_of, schedule
from faktura.domain.deferral_entries import Deferral, DeferredDocument, deferral_entry
from faktura.domain.journal import Entry, Leg, balance
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import Slot, TaxCase

METHODS = st.sampled_from([DeferralMethod.DAY, DeferralMethod.MONTH, DeferralMethod.HALF_MONTH])
NETS = st.integers(-(10**9), 10**9)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
WEIGHTS = st.lists(st.integers(1, 100), min_size=1, max_size=5)


@st.composite
def spreads(draw: st.DrawFn) -> Spread:
    start = draw(DAYS)
    days = timedelta(days=draw(st.integers(1, 1200)))
    return Spread(draw(METHODS), Period(start, start + days))


def amounts(found: Schedule) -> list[int]:
    return [one.amount for one in found.months]


@given(NETS, spreads(), DAYS, WEIGHTS)
def test_months_and_splits_sum_to_the_net(net, spread, booked, weights):
    """Invariants 5 and 6: exactly; each prefix is within half a cent, each split within a cent."""
    found = schedule(net, spread, booked, weights)

    assert sum(amounts(found)) == net
    assert sum(found.accrued) == sum(
        one.amount for one in found.months if one.month > month_of(booked)
    )
    done = 0
    for one in found.months:
        done += one.amount
        exact = Fraction(net * spread.upto(one.month), spread.whole)
        assert abs(done - exact) <= Fraction(1, 2)
    for no, weight in enumerate(weights):
        total = sum(one.cells[no] for one in found.months)
        assert abs(total - Fraction(net * weight, sum(weights))) <= 1


@given(NETS, spreads(), DAYS, WEIGHTS)
def test_splits_add_up_to_the_month_without_splits(net, spread, booked, weights):
    """Invariant 6: whoever looks at all cost centres sees the same months."""
    split, whole = schedule(net, spread, booked, weights), schedule(net, spread, booked)

    assert amounts(split) == amounts(whole)
    assert [one.open for one in split.months] == [one.open for one in whole.months]


@given(NETS, spreads(), DAYS)
def test_what_is_open_never_changes_its_sign_and_ends_at_nothing(net, spread, booked):
    """Invariant 5: never below 0 for an invoice; a correction mirrors it to the cent."""
    found, mirrored = schedule(net, spread, booked), schedule(-net, spread, booked)

    assert all(one.open * net >= 0 for one in found.months)
    assert found.months[-1].open == 0
    assert amounts(mirrored) == [-amount for amount in amounts(found)]
    assert mirrored.accrued == tuple(-one for one in found.accrued)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Deferral, ...]:
    """Lines of one document: equal in their booking month, in nothing else."""
    booked = month_of(draw(DAYS))
    found = []
    for no in range(draw(st.integers(1, 4))):
        spread = draw(spreads())
        share = draw(st.integers(1, 99))
        split = (
            CostShare("1", None, Decimal(share)),
            CostShare(None, "P", Decimal(100 - share)),
        )
        costs: tuple[CostShare, ...] = draw(st.sampled_from([(), (CostShare("1"),), split]))
        found.append(
            Deferral(
                UUID(int=1),
                no,
                spread.method,
                Money(draw(NETS), "EUR"),
                spread.service,
                booked,
                draw(st.sampled_from(["8400", "8401"])),
                TaxCase.STANDARD,
                Decimal(19),
                "DE",
                costs,
            )
        )
    return tuple(found)


def months_of(deferrals: tuple[Deferral, ...]) -> list[date]:
    return sorted({month for one in deferrals if one.has_rest for month in one.posted_months()})


def entries(deferrals: tuple[Deferral, ...]) -> list[Entry]:
    document = DeferredDocument(UUID(int=1), "R-1", UUID(int=2), deferrals)
    found = [deferral_entry(TENANT, document, month) for month in months_of(deferrals)]
    return [one for one in found if one is not None]


def sums(legs: list[Leg]) -> set[int]:
    """The balances by account, cost centre and cost object."""
    keys = {(leg.account, leg.cost_centre, leg.cost_object) for leg in legs}
    return {
        balance(leg for leg in legs if (leg.account, leg.cost_centre, leg.cost_object) == key)
        for key in keys
    }


@given(lines())
def test_a_documents_entries_balance_and_leave_nothing(deferrals):
    """Invariants 1 and 5: each entry balances; in the end every account and cost centre is as before."""
    posted = entries(tuple(one for one in deferrals if one.has_rest))

    assert all(balance(one.legs) == 0 and len(one.legs) >= 2 for one in posted)
    assert len({one.key for one in posted}) == len(posted)
    assert sums([leg for one in posted for leg in one.legs]) <= {0}


@given(lines())
def test_an_entry_and_that_of_its_correction_cancel_out(deferrals):
    """Invariant 7: on all accounts, cost centres and cost objects."""
    own = tuple(one for one in deferrals if one.has_rest)
    back = tuple(replace(one, net=-one.net) for one in own)

    for one, other in zip(entries(own), entries(back), strict=True):
        assert sums([*one.legs, *other.legs]) == {0}


@given(lines(), DAYS)
def test_deferred_revenue_is_what_no_month_has_earned(deferrals, day):
    """Invariant 5: the balance after each month is the sum of the unreleased shares."""
    own = tuple(one for one in deferrals if one.has_rest)
    month = month_of(day)
    legs = [
        leg
        for one in entries(own)
        if month_of(one.value_date) <= month
        for leg in one.legs
        if leg.slot is Slot.DEFERRED_REVENUE
    ]

    assert -balance(legs) == sum(one.open_after(month) for one in own)
