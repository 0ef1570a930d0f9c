"""Texts in the characters of SEPA (banking.md 3.2: transliterate, then refuse)."""

import pytest

from faktura_sepa.latin import as_latin, foreign_signs


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Rechnung RE-2026/1 (x), 'y': 1+1?", "Rechnung RE-2026/1 (x), 'y': 1+1?"),
        ("Müller, Größe, Äpfel, Öl, Übung", "Mueller, Groesse, Aepfel, Oel, Uebung"),
        ("STRAẞE", "STRASSE"),
        ("Meier & Söhne", "Meier + Soehne"),
        # The same letter in two characters.
        ("Mu\u0308ller", "Mueller"),
        ("Çelik, Łukasz, Škoda, Ørsted, Þór", "Celik, Lukasz, Skoda, Oersted, Thor"),
        ("Café „Zum Löwen“ – O’Brien", "Cafe 'Zum Loewen' - O'Brien"),
        ("5 €", "5 EUR"),
        ("½ ﬁ № …", "1/2 fi No ..."),
        ("  zwei\u00a0\n\tWörter ", "zwei Woerter"),
        # A soft hyphen shows nothing.
        ("Rech\u00adnung", "Rechnung"),
        ("\u00ad", ""),
        # Left for foreign_signs to find.
        ("a@b", "a@b"),
        ("Иван", "Иван"),
    ],
)
def test_letters_are_spelt_and_signs_have_a_plain_twin(text: str, latin: str):
    """German letters by two, others without their marks; nothing is guessed."""
    assert as_latin(text) == latin


def test_what_cannot_be_spelt_is_found_once_each():
    """Arabic digits are no digits of SEPA's."""
    assert foreign_signs("a@b@c#٣") == "@#٣"
    assert foreign_signs("abc") == ""
