"""How values are written: a wrong sign, exponent or control character makes a file invalid."""

from datetime import date
from decimal import Decimal

import pytest

from faktura_en16931.text import amount_text, cleaned, date_text, decimal_text, is_blank


@pytest.mark.parametrize(
    ("amount", "digits", "text"),
    [
        ("1190", 2, "1190.00"),
        ("0", 2, "0.00"),
        ("-0", 2, "0.00"),
        ("-0.00", 2, "0.00"),
        ("-0.01", 2, "-0.01"),
        ("1E+3", 2, "1000.00"),
        ("0.10", 2, "0.10"),
        ("99999999999.99", 2, "99999999999.99"),
        ("1000", 0, "1000"),
        ("-0", 0, "0"),
    ],
)
def test_an_amount_has_exactly_its_decimals(amount: str, digits: int, text: str) -> None:
    """BR-DEC; "-0.00" is never written."""
    assert amount_text(Decimal(amount), digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("19.00", "19"),
        ("2.50", "2.5"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0.000123", "0.000123"),
        ("1E-6", "0.000001"),
        ("-17.000", "-17"),
        ("-0.0", "0"),
        ("999999999999.999999", "999999999999.999999"),
    ],
)
def test_a_decimal_has_no_exponent_and_no_trailing_zeros(value: str, text: str) -> None:
    """xs:decimal knows no exponent."""
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Müller & Söhne <GmbH> 🧾", "Müller & Söhne <GmbH> 🧾"),
        ("a\x00b\x08c\x0bd\x0ce\x1ff", "abcdef"),
        ("a\ud800b\udfffc\ufffed\uffffe", "abcde"),
        ("tab\tLF\nCRLF\r\nCR\rend", "tab\tLF\nCRLF\nCR\nend"),
        ("  edges stay \n", "  edges stay \n"),
        ("\x7f\x85\xa0\u2028\U0010ffff", "\x7f\x85\xa0\u2028\U0010ffff"),
    ],
)
def test_only_what_xml_forbids_is_taken_out(text: str, clean: str) -> None:
    """XML 1.0, production 2; line ends as LF, as any parser would read them."""
    assert cleaned(text) == clean


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        (None, True),
        ("", True),
        (" \t\n", True),
        ("\xa0", True),
        ("\x00 \x01", True),
        ("x", False),
        ("\x00x", False),
        ("\n.", False),
    ],
)
def test_blank_is_what_leaves_nothing_to_read(text: str | None, *, blank: bool) -> None:
    """PEPPOL-EN16931-R008 would refuse the empty element that it becomes."""
    assert is_blank(text) is blank


def test_a_date_is_in_format_102() -> None:
    """UNTDID 2379: CCYYMMDD."""
    assert date_text(date(2026, 2, 3)) == "20260203"
