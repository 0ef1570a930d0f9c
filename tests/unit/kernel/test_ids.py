"""Ids: UUID version 7 from an injected clock and random source."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source


def test_an_id_carries_its_millisecond_version_and_variant():
    """RFC 9562 section 5.7: 48 bits of time, then 7, a counter, then the variant and random bits.

    31 October 2026, 08:00:00.123 UTC is 1,793,433,600,123 ms: 0x01a1_90f9_007b in hexadecimal.
    """
    clock = FixedClock(datetime(2026, 10, 31, 8, 0, 0, 123_000, tzinfo=UTC))

    made = Uuid7Source(clock, random_bits=lambda bits: (1 << bits) - 1)()

    assert made.int >> 80 == 1_793_433_600_123
    assert made.version == 7
    assert made.variant == RFC_4122
    assert made == UUID("01a190f9-007b-7000-bfff-ffffffffffff")


def test_ids_of_one_millisecond_increase():
    """The counter tells them apart and keeps their order, whatever the random bits are."""
    clock = FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))
    descending = iter([9, 5, 1])
    source = Uuid7Source(clock, random_bits=lambda _bits: next(descending))

    first, second, third = source(), source(), source()

    assert first < second < third
    assert [made.int >> 64 & 0xFFF for made in (first, second, third)] == [0, 1, 2]


def test_more_ids_than_the_counter_holds_run_into_the_next_millisecond():
    """4,096 ids fit a millisecond; the next one borrows from the future instead of repeating."""
    clock = FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))
    source = Uuid7Source(clock, random_bits=lambda _bits: 0)

    made = [source() for _ in range(4_097)]

    assert sorted(set(made)) == made
    assert (made[-1].int >> 80) - (made[0].int >> 80) == 1


def test_ids_increase_when_the_clock_steps_back():
    """A corrected system clock must not break the order of the rows."""
    clock = FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))
    source = Uuid7Source(clock)

    before = source()
    clock.advance(timedelta(hours=-1))

    assert source() > before


def test_the_fixture_gives_the_same_ids_in_every_run(ids):
    """Tests compare documents byte by byte."""
    assert [str(ids()), str(ids())] == [
        "01a190f9-0000-7000-8000-000000000001",
        "01a190f9-0000-7001-8000-000000000002",
    ]
