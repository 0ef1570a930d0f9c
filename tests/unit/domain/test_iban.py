"""IBANs by ISO 13616."""

import pytest

from faktura.domain.iban import checked_iban
from faktura.kernel.errors import FieldInvalid


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        ("DE02120300000000202051", "DE02120300000000202051"),
        ("de02 1203 0000 0000 2020 51", "DE02120300000000202051"),
        ("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("NO93 8601 1117 947", "NO9386011117947"),
        # A country outside SEPA: only the check digits can be compared.
        ("SA03 8000 0000 6080 1016 7519", "SA0380000000608010167519"),
    ],
)
def test_an_iban_is_written_in_one_way(text, iban):
    """Blanks and small letters are how people write it, not part of it."""
    assert checked_iban(text, field="iban") == iban


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not an IBAN"),
        ("12030000", "is not an IBAN"),
        ("DE02-1203-0000-0000-2020-51", "is not an IBAN"),
        ("DE٠٢120300000000202051", "is not an IBAN"),
        ("DE0212030000000020205", "has 21 characters"),
        ("DE02120300000000202052", "check digits"),
        ("DE20120300000000202051", "check digits"),
        ("SA0380000000608010167518", "check digits"),
    ],
)
def test_a_typing_error_is_found(text, problem):
    """Length and check digits find every single wrong character and most swaps (ISO 7064)."""
    with pytest.raises(FieldInvalid, match=problem) as refused:
        checked_iban(text, field="mandate.iban")

    assert refused.value.place == "mandate.iban"
