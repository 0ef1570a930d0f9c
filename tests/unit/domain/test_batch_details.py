"""Collective entries and their details, told apart by a bank (2.5)."""

from dataclasses import replace
from datetime import date

import pytest

from faktura.domain.batch_details import EntryFacts, is_same_entry, may_be_same_entry, only_match
from faktura.kernel.money import Money

ENTRY = EntryFacts(date(2026, 11, 11), Money(15000, "EUR"), "P-1", "M-1", frozenset({"R-1"}), 3)
PLAIN = EntryFacts(date(2026, 11, 11), Money(15000, "EUR"))


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        # All that both state must agree: a payment block may be booked in two equal parts.
        ({"references": frozenset({"R-2"})}, False),
        ({"message_id": "M-2"}, False),
        ({"message_id": None, "references": frozenset()}, True),
        ({"payment_id": "P-2"}, False),
        ({"payment_id": None}, True),
        ({"payment_id": None, "message_id": "M-2"}, False),
        ({"payment_id": None, "message_id": None}, True),
        ({"payment_id": None, "message_id": None, "references": frozenset({"R-2", "R-1"})}, True),
        ({"payment_id": None, "message_id": None, "references": frozenset({"R-2"})}, False),
        # Sum, day and count must agree whatever it is called.
        ({"amount": Money(15001, "EUR")}, False),
        ({"amount": Money(-15000, "EUR")}, False),
        ({"amount": Money(15000, "USD")}, False),
        ({"booked_on": date(2026, 11, 12)}, False),
        ({"count": 2}, False),
        ({"count": None}, True),
    ],
)
def test_an_entry_is_known_again_by_its_names_day_and_sum(changed, same):
    """Payment block, file and the bank's reference."""
    assert is_same_entry(ENTRY, replace(ENTRY, **changed)) is same


@pytest.mark.parametrize("count", [None, 3])
def test_without_a_name_in_common_nothing_is_the_same(count):
    """Two entries of a day may have the same sum, and as many details."""
    assert not is_same_entry(replace(PLAIN, count=count), replace(PLAIN, count=count))


def test_what_fits_twice_fits_nothing():
    """Which of them is meant nobody knows."""
    assert only_match(ENTRY, [(PLAIN, "other"), (ENTRY, "meant")]) == "meant"
    assert only_match(ENTRY, [(ENTRY, "one"), (ENTRY, "two")]) is None
    assert only_match(ENTRY, []) is None


def test_without_a_common_name_a_person_knows():
    """Day and sum agree and nothing contradicts; another count, name or sum does."""
    day, amount = date(2026, 11, 11), Money(13570, "EUR")
    one = EntryFacts(day, amount, payment_id="P-1", count=2)

    assert may_be_same_entry(one, EntryFacts(day, amount, references=frozenset({"R1"})))
    assert not may_be_same_entry(one, EntryFacts(day, amount, payment_id="P-1"))
    assert not may_be_same_entry(one, EntryFacts(day, amount, payment_id="P-2"))
    assert not may_be_same_entry(one, EntryFacts(day, amount, count=3))
    assert not may_be_same_entry(one, EntryFacts(day, Money(13571, "EUR")))
