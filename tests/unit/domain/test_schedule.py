"""When scheduled work is due: by the wall clock of the tenant, once a tick (P4)."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from faktura.domain.schedule import DailyAt, EveryMinutes, due_tick

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
DAILY = DailyAt(time(2, 30))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "tick"),
    [
        ("2026-11-05T10:00", "2026-11-05T10:00"),
        ("2026-11-05T10:14:59", "2026-11-05T10:00"),
        ("2026-11-05T10:15", "2026-11-05T10:15"),
    ],
)
def test_a_job_every_quarter_of_an_hour_runs_at_full_quarters(now, tick):
    """15 minutes: 10:00, 10:15, 10:30, whenever somebody looks."""
    assert due_tick(EveryMinutes(15), None, utc(now), BERLIN) == utc(tick)


def test_a_tick_that_ran_is_not_due_again():
    """10:00 ran; at 10:14 nothing is due, at 10:15 the next one."""
    ran = utc("2026-11-05T10:00")

    assert due_tick(EveryMinutes(15), ran, utc("2026-11-05T10:14"), BERLIN) is None
    assert due_tick(EveryMinutes(15), ran, utc("2026-11-05T10:15"), BERLIN) is not None


def test_an_outage_is_caught_up_by_one_run():
    """Down from 3 to 6 November: one run for the 6th, not four; it does all that is due (P5)."""
    ran = utc("2026-11-03T01:30")

    tick = due_tick(DAILY, ran, utc("2026-11-06T09:00"), BERLIN)

    assert tick == utc("2026-11-06T01:30")
    assert due_tick(DAILY, tick, utc("2026-11-06T23:00"), BERLIN) is None


def test_a_daily_job_runs_at_each_tenants_own_time():
    """02:30 in Berlin is 01:30 UTC in winter, in New York 07:30 UTC."""
    yesterday = utc("2026-11-04T12:00")

    assert due_tick(DAILY, yesterday, utc("2026-11-05T01:29"), BERLIN) is None
    assert due_tick(DAILY, yesterday, utc("2026-11-05T01:30"), BERLIN) == utc("2026-11-05T01:30")
    assert due_tick(DAILY, yesterday, utc("2026-11-05T01:30"), NEW_YORK) is None
    assert due_tick(DAILY, yesterday, utc("2026-11-05T07:30"), NEW_YORK) == utc("2026-11-05T07:30")


def test_a_time_that_summer_time_skips_is_met_right_after_it():
    """29 March 2026: 02:00 becomes 03:00 in Berlin, 02:30 does not exist; the day still has a run."""
    ran = utc("2026-03-28T01:30")

    before = due_tick(DAILY, ran, utc("2026-03-29T00:59"), BERLIN)
    after = due_tick(DAILY, ran, utc("2026-03-29T01:00"), BERLIN)

    assert before is None
    assert after is not None
    assert due_tick(DAILY, after, utc("2026-03-29T21:59"), BERLIN) is None
    assert due_tick(DAILY, after, utc("2026-03-30T00:30"), BERLIN) == utc("2026-03-30T00:30")


def test_a_time_that_winter_time_repeats_is_met_once():
    """25 October 2026: 02:30 comes twice in Berlin, at 00:30 and 01:30 UTC; the first one runs."""
    ran = utc("2026-10-24T00:30")

    first = due_tick(DAILY, ran, utc("2026-10-25T00:30"), BERLIN)

    assert first == utc("2026-10-25T00:30")
    assert due_tick(DAILY, first, utc("2026-10-25T01:00"), BERLIN) is None
    assert due_tick(DAILY, first, utc("2026-10-25T01:30"), BERLIN) is None
    assert due_tick(DAILY, first, utc("2026-10-25T02:00"), BERLIN) is None
