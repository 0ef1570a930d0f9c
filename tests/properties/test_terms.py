"""Laws of terms and pauses: ends lie ahead and never move back, and no day is billed twice."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import article, contract, item

from faktura.domain.pauses import Pause, PausePolicy, running_from
from faktura.domain.service_periods import unbilled_periods
from faktura.domain.subscriptions import Subscription
from faktura.domain.terms import earliest_end, renewals, term_end
from faktura.kernel.periods import Interval
from faktura.kernel.terms import IntervalUnit, Renewal

DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
STARTS = st.dates(date(2020, 1, 1), date(2024, 12, 31))
TERMS = st.builds(Interval, st.integers(1, 24), st.sampled_from(IntervalUnit)).filter(
    lambda term: term.unit is not IntervalUnit.YEAR or term.count <= 3
)
NOTICES = st.none() | st.builds(
    Interval, st.integers(1, 4), st.sampled_from([IntervalUnit.WEEK, IntervalUnit.MONTH])
)


@st.composite
def pauses(draw, start):
    """Up to three pauses behind the start, in order; the last one may be open."""
    bounds = sorted(draw(st.sets(st.integers(0, 1500), min_size=6, max_size=6).map(sorted)))
    found = [
        Pause(start + timedelta(days=a), start + timedelta(days=b))
        for a, b in zip(bounds[::2], bounds[1::2], strict=True)
    ][: draw(st.integers(0, 3))]
    if found and draw(st.booleans()):
        found[-1] = replace(found[-1], end=None)
    return tuple(found)


@st.composite
def subscriptions(draw, kinds=tuple(Renewal)):
    """Terms of every kind, with pauses."""
    start, kind = draw(STARTS), draw(st.sampled_from(kinds))
    return Subscription(
        UUID(int=500),
        start,
        draw(TERMS),
        draw(NOTICES),
        kind,
        draw(TERMS) if kind is Renewal.FIXED else None,
        pauses=draw(pauses(start)),
    )


def items_of(subscription, **policy: bool):
    sold = article(pause_policy=PausePolicy(**policy))
    start = f"{subscription.term_start:%d.%m.%Y}"
    return (item(start, sold, subscription=subscription),)


FIXED = subscriptions((Renewal.FIXED,))


@given(subscriptions(), DAYS, st.booleans())
def test_what_notice_reaches_lies_behind_the_day_of_notice(subscription, on, extends):
    """F033: exclusive, so the contract runs on the day of notice at least."""
    items = items_of(subscription, extends_term=extends)

    assert earliest_end(subscription, items, on) > on


@given(FIXED, DAYS, st.booleans())
def test_a_renewed_term_always_ends_ahead(subscription, on, extends):
    """F032: moved until it lies in the future."""
    end = term_end(subscription, items_of(subscription, extends_term=extends), on)

    assert end is not None
    assert end > on


@given(subscriptions(), DAYS, st.integers(0, 800), st.booleans())
def test_later_notice_never_reaches_an_earlier_end(subscription, on, wait, extends):
    """F033: the end is monotone in the day of notice."""
    items = items_of(subscription, extends_term=extends)
    later = on + timedelta(days=wait)

    assert earliest_end(subscription, items, on) <= earliest_end(subscription, items, later)


@given(FIXED, DAYS)
def test_each_renewal_lies_between_notice_in_time_and_notice_too_late(subscription, after):
    """F033: on the day before its day notice reaches the old end, on its day the new one."""
    items = items_of(subscription)

    for renewal in renewals(subscription, items, after, after + timedelta(days=400)):
        assert earliest_end(subscription, items, renewal.day - DAY) <= renewal.old_end
        assert earliest_end(subscription, items, renewal.day) >= renewal.new_end
        assert renewal.old_end < renewal.new_end


@given(FIXED, DAYS, st.integers(0, 800), st.integers(0, 800))
def test_renewals_of_two_spans_are_those_of_both(subscription, after, first, second):
    """Looked at in two steps, none is lost and none is told twice."""
    # An open pause counts until the day of looking, so the words would differ, not the renewals.
    subscription = replace(
        subscription, pauses=tuple(one for one in subscription.pauses if one.end is not None)
    )
    items = items_of(subscription, extends_term=True)
    middle = after + timedelta(days=first)
    end = middle + timedelta(days=second)

    whole = renewals(subscription, items, after, end)

    assert whole == (
        *renewals(subscription, items, after, middle),
        *renewals(subscription, items, middle, end),
    )
    assert (
        [one.number for one in whole] == [*range(whole[0].number, whole[0].number + len(whole))]
        if whole
        else True
    )


@given(subscriptions(), st.booleans(), st.booleans(), st.booleans())
def test_periods_around_pauses_never_overlap_and_never_start_in_one(
    subscription, extends, later, whole
):
    """P10: in order; without "billed later" none starts in a pause."""
    (of,) = items_of(
        subscription, extends_term=extends, billed_later=later, whole_periods_only=whole
    )
    frame = contract(f"{subscription.term_start:%d.%m.%Y}")

    found = list(islice(unbilled_periods(of, frame, None), 60))

    assert all(one.service.end <= other.service.start for one, other in pairwise(found))
    for period in found:
        start = period.service.start
        assert running_from(subscription.pauses, start) is not None
        assert later or running_from(subscription.pauses, start) == start


@given(subscriptions(), st.integers(1, 30), st.booleans(), st.booleans())
def test_what_follows_is_the_same_whatever_was_billed_before(subscription, count, later, whole):
    """After so many billed periods the rest comes as if nothing had been billed yet."""
    (of,) = items_of(subscription, billed_later=later, whole_periods_only=whole)
    frame = contract(f"{subscription.term_start:%d.%m.%Y}")
    found = list(islice(unbilled_periods(of, frame, None), 40))
    billed, rest = found[:count], found[count:]

    if billed:
        again = unbilled_periods(of, frame, billed[-1].service.end)
        assert list(islice(again, len(rest))) == rest
