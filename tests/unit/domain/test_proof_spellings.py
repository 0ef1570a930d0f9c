"""Proofs work out anew whether a piece of a text spells a number (O6, P39)."""

import pytest

from faktura.domain.proof_spellings import folded, is_in_account, spells, touches_digit


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("re-2026 / 000123", "RE2026000123"),
        ("Größe Übel Äpfel Öl", "GROESSEUEBELAEPFELOEL"),
        ("\uff12\uff10\uff12\uff16", "2026"),
        ("„“–…", ""),
    ],
)
def test_a_text_is_folded_to_letters_and_digits(text, plain):
    """Case, blanks, separators and umlauts do not make another number."""
    assert folded(text) == plain


@pytest.mark.parametrize(
    ("reading", "number", "text", "piece"),
    [
        ("written", "RE-2026-000123", "Rechnung re 2026/000123 Danke", "re 2026/000123"),
        ("written", "RE-2026-000123", "RE-2026-00\n0123", "RE-2026-00\n0123"),
        ("digits", "RE-2026-000123", "Zahlung 2026 000123", "2026 000123"),
        ("keyword", "4711", "Rechnung Nr. 4711", "4711"),
        ("keyword", "4711", "re.-nr 4711", "4711"),
        ("keyword", "38513", " EUR, Vertrag 20265977, Rec\nhnung 38513", "38513"),
        ("keyword", "AR26-4711", "Rg 264711", "264711"),
        ("reference", "RE-2026-000266", "RF92RE2026000266", "RE2026000266"),
        ("reference", "RE-2026-000266", "RF92 RE20 2600 0266", "RF92 RE20 2600 0266"),
        ("reference", "RE-2026-000422", "RF51RE2026000422", "RE2026000422"),
        ("reference", "RE-2026-000422", "RF22RE20260422", "RE20260422"),
        ("shortened", "RE-2026-000347", "RE-2026-347", "RE-2026-347"),
        ("shortened", "RE-2026-000288", "RE-2026-000334/288", "288"),
        ("shortened", "2025/4643", "Rechnung 4643", "4643"),
        ("confused", "RE-2026-000339", "RE-2O26-OOO339", "RE-2O26-OOO339"),
        ("confused", "AR26-15813", "AR26-lS8I3", "AR26-lS8I3"),
        ("truncated", "RE-2026-000476", "Zahlung zu RE-2026-0004", "RE-2026-0004"),
        ("truncated", "RE-2026-000476", "Zahlung zu 20260004", "20260004"),
    ],
)
def test_a_piece_spells_a_number_under_its_reading(reading, number, text, piece):
    """What banks and people make of a number is still that number."""
    start = text.index(piece)

    assert spells(reading, number, text, start, start + len(piece))


@pytest.mark.parametrize(
    ("reading", "number", "text", "piece"),
    [
        ("written", "RE-2026-000123", "RE-2026-000124", "RE-2026-000124"),
        ("digits", "RE-2026-000123", "2026 000124", "2026 000124"),
        ("digits", "2026/4711", "20264711", "20264711"),  # eight digits may be a day
        ("keyword", "4711", "Telefon 4711", "4711"),
        ("keyword", "4711", "4711 Rechnung", "4711"),
        ("reference", "RE-2026-000266", "RF93RE2026000266", "RE2026000266"),  # check digits
        ("reference", "RE-2026-000267", "RF92RE2026000266", "RE2026000266"),
        ("reference", "RE-2026-000266", "RE2026000266", "RE2026000266"),
        ("reference", "RE-2026-000266", "RF92RE2026000266 RE2026000266", " RE2026000266"),
        ("shortened", "RE-2026-000347", "RE-2026-348", "RE-2026-348"),
        ("shortened", "RE-2026-000347", "RE-2026-000347", "RE-2026-000347"),
        ("shortened", "RE-2026-000347", "7", "7"),
        ("shortened", "RE-2026-000347", "--", "--"),
        ("confused", "RE-2026-000339", "RE-2026-000339", "RE-2026-000339"),
        ("confused", "RE-2026-000339", "RE-2O26-OOO338", "RE-2O26-OOO338"),
        ("truncated", "RE-2026-000476", "RE-", "RE-"),
        ("truncated", "RE-2026-000476", "RE-2025", "RE-2025"),
        ("guessed", "4711", "4711", "4711"),
    ],
)
def test_what_spells_another_number_is_no_proof(reading, number, text, piece):
    """A reading that does not lead to the number proves nothing; neither does one nobody knows."""
    start = text.index(piece)

    assert not spells(reading, number, text, start, start + len(piece))


@pytest.mark.parametrize(
    ("text", "piece", "touches"),
    [
        ("0RE-2026-000123", "RE-2026-000123", False),
        ("RE-2026-0001234", "RE-2026-000123", True),
        ("92026000123", "2026000123", True),
        ("2026000123", "2026000123", False),
        ("Danke fuer die gute Arbeit1\n2345 Rechnung", "2345", True),  # 27 signs go on
        ("Danke fuer die Arbeit 1\n2345 Rechnung", "2345", False),
        ("Danke fuer die Arbeit 12345\n6 Rechnung", "12345", True),
        ("Rechnung 12345\n6 Rechnung", "12345", False),
        ("Rechnung 12345", "12345", False),
    ],
)
def test_a_digit_that_touches_makes_a_longer_number(text, piece, touches):
    """Parts of phone and account numbers are no numbers of ours; full bank lines go on."""
    start = text.index(piece)

    assert touches_digit(text, start, start + len(piece)) is touches


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Konto DE89 3704 0044 0532 0130 00", True),
        ("konto de89370400440532013000", True),
        ("Konto DE88 3704 0044 0532 0130 00", False),  # its check digits are wrong
        ("0532 Konto", False),
        ("0532, nicht DE89370400440532013000", False),
        ("ŉ Konto DE89 3704 0044 0532 0130 00", False),  # one sign is two in upper case
    ],
)
def test_digits_inside_an_account_number_are_known(text, inside):
    """An IBAN is one by its check digits (ISO 13616)."""
    start = text.index("0532")

    assert is_in_account(text, start, start + 4) is inside
