"""Numbers of known formats in a text: settled documents are looked up by them."""

import pytest

from faktura.domain.numbering import NumberFormat
from faktura.domain.written_numbers import unknown_numbers, written_numbers

RE = NumberFormat("RE-", 6)


@pytest.mark.parametrize(
    ("text", "formats", "found"),
    [
        ("Rechnung RE-000123 und re 000124", [RE], {"RE-000123", "RE-000124"}),
        # A counter may outgrow its width, then it has no leading zero.
        ("RE-1234567", [RE], {"RE-123456", "RE-1234567"}),
        ("RE-0001234", [RE], {"RE-000123"}),
        ("RE-12345", [RE], set()),
        ("GS-0007, RE-000001", [RE, NumberFormat("GS-", 4)], {"GS-0007", "RE-000001"}),
        ("2026000123", [NumberFormat("2026", 6)], {"2026000123"}),
        ("17", [NumberFormat("", 0)], {"1", "17", "7"}),
        ("", [NumberFormat("", 5), RE], set()),
    ],
)
def test_every_number_that_may_stand_in_the_text_is_found(text, formats, found):
    """Whether it stands alone is the index's question, whether it exists the database's."""
    assert written_numbers(text, formats) == found


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("Rechnung RE-000999 und re 000998", (), ("RE-000999", "RE-000998")),
        ("RE-000123, RE-000999, RE-000999", ("RE-000123",), ("RE-000999",)),
        # A longer number is none of ours in its first digits.
        ("RE-0009991234", (), ()),
        ("Miete November", (), ()),
    ],
)
def test_numbers_written_like_ours_that_no_document_has_are_named(text, known, unknown):
    """Once each, in the order of the text, and only as words of their own."""
    assert unknown_numbers(text, written_numbers(text, [RE]), known) == unknown


def test_digits_that_may_be_a_date_are_no_unknown_number():
    """P39: a format without letters must not take every date for a number of ours."""
    text = "Miete 20261101"

    assert unknown_numbers(text, written_numbers(text, [NumberFormat("", 8)]), ()) == ()
