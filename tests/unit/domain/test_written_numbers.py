"""Numbers of known formats in a text: settled documents are looked up by them."""

import pytest

from faktura.domain.numbering import NumberFormat
from faktura.domain.written_numbers import written_numbers

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
