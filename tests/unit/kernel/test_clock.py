"""Clocks and time zones."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from faktura.kernel.clock import FixedClock, SystemClock, local_date, zone
from faktura.kernel.errors import UnknownTerm


def test_a_fixed_clock_stands_still_until_it_is_moved():
    """A run with it can be repeated."""
    clock = FixedClock(datetime(2026, 10, 31, 9, 0, tzinfo=timezone(timedelta(hours=1))))

    first, second = clock.now(), clock.now()
    clock.advance(timedelta(hours=2))

    assert first == second == datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
    assert first.tzinfo is UTC
    assert clock.now() == datetime(2026, 10, 31, 10, 0, tzinfo=UTC)


def test_the_systems_clock_is_aware_and_goes_forward():
    """UTC, never a naive local time."""
    clock = SystemClock()

    earlier, later = clock.now(), clock.now()

    assert earlier.utcoffset() == timedelta(0)
    assert earlier <= later


def test_today_depends_on_the_time_zone():
    """P3: half past eleven in the evening in London is the next day in Berlin."""
    clock = FixedClock(datetime(2026, 6, 30, 22, 30, tzinfo=UTC))

    assert local_date(clock, "Europe/London") == date(2026, 6, 30)
    assert local_date(clock, "Europe/Berlin") == date(2026, 7, 1)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "Europe/Berlin\0"])
def test_an_unknown_time_zone_is_refused(name):
    """A typing error must not become another day of billing."""
    with pytest.raises(UnknownTerm, match="is not a time zone"):
        zone(name)
