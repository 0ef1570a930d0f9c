"""The day of collection and of handing in (F102; the days are those of banking.md appendix C)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from faktura.domain.collection_dates import (
    CollectionDates,
    DebitRule,
    collection_dates,
    reachable_dates,
)
from faktura.domain.target_calendar import is_bank_day
from faktura.kernel.errors import OutOfRange
from faktura.kernel.payment_terms import BankDayRoll

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("due_on", "collect_on", "one_day", "two_days"),
    [
        (date(2026, 11, 29), date(2026, 11, 30), date(2026, 11, 27), date(2026, 11, 26)),
        (date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 24), date(2026, 12, 23)),
        (date(2027, 1, 1), date(2027, 1, 4), date(2026, 12, 31), date(2026, 12, 30)),
        (date(2027, 3, 26), date(2027, 3, 30), date(2027, 3, 25), date(2027, 3, 24)),
        (date(2027, 5, 1), date(2027, 5, 3), date(2027, 4, 30), date(2027, 4, 29)),
        # An open day is collected on the day itself.
        (date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 30), date(2026, 12, 29)),
    ],
)
def test_a_debit_is_collected_on_its_due_day_or_the_next_bank_day(
    due_on: date, collect_on: date, one_day: date, two_days: date
):
    """The last day for handing it in lies one or two TARGET days before."""
    one = collection_dates(due_on, DebitRule(lead_days=1))
    two = collection_dates(due_on, DebitRule(lead_days=2))

    assert (one.collect_on, one.submit_on) == (collect_on, one_day)
    assert (two.collect_on, two.submit_on) == (collect_on, two_days)


def test_a_seller_may_choose_the_bank_day_before_a_holiday():
    """Good Friday 2027: the debit comes on Maundy Thursday instead of the Tuesday after Easter."""
    rule = DebitRule(lead_days=2, roll=BankDayRoll.PREVIOUS)

    dates = collection_dates(date(2027, 3, 26), rule)

    assert dates == CollectionDates(date(2027, 3, 11), date(2027, 3, 23), date(2027, 3, 25))


def test_the_bank_takes_a_debit_from_some_calendar_days_ahead():
    """At most fourteen; where the window is shorter than the lead time, one day is left."""
    due_on = date(2026, 12, 28)

    assert collection_dates(due_on, DebitRule()).opens_on == date(2026, 12, 14)
    assert collection_dates(due_on, DebitRule(advance_days=6)).opens_on == date(2026, 12, 22)
    assert collection_dates(due_on, DebitRule(advance_days=0)) == CollectionDates(
        date(2026, 12, 23), date(2026, 12, 23), date(2026, 12, 28)
    )


@pytest.mark.parametrize(
    ("at", "collect_on", "submit_on"),
    [
        # In Berlin 9:59:59 in winter: in time for a debit due on Monday, 30 November.
        (datetime(2026, 11, 26, 8, 59, 59, tzinfo=UTC), date(2026, 11, 30), date(2026, 11, 26)),
        # At the cut-off the bank has closed: one day later.
        (datetime(2026, 11, 26, 9, 0, tzinfo=UTC), date(2026, 12, 1), date(2026, 11, 27)),
        # What comes at a weekend counts for Monday.
        (datetime(2026, 11, 28, 7, 0, tzinfo=UTC), date(2026, 12, 2), date(2026, 11, 30)),
        # Long after the due day.
        (datetime(2026, 12, 23, 12, 0, tzinfo=UTC), date(2026, 12, 29), date(2026, 12, 24)),
        # Long before it.
        (datetime(2026, 1, 5, 12, 0, tzinfo=UTC), date(2026, 11, 30), date(2026, 11, 26)),
        # Just after midnight in Berlin, the day before in UTC: that is the last morning.
        (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), date(2026, 11, 30), date(2026, 11, 26)),
    ],
)
def test_a_debit_that_is_too_late_gets_the_first_day_that_can_be_reached(
    at: datetime, collect_on: date, submit_on: date
):
    """Due on Sunday, 29 November 2026; two TARGET days, until 10:00 in Berlin."""
    rule = DebitRule(lead_days=2, cut_off=time(10))

    dates = reachable_dates(date(2026, 11, 29), rule, at, BERLIN)

    assert (dates.collect_on, dates.submit_on) == (collect_on, submit_on)


@pytest.mark.parametrize("roll", list(BankDayRoll))
@pytest.mark.parametrize("lead_days", [1, 2, 5])
def test_no_earlier_day_could_be_reached(lead_days: int, roll: BankDayRoll):
    """Every sixth hour around Christmas and New Year, against trying one day after the other."""
    rule = DebitRule(lead_days=lead_days, cut_off=time(10), roll=roll)
    due_on = date(2026, 12, 25)

    for hours in range(0, 24 * 30, 6):
        at = datetime(2026, 12, 10, tzinfo=BERLIN) + timedelta(hours=hours)
        day = collection_dates(due_on, rule).collect_on
        while not is_bank_day(day) or _closes(day, rule) <= at:
            day += timedelta(days=1)
        assert reachable_dates(due_on, rule, at, BERLIN) == collection_dates(day, rule)


def _closes(collect_on: date, rule: DebitRule) -> datetime:
    last_day = collection_dates(collect_on, rule).submit_on
    return datetime.combine(last_day, rule.cut_off, tzinfo=BERLIN)


@pytest.mark.parametrize(("lead_days", "advance_days"), [(-1, 14), (2, -1), (2, 15)])
def test_a_rule_that_no_bank_has_is_refused(lead_days: int, advance_days: int):
    """Not earlier than fourteen calendar days before the collection (SDD rulebooks)."""
    with pytest.raises(OutOfRange):
        DebitRule(lead_days=lead_days, advance_days=advance_days)
