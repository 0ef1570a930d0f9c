"""When somebody asks again what became of a refund, and what not finding it proves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.provider_refunds import (
    ProviderRefund,
    is_long_unclear,
    may_repeat,
    next_question,
    was_not_received,
)
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import LookUp, RefundState

T = datetime(2026, 11, 10, 12, tzinfo=UTC)
SENT = ProviderRefund(
    UUID(int=1), UUID(int=2), Money(1000, "EUR"), "{}", "x", T, None,
    RefundState.UNKNOWN, first_sent_at=T, last_sent_at=T, tries=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("tries", "looks", "minutes"), [(0, 0, 1), (1, 0, 1), (1, 1, 5), (2, 1, 15), (2, 2, 60)]
)
def test_it_is_asked_for_soon_at_first(tries: int, looks: int, minutes: int) -> None:
    """After 1, 5, 15 and 60 minutes."""
    refund = replace(SENT, tries=tries, looks=looks)

    assert next_question(refund, T) == T + timedelta(minutes=minutes)


def test_then_by_the_hour_and_after_a_day_by_the_day() -> None:
    """A pending one by the day at once: it was accepted."""
    refund = replace(SENT, tries=5)
    later = T + timedelta(days=2)

    assert next_question(refund, T) == T + timedelta(hours=1)
    assert next_question(refund, later) == later + timedelta(days=1)
    assert next_question(replace(SENT, state=RefundState.PENDING), T) == T + timedelta(days=1)


def test_the_same_request_is_repeated_while_its_key_is_known() -> None:
    """Four hours before the key is forgotten it is looked up instead."""
    window = timedelta(hours=24)

    assert may_repeat(SENT, window, T + timedelta(hours=19, minutes=59))
    assert not may_repeat(SENT, window, T + timedelta(hours=20))
    assert not may_repeat(SENT, None, T)
    assert may_repeat(replace(SENT, first_sent_at=None), window, T + timedelta(days=9))


def test_what_is_not_found_is_only_proven_absent_after_a_while() -> None:
    """15 minutes where lists are exact, three looks over an hour where they lag (P27)."""
    exact, lagging = LookUp.CONSISTENT, LookUp.EVENTUAL
    looked = replace(SENT, looks=2)

    assert not was_not_received(SENT, exact, T + timedelta(minutes=15))
    assert was_not_received(SENT, exact, T + timedelta(minutes=16))
    assert not was_not_received(SENT, lagging, T + timedelta(days=9))
    assert not was_not_received(looked, lagging, T + timedelta(minutes=59))
    assert was_not_received(looked, lagging, T + timedelta(minutes=60))
    assert not was_not_received(replace(looked, last_sent_at=None), lagging, T)
    assert not was_not_received(
        replace(looked, state=RefundState.PENDING), exact, T + timedelta(days=9)
    )


def test_a_person_looks_after_a_day() -> None:
    """At what nobody knows; what was accepted has two weeks."""
    pending = replace(SENT, state=RefundState.PENDING)
    assert not is_long_unclear(pending, T + timedelta(days=13))
    assert is_long_unclear(pending, T + timedelta(days=14))
    assert is_long_unclear(replace(SENT, state=RefundState.CREATED), T + timedelta(days=1))
    assert not is_long_unclear(replace(SENT, state=RefundState.FAILED), T + timedelta(days=99))
    assert not is_long_unclear(SENT, T + timedelta(hours=23))
    assert is_long_unclear(SENT, T + timedelta(hours=24))
    assert not is_long_unclear(replace(SENT, state=RefundState.PENDING), T + timedelta(hours=24))
    assert is_long_unclear(replace(SENT, first_sent_at=None), T + timedelta(days=1))
