"""When a bank feed is asked (F098, banking 1.2, 1.7, 1.8)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from faktura.domain.bank_connections import BankConnection, ConnectionFacts, Gap
from faktura.domain.feed_rhythm import (
    allowed_at,
    gap_before,
    may_try_alone,
    pause_after_failure,
    pause_after_look,
    read_from,
)
from faktura.kernel.bank_terms import FeedResult

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_looks_begin_after_two_seconds_and_come_every_thirty():
    """2, 4, 8, 16, 30, 30 s."""
    assert [pause_after_look(looks).seconds for looks in (0, 1, 2, 3, 4, 50)] == [
        2, 4, 8, 16, 30, 30,
    ]  # fmt: skip


def test_failures_are_tried_again_after_15_minutes_up_to_a_day():
    """Each pause doubles the one before."""
    minutes = [pause_after_failure(n) // timedelta(minutes=1) for n in (0, 1, 2, 3, 8, 99)]

    assert minutes == [15, 15, 30, 60, 1440, 1440]


def test_a_bank_is_asked_four_times_in_a_day_while_nobody_waits():
    """The fifth waits until the first of the four is a day old."""
    hours = [NOW - timedelta(hours=hour) for hour in (30, 23, 12, 6, 1)]

    assert allowed_at(hours[:4], NOW) == NOW
    assert allowed_at(hours, NOW) == NOW + timedelta(hours=1)


def test_what_the_bank_refused_is_never_tried_alone():
    """A wrong PIN that is sent again locks the account."""
    well = BankConnection(UUID(int=1), "finapi", "101", "Musterbank")
    refused = replace(well, facts=ConnectionFacts(result=FeedResult.REJECTED))

    assert may_try_alone(well)
    assert not may_try_alone(refused)
    assert not may_try_alone(replace(well, ended_at=NOW))


def test_the_next_update_reads_two_days_more():
    """What the feed imported late on that day is not lost."""
    assert read_from(date(2026, 11, 21)) == date(2026, 11, 19)


def test_after_more_than_89_days_something_may_be_missing():
    """A feed reaches 89 days back: of 24 August on it knows, before that nothing."""
    gap = gap_before(date(2026, 8, 23), date(2026, 11, 21), NOW)

    assert gap == Gap(date(2026, 8, 23), date(2026, 8, 24), NOW)
    assert gap_before(date(2026, 8, 24), date(2026, 11, 21), NOW) is None
    assert gap_before(None, date(2026, 11, 21), NOW) is None
