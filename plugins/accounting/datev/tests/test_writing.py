"""Document numbers and texts in DATEV's characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.errors import ExportRefused
from faktura_datev.document_field import to_field, to_number
from faktura_datev.text import as_cp1252, shortened_to

numbers = st.from_regex(r"[A-Za-z0-9._-]{1,36}", fullmatch=True)


@given(numbers)
def test_a_document_number_can_be_read_back_from_its_field(number: str):
    """Reversible, and therefore free of collisions: no two numbers share a field."""
    field = to_field(number)

    assert to_number(field) == number
    assert len(field) == len(number)
    assert not set(field) & set(". ,;:")


def test_a_dot_becomes_a_slash_and_nothing_else_changes():
    """Belegfeld 1 has no dot; our numbers have no slash."""
    assert to_field("RE.2026_11-0042") == "RE/2026_11-0042"


@pytest.mark.parametrize("number", ["", "RE 1", "RE/1", "Ü1", "R" * 37, "RE-1\n"])
def test_a_number_outside_our_alphabet_is_refused(number: str):
    """It would collide or be refused by DATEV."""
    with pytest.raises(ExportRefused, match="has no place in Belegfeld 1"):
        to_field(number)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Müller & Söhne – 5 €", "Müller & Söhne – 5 €"),
        ("Mu\u0308ller", "Müller"),
        ("Győr, Łódź, Đà Nẵng", "Gyor, Lódz, Dà Nang"),
        ("zwei\n Zeilen\t", "zwei Zeilen"),
        ("2 − 1 ≤ 1", "2 - 1 <= 1"),
        ("fi ﬁ", "fi fi"),
        ("東京", "??"),
        ("a\u200bb\x07", "a?b?"),
        ("a\u00adb", "a?b"),
    ],
)
def test_what_windows_1252_lacks_is_transliterated(text: str, written: str):
    """A base letter where there is one, a spelling where we know it, else a question mark."""
    assert as_cp1252(text) == written


@given(st.text())
def test_any_text_can_be_written(text: str):
    """Encodes strictly, on one line, and writing it again changes nothing."""
    written = as_cp1252(text)

    written.encode("cp1252", errors="strict")
    assert not any(ord(character) < 32 or ord(character) == 127 for character in written)
    assert as_cp1252(written) == written


def test_a_text_is_shortened_with_an_ellipsis():
    """The ellipsis is one character and shows that something is missing."""
    assert shortened_to("Rechnung", 8) == "Rechnung"
    assert shortened_to("Rechnung RE", 10) == "Rechnung…"
