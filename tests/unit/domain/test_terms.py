"""When a term ends, is renewed, and how soon notice ends it (F032, F033, F037)."""

from typing import Any
from uuid import UUID

import pytest
from tests.unit.domain.builders import article, day, item

from faktura.domain.pauses import Pause, PausePolicy
from faktura.domain.subscriptions import Subscription
from faktura.domain.terms import TermRenewal, earliest_end, renewals, term_end
from faktura.kernel.periods import Interval
from faktura.kernel.terms import IntervalUnit, Renewal

YEAR = Interval(1, IntervalUnit.YEAR)
TWO_YEARS = Interval(2, IntervalUnit.YEAR)
MONTH = Interval(1, IntervalUnit.MONTH)
THREE_MONTHS = Interval(3, IntervalUnit.MONTH)


def months(count):
    return Interval(count, IntervalUnit.MONTH)


def weeks(count):
    return Interval(count, IntervalUnit.WEEK)


def days(count):
    return Interval(count, IntervalUnit.DAY)


def subscription(start="01.01.2026", **changes: Any):
    """A year that is renewed by a year, with three months' notice."""
    fields: dict[str, Any] = {
        "minimum_term": YEAR,
        "notice": THREE_MONTHS,
        "renewal": Renewal.FIXED,
        "renewal_term": YEAR,
    }
    return Subscription(UUID(int=500), day(start), **(fields | changes))


def indefinite(start="01.01.2026", **changes: Any):
    """A year, then until notice of a month."""
    return subscription(
        start, **({"renewal": Renewal.INDEFINITE, "renewal_term": None, "notice": MONTH} | changes)
    )


def without_renewal(start="01.01.2026", **changes: Any):
    return subscription(
        start, **({"renewal": Renewal.NONE, "renewal_term": None, "notice": None} | changes)
    )


def end_on(terms, on):
    return term_end(terms, (), day(on))


def prolonged(terms, *, extends=True, **changes: Any):
    """The subscription's only item, of an article that says whether pauses prolong the term."""
    sold = article(pause_policy=PausePolicy(extends_term=extends))
    return (item(f"{terms.term_start:%d.%m.%Y}", sold, **({"subscription": terms} | changes)),)


def pause(start, end=None):
    return Pause(day(start), None if end is None else day(end))


# --- a fixed renewal ---


@pytest.mark.parametrize(
    ("on", "end"),
    [
        # Before the term, within it, and on the last day on which notice counts: 30.09.
        ("01.12.2025", "01.01.2027"),
        ("01.06.2026", "01.01.2027"),
        ("30.09.2026", "01.01.2027"),
        # A day late: a year more.
        ("01.10.2026", "01.01.2028"),
        ("31.12.2026", "01.01.2028"),
        ("30.09.2027", "01.01.2028"),
        ("01.10.2027", "01.01.2029"),
        ("15.06.2046", "01.01.2047"),
    ],
)
def test_a_term_moves_by_the_renewal_when_notice_comes_too_late(on, end):
    """F032, F033: start + minimum term, moved until notice can still be given."""
    assert end_on(subscription(), on) == day(end)


@pytest.mark.parametrize(
    ("on", "end"), [("31.12.2026", "01.01.2027"), ("01.01.2027", "01.01.2028")]
)
def test_without_a_notice_period_the_last_day_of_the_term_will_do(on, end):
    """F033: without notice, on < end."""
    assert end_on(subscription(notice=None), on) == day(end)


@pytest.mark.parametrize(
    ("on", "end"),
    [
        ("27.02.2026", "28.02.2026"),
        # Chained from 28.02. it would be 28.03.
        ("28.02.2026", "31.03.2026"),
        ("31.03.2026", "30.04.2026"),
        ("31.01.2028", "29.02.2028"),
        ("29.02.2028", "31.03.2028"),
    ],
)
def test_ends_are_counted_from_the_start_of_the_term_and_clamped(on, end):
    """P2: 31.01. and a month is the end of February, and two months are 31.03."""
    terms = subscription("31.01.2026", minimum_term=MONTH, renewal_term=MONTH, notice=None)

    assert end_on(terms, on) == day(end)


def test_a_term_from_a_leap_day_ends_on_a_leap_day_again():
    """P2: 29.02.2024 and years."""
    terms = subscription("29.02.2024", notice=None)

    assert end_on(terms, "01.03.2024") == day("28.02.2025")
    assert end_on(terms, "28.02.2027") == day("29.02.2028")


@pytest.mark.parametrize(
    ("on", "end"),
    [
        # A month before 31.03. is 28.02.: notice counts by 27.02.
        ("27.02.2026", "31.03.2026"),
        ("28.02.2026", "31.03.2027"),
    ],
)
def test_the_notice_period_is_clamped_from_the_end(on, end):
    """F033: end - notice, on the last day of a shorter month."""
    assert end_on(subscription("31.03.2025", notice=MONTH), on) == day(end)


@pytest.mark.parametrize(
    ("on", "end"),
    [("16.02.2026", "02.03.2026"), ("17.02.2026", "30.03.2026"), ("16.03.2026", "30.03.2026")],
)
def test_terms_in_weeks_and_notice_in_days(on, end):
    """F009: eight weeks from Monday 05.01., then four more each; notice of 13 days."""
    terms = subscription(
        "05.01.2026", minimum_term=weeks(8), renewal_term=weeks(4), notice=days(13)
    )

    assert end_on(terms, on) == day(end)


def test_a_minimum_term_in_days_is_renewed_by_months_from_its_end():
    """30 days from 01.01. end on 31.01.; then month ends."""
    terms = subscription(minimum_term=days(30), renewal_term=MONTH, notice=None)

    assert [end_on(terms, on) for on in ("30.01.2026", "31.01.2026", "28.02.2026")] == [
        day("31.01.2026"), day("28.02.2026"), day("31.03.2026"),
    ]  # fmt: skip


def test_a_notice_period_longer_than_the_renewal_reaches_over_several():
    """F033: three months' notice, renewed by one: notice on 01.10. reaches 01.02."""
    terms = subscription(renewal_term=MONTH)

    assert end_on(terms, "30.09.2026") == day("01.01.2027")
    assert end_on(terms, "01.10.2026") == day("01.02.2027")
    assert end_on(terms, "01.11.2026") == day("01.03.2027")


def test_a_fixed_renewal_without_a_length_leaves_the_end_where_it_is():
    """Contracts are refused so (F027); nothing is made up here."""
    assert end_on(subscription(renewal_term=None), "01.06.2030") == day("01.01.2027")


# --- the other renewals ---


@pytest.mark.parametrize(
    ("on", "end"), [("30.11.2026", "01.01.2027"), ("31.12.2026", "01.01.2027")]
)
def test_an_indefinite_term_ends_with_its_minimum_while_that_lies_ahead(on, end):
    """domain.md, Term."""
    assert end_on(indefinite(), on) == day(end)


def test_an_indefinite_term_has_no_end_once_the_minimum_has_passed():
    """domain.md, Term."""
    assert end_on(indefinite(), "01.01.2027") is None
    assert end_on(indefinite(minimum_term=None), "01.01.2026") is None


def test_a_term_without_renewal_ends_with_its_minimum_for_good():
    """F027."""
    assert end_on(without_renewal(), "01.06.2026") == day("01.01.2027")
    assert end_on(without_renewal(), "01.06.2030") == day("01.01.2027")


@pytest.mark.parametrize(
    ("terms", "on", "end"),
    [
        (subscription(), "30.09.2026", "01.01.2027"),
        (subscription(), "01.10.2026", "01.01.2028"),
        # § 188 (2) BGB: a month from 15.03. ends with 15.04.
        (indefinite(minimum_term=None), "15.03.2026", "16.04.2026"),
        # § 188 (3) BGB: there is no 31.02.; the month ends with 28.02.
        (indefinite(minimum_term=None), "31.01.2026", "01.03.2026"),
        (indefinite(minimum_term=None, notice=weeks(2)), "15.03.2026", "30.03.2026"),
        # § 188 (1) BGB: the 14th day behind 15.03. is 29.03.
        (indefinite(minimum_term=None, notice=days(14)), "15.03.2026", "30.03.2026"),
        (indefinite(minimum_term=None, notice=None), "15.03.2026", "16.03.2026"),
        # The minimum term holds until it is over.
        (indefinite(), "15.03.2026", "01.01.2027"),
        (indefinite(), "30.11.2026", "01.01.2027"),
        (indefinite(), "01.12.2026", "02.01.2027"),
        (indefinite(), "15.03.2027", "16.04.2027"),
        (without_renewal(), "15.03.2026", "01.01.2027"),
        (without_renewal(), "31.12.2026", "01.01.2027"),
        (without_renewal(), "01.01.2027", "02.01.2027"),
        (without_renewal(notice=MONTH), "15.03.2027", "16.04.2027"),
    ],
)
def test_notice_of_a_day_reaches_the_earliest_end(terms, on, end):
    """F033, § 187 (1), § 188 BGB."""
    assert earliest_end(terms, (), day(on)) == day(end)


# --- renewals as facts ---


def test_renewals_between_two_days_are_those_whose_deadline_passed():
    """F033: on 01.10. notice for the year's end comes too late."""
    first = TermRenewal(1, day("01.10.2026"), day("01.01.2027"), day("01.01.2028"))
    second = TermRenewal(2, day("01.10.2027"), day("01.01.2028"), day("01.01.2029"))
    terms = subscription()

    assert renewals(terms, (), day("01.01.2026"), day("30.09.2026")) == ()
    assert renewals(terms, (), day("30.09.2026"), day("01.10.2026")) == (first,)
    assert renewals(terms, (), day("01.10.2026"), day("30.09.2027")) == ()
    assert renewals(terms, (), day("01.01.2026"), day("01.12.2027")) == (first, second)


@pytest.mark.parametrize(
    "terms", [indefinite(), without_renewal(), subscription(minimum_term=None)]
)
def test_only_a_fixed_renewal_renews(terms):
    """F027, F033."""
    assert renewals(terms, (), day("01.01.2026"), day("01.01.2040")) == ()


def test_nothing_is_renewed_from_the_day_of_termination_on():
    """F037: terminated as of 01.01.2028, so the term until then is the last."""
    terms = subscription(terminated_as_of=day("01.01.2028"))

    found = renewals(terms, (), day("01.01.2026"), day("01.01.2040"))

    assert [one.new_end for one in found] == [day("01.01.2028")]


def test_nothing_is_renewed_once_all_items_have_ended():
    """Items that went in an upgrade leave a subscription without service behind."""
    terms = subscription()
    (ended,) = prolonged(terms, until=day("01.01.2028"))
    (running,) = prolonged(terms)

    assert [
        one.new_end for one in renewals(terms, (ended,), day("01.01.2026"), day("01.12.2028"))
    ] == [day("01.01.2028")]
    assert len(renewals(terms, (ended, running), day("01.01.2026"), day("01.12.2028"))) == 3


# --- pauses ---


def test_paused_days_prolong_a_term_whose_article_says_so():
    """P10: 31 days of May, so that notice counts 31 days longer as well."""
    terms = subscription(pauses=(pause("01.05.2026", "01.06.2026"),))
    items = prolonged(terms)

    assert term_end(terms, items, day("31.10.2026")) == day("01.02.2027")
    assert term_end(terms, items, day("01.11.2026")) == day("01.02.2028")
    assert earliest_end(terms, items, day("31.10.2026")) == day("01.02.2027")


def test_other_terms_grow_by_paused_days_too():
    """P10: the minimum term of the other two renewals."""
    rest = (pause("01.05.2026", "01.06.2026"),)
    open_end, fixed_end = indefinite(pauses=rest), without_renewal(pauses=rest)

    assert term_end(open_end, prolonged(open_end), day("31.01.2027")) == day("01.02.2027")
    assert term_end(fixed_end, prolonged(fixed_end), day("01.06.2030")) == day("01.02.2027")


def test_a_term_whose_articles_do_not_say_so_stays_where_it_is():
    """P10: also when the article of another subscription does."""
    terms = subscription(pauses=(pause("01.05.2026", "01.06.2026"),))
    other = prolonged(subscription(pauses=terms.pauses), subscription=indefinite())
    ours = indefinite(pauses=terms.pauses)
    elsewhere = prolonged(terms)[0]
    foreign = Subscription(UUID(int=501), day("01.01.2026"), YEAR, pauses=terms.pauses)

    assert term_end(terms, prolonged(terms, extends=False), day("01.06.2026")) == day("01.01.2027")
    assert term_end(foreign, (elsewhere,), day("01.06.2026")) == day("01.01.2027")
    assert term_end(ours, other, day("01.06.2026")) == day("01.02.2027")


def test_a_pause_after_an_item_left_does_not_prolong_the_term():
    """P10: the item that would prolong it ran until 01.05."""
    terms = subscription(pauses=(pause("01.05.2026", "01.06.2026"),))

    assert term_end(terms, prolonged(terms, until=day("01.05.2026")), day("01.06.2026")) == day(
        "01.01.2027"
    )
    assert term_end(terms, prolonged(terms, until=day("02.05.2026")), day("01.06.2026")) == day(
        "01.02.2027"
    )


def test_a_prolonged_term_that_meets_another_pause_grows_again():
    """P10: 31 days take it to 01.02.2027, behind the start of a pause of ten days."""
    rests = (pause("01.05.2026", "01.06.2026"), pause("15.01.2027", "25.01.2027"))
    terms = without_renewal(pauses=rests)

    assert term_end(terms, prolonged(terms), day("01.06.2026")) == day("11.02.2027")


def test_an_open_pause_moves_the_end_day_by_day_and_nothing_is_renewed():
    """P10: until it is resumed nobody knows by how much the term grows."""
    terms = subscription(pauses=(pause("30.09.2026"),))
    items = prolonged(terms)

    assert term_end(terms, items, day("30.09.2026")) == day("01.01.2027")
    assert term_end(terms, items, day("10.10.2026")) == day("11.01.2027")
    assert term_end(terms, items, day("30.09.2027")) == day("01.01.2028")
    assert renewals(terms, items, day("01.01.2026"), day("01.01.2040")) == ()


def test_an_open_pause_that_is_to_come_moves_nothing_yet():
    """P10: planned for 01.09., looked at in June."""
    terms = subscription(pauses=(pause("01.09.2026"),))

    assert term_end(terms, prolonged(terms), day("01.06.2026")) == day("01.01.2027")


def test_a_pause_behind_the_deadline_prolongs_the_term_but_reopens_no_deadline():
    """F033, P10: renewed on 01.10.2026; ten days in October add ten days to the new end."""
    terms = subscription(pauses=(pause("05.10.2026", "15.10.2026"),))
    items = prolonged(terms)

    assert term_end(terms, items, day("01.10.2026")) == day("11.01.2028")
    assert renewals(terms, items, day("01.01.2026"), day("01.12.2026")) == (
        TermRenewal(1, day("01.10.2026"), day("11.01.2027"), day("11.01.2028")),
    )


def test_a_minimum_term_of_two_years_may_be_renewed_by_one():
    """F032: 24 months, then 12."""
    terms = subscription("15.05.2024", minimum_term=TWO_YEARS, renewal_term=months(12))

    assert end_on(terms, "14.02.2026") == day("15.05.2026")
    assert end_on(terms, "15.02.2026") == day("15.05.2027")
