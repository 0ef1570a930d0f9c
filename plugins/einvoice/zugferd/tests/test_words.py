"""The words of the page: complete in both languages, replaceable, never read twice."""

import pytest

from faktura_en16931.codes import UNITS
from faktura_zugferd.words import KEYS, Words, page_language
from faktura_zugferd.words_de import GERMAN
from faktura_zugferd.words_en import ENGLISH
from faktura_zugferd.words_units import named_units, unit_word


def test_both_languages_say_the_same_things() -> None:
    """A key that one table lacks would stop a page of that language."""
    assert GERMAN.keys() == ENGLISH.keys()
    assert {"de.title.invoice", "en.title.invoice"} <= KEYS


def test_every_unit_faktura_may_write_has_words() -> None:
    assert named_units() == UNITS.keys()


@pytest.mark.parametrize(
    ("language", "printed"), [("de", "de"), ("de-AT", "de"), ("en", "en"), ("fr", "en")]
)
def test_every_language_but_german_is_printed_in_english(language: str, printed: str) -> None:
    assert page_language(language) == printed


def test_units_are_words_for_one_and_for_several() -> None:
    assert unit_word("MON", "de", one=True) == "Monat"
    assert unit_word("MON", "de", one=False) == "Monate"
    assert unit_word("HUR", "en", one=False) == "hours"
    assert unit_word("C62", "de", one=True) == ""
    assert unit_word("X9Z", "de", one=True) == "X9Z"


def test_own_words_come_before_the_table() -> None:
    words = Words("de", {"de.title.invoice": "Honorarrechnung", "en.title.final": "Last invoice"})

    assert words.say("title.invoice") == "Honorarrechnung"
    assert words.say("title.final") == "Schlussrechnung"


def test_a_value_with_braces_is_not_filled_in_again() -> None:
    """A customer called {day} stays {day}."""
    words = Words("de", {})

    assert words.say("of_day", number="{day}", day="01.11.2026") == "{day} vom 01.11.2026"


def test_own_words_may_have_braces_of_their_own() -> None:
    words = Words("en", {"en.closing": "Yours {x} {amount}"})

    assert words.say("closing", amount="EUR 1.00") == "Yours {x} EUR 1.00"
