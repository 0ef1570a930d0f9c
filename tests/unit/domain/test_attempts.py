"""Attempts: which reports move them, when they are asked about, what an absence proves (6.5)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.attempt_checks import (
    is_unclear_for_long,
    may_repeat,
    next_check,
    next_send,
    was_not_received,
)
from faktura.domain.attempts import LIVE, Attempt, moves
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, LookUp
from faktura.kernel.terms import PaymentMethod

S = AttemptState
NOON = datetime(2026, 10, 15, 12, 0, tzinfo=UTC)
SENT = Attempt(
    UUID(int=7),
    UUID(int=1),
    UUID(int=2),
    "stripe",
    PaymentMethod.CARD,
    AttemptChannel.BACKGROUND,
    Money(3_570, "EUR"),
    "{}",
    date(2026, 10, 15),
    NOON,
    state=S.SENT,
    first_sent_at=NOON,
    last_sent_at=NOON,
    tries=1,
)


def test_an_attempt_is_live_until_it_ended():
    """P28: these may still become money."""
    assert sorted(LIVE) == ["ACTION_NEEDED", "CREATED", "PENDING", "SENT", "UNKNOWN"]
    assert SENT.is_live
    assert not replace(SENT, state=S.FAILED).is_live
    assert SENT.booking == "attempt:00000000000000000000000000000007"


@pytest.mark.parametrize(
    ("current", "reported"),
    [
        (S.CREATED, S.SENT),
        (S.SENT, S.UNKNOWN),
        (S.UNKNOWN, S.ACTION_NEEDED),
        (S.ACTION_NEEDED, S.PENDING),
        (S.PENDING, S.FAILED),
        (S.PENDING, S.SUCCEEDED),
        (S.FAILED, S.SUCCEEDED),
        (S.CANCELLED, S.SUCCEEDED),
    ],
)
def test_a_later_report_moves_an_attempt(current: AttemptState, reported: AttemptState):
    """6.5: upwards only, and a yes beats a no."""
    assert moves(current, reported)
    assert not moves(reported, current) or current is S.SENT


@pytest.mark.parametrize(
    ("current", "reported"),
    [
        (S.SUCCEEDED, S.FAILED),
        (S.FAILED, S.PENDING),
        (S.FAILED, S.CANCELLED),
        (S.SUCCEEDED, S.SUCCEEDED),
        (S.UNKNOWN, S.SENT),
        (S.CHARGED_BACK, S.SUCCEEDED),
        (S.SUCCEEDED, S.CHARGED_BACK),
    ],
)
def test_an_earlier_report_moves_nothing(current: AttemptState, reported: AttemptState):
    """6.5: nor does the same one again; chargebacks have a course of their own."""
    assert not moves(current, reported)


@pytest.mark.parametrize(
    ("minutes", "asked_after"),
    [(0, 1), (1, 5), (5, 15), (20, 60), (60, 120), (119, 120), (1_440, 2_880), (3_000, 4_320)],
)
def test_what_is_unknown_is_asked_about_at_growing_distance(minutes: int, asked_after: int):
    """6.5: 1, 5, 15, 60 minutes, then hourly, after a day daily."""
    now = NOON + timedelta(minutes=minutes)

    assert next_check(SENT, now) == NOON + timedelta(minutes=asked_after)


def test_what_was_never_sent_counts_from_its_beginning():
    """An attempt on a page may be asked about before anything was sent."""
    new = replace(SENT, first_sent_at=None, last_sent_at=None)

    assert next_check(new, NOON) == NOON + timedelta(minutes=1)
    assert not is_unclear_for_long(new, NOON + timedelta(days=2))


@pytest.mark.parametrize(
    ("tries", "asked", "seconds"),
    [(0, 0, 1), (1, 0, 1), (2, 0, 2), (5, 0, 16), (30, 0, 900), (1, 60, 60), (30, 3_600, 3_600)],
)
def test_what_was_surely_not_sent_is_sent_again_soon(tries: int, asked: int, seconds: int):
    """6.3: 1 s doubled to 15 minutes, and never earlier than the provider wants."""
    after = next_send(replace(SENT, tries=tries), NOON, timedelta(seconds=asked))

    assert after == NOON + timedelta(seconds=seconds)


def test_a_request_is_repeated_only_while_its_key_is_surely_known():
    """6.5: until four hours before the provider forgets it; never without keys."""
    day = timedelta(hours=24)

    assert may_repeat(SENT, day, NOON + timedelta(hours=19, minutes=59))
    assert not may_repeat(SENT, day, NOON + timedelta(hours=20))
    assert not may_repeat(SENT, None, NOON)
    assert may_repeat(replace(SENT, first_sent_at=None), day, NOON)


def test_a_request_that_a_wrong_clock_sent_tomorrow_is_not_repeated():
    """Put right by two days: by then the provider may have forgotten its key for a day."""
    day = timedelta(hours=24)

    assert may_repeat(SENT, day, NOON - timedelta(hours=4))
    assert not may_repeat(SENT, day, NOON - timedelta(hours=4, seconds=1))
    assert not was_not_received(SENT, LookUp.CONSISTENT, NOON - timedelta(days=2))


def test_an_absence_proves_something_only_after_a_while():
    """6.5: consistent after 15 minutes; eventual after three look-ups over an hour."""
    late, hour = NOON + timedelta(minutes=15, seconds=1), NOON + timedelta(minutes=60)

    assert not was_not_received(SENT, LookUp.CONSISTENT, NOON + timedelta(minutes=15))
    assert was_not_received(SENT, LookUp.CONSISTENT, late)
    assert not was_not_received(replace(SENT, looks=2), LookUp.EVENTUAL, hour)
    assert not was_not_received(replace(SENT, looks=3), LookUp.EVENTUAL, late)
    assert was_not_received(replace(SENT, looks=3), LookUp.EVENTUAL, hour)
    assert was_not_received(replace(SENT, last_sent_at=None), LookUp.EVENTUAL, NOON)


def test_after_a_day_without_an_answer_a_person_is_asked():
    """6.5: never charged over an unknown."""
    assert not is_unclear_for_long(SENT, NOON + timedelta(hours=23, minutes=59))
    assert is_unclear_for_long(SENT, NOON + timedelta(hours=24))
