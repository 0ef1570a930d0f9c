"""How movements are recognised again: by reference, by content, across sources (P40)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from faktura.domain.movement_keys import (
    StatementKeys,
    content_key,
    cross_key,
    named_key,
    next_key,
    other_key,
    reference_key,
)
from faktura.domain.movements import Movement
from faktura.kernel.money import Money

DAY = date(2026, 11, 11)


def movement(minor: int = 5000, **fields: Any) -> Movement:
    return Movement(DAY, DAY, Money(minor, "EUR"), **fields)


def test_a_bank_reference_is_the_identity_together_with_day_amount_and_payer():
    """A corrected text is the same booking; another day, amount or payer is another one."""
    known = movement(source_ref="R1", counterparty_iban="DE1")

    key = reference_key(known)

    assert reference_key(replace(known, remittance_lines=("corrected",), gvc="168")) == key
    for other in (
        replace(known, booked_on=date(2026, 11, 12)),
        replace(known, amount=Money(5001, "EUR")),
        replace(known, counterparty_iban="DE2"),
        replace(known, detail_index=1),
    ):
        assert reference_key(other) != key
    assert reference_key(movement()) is None


def test_without_a_reference_the_content_is_the_identity():
    """Blanks and line breaks are no content: banks wrap one text differently."""
    known = movement(remittance_lines=("RE-1 und", "RE-2"))

    assert content_key(known, 0) == content_key(movement(remittance_lines=("RE-1 und RE-2",)), 0)
    assert content_key(known, 0) != content_key(known, 1)
    assert content_key(known, 0) != content_key(replace(known, value_on=date(2026, 11, 12)), 0)


def test_equal_movements_of_a_statement_are_counted():
    """The first keeps the plain key, so that it is known again when it comes alone."""
    keys = StatementKeys(frozenset())

    first, second = keys.of(movement()), keys.of(movement())

    assert (first, second) == (content_key(movement(), 0), content_key(movement(), 1))


def test_a_reference_that_stands_twice_in_a_statement_is_no_identity():
    """Then the content decides."""
    twice = movement(source_ref="0")
    repeated = reference_key(twice)
    assert repeated is not None

    keys = StatementKeys(frozenset({repeated}))

    assert keys.of(twice) == content_key(twice, 0)


def test_a_reference_that_stands_once_is_the_identity():
    """However often the content does."""
    keys = StatementKeys(frozenset())
    one, two = movement(source_ref="1"), movement(source_ref="2")

    assert [keys.of(one), keys.of(two)] == [reference_key(one), reference_key(two)]


def test_one_more_of_equal_movements_is_counted():
    """By content as within a statement; by reference apart, for its content may be counted too."""
    plain, named = movement(), movement(source_ref="1")
    first, reference = content_key(plain, 0), reference_key(named)
    assert reference is not None

    assert [next_key(plain, first, no) for no in (0, 1)] == [first, content_key(plain, 1)]
    again = [next_key(named, reference, no) for no in (0, 1, 2)]
    assert again[0] == reference
    assert len({*again, content_key(named, 1), content_key(named, 2)}) == 5


def test_the_first_of_equal_movements_has_another_identity_in_another_file():
    """Where its reference stands once it is the reference, where it stands twice the content."""
    one = movement(source_ref="1")
    reference, content = reference_key(one), content_key(one, 0)
    assert reference is not None

    assert other_key(one, reference) == content
    assert other_key(one, content) == reference
    assert other_key(one, content_key(one, 1)) is None
    assert other_key(movement(), content_key(movement(), 0)) is None


def test_keys_are_kept_for_ever_so_they_never_change():
    """A key that changes books every movement of every overlapping statement once more."""
    known = movement(
        source_ref="R1",
        end_to_end_id="E1",
        mandate_id="M1",
        counterparty_iban="DE1",
        remittance_lines=("Käse für Zoë,", "RE-1 ß ½"),
        gvc="166",
    )

    keys = reference_key(known), content_key(known, 1), cross_key(known)

    assert [key.hex()[:16] for key in keys if key is not None] == [
        "f612fd773a196102",
        "fd02be08d93c5b0d",
        "faaf4e0c1e06e421",
    ]


def test_sources_agree_on_what_the_cross_key_holds():
    """References, codes, value date and line breaks differ between a statement and a feed."""
    told = movement(
        source_ref="R1",
        gvc="166",
        bank_code="PMNT/RCDT/ESCT",
        remittance_lines=("Käse für", "RE-1"),
    )
    fed = replace(
        told,
        source_ref="900",
        gvc=None,
        bank_code=None,
        value_on=date(2026, 11, 12),
        remittance_lines=("Ka\u0308se fu\u0308r RE-1",),
    )

    assert cross_key(told) == cross_key(fed)


@pytest.mark.parametrize(
    "changed",
    [
        {"booked_on": date(2026, 11, 12)},
        {"amount": Money(5001, "EUR")},
        {"amount": Money(-5000, "EUR")},
        {"amount": Money(5000, "USD")},
        {"end_to_end_id": "E2"},
        {"counterparty_iban": "DE2"},
        {"remittance_lines": ("RE-2",)},
    ],
)
def test_another_day_amount_payer_or_text_is_another_movement(changed):
    """Tolerance nought."""
    known = movement(end_to_end_id="E1", counterparty_iban="DE1", remittance_lines=("RE-1",))

    assert cross_key(replace(known, **changed)) != cross_key(known)


def test_each_source_names_a_movement_by_itself():
    """Two sources may use one key for it."""
    key = bytes(32)

    assert named_key("camt:REPORT", key) != named_key("feed:1", key) != key
