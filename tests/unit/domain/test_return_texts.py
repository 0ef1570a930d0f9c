"""Texts of returned debits: references behind their tags, reasons as codes and in German (banking 2.4)."""

import pytest

from faktura.domain.return_texts import (
    end_to_end_in,
    is_about_return,
    mandate_in,
    reason_in,
    said,
)


@pytest.mark.parametrize(
    "text",
    [
        "RUECKLASTSCHRIFT RE-1",
        "Rücklastschrift",
        "Ru\u0308cklastschrift",
        "SEPA-Lastschriftrückgabe",
        "Retoure",
        "RÜCKBELASTUNG",
        "RUCKLASTSCHRIFT",
    ],
)
def test_banks_speak_of_a_return_in_these_words(text):
    """With umlaut, composed or not, without it, or with its e."""
    assert is_about_return(text)


@pytest.mark.parametrize("text", ["LASTSCHRIFT", "RUECKUEBERWEISUNG", "Wiedergutschrift", ""])
def test_other_bookings_are_no_returns(text):
    """A debit, a transfer that bounced, what we get back of a debit against us."""
    assert not is_about_return(text)


@pytest.mark.parametrize(
    ("text", "end_to_end_id", "mandate_id"),
    [
        ("EREF+COLL-77 MREF+M-7", "COLL-77", "M-7"),
        ("EREF+COLL-77MREF+M-7SVWZ+RE 1", "COLL-77", "M-7"),
        ("eref+COLL-77\nmref+ M-7", "COLL-77", "M-7"),
        ("EREF: COLL-77", "COLL-77", None),
        ("END-TO-END-REF.: COLL-77 Mandatsref: M-7", "COLL-77", "M-7"),
        ("EREF+NOTPROVIDED MREF+M-7", None, "M-7"),
        ("EREF+A EREF+A", "A", None),
        # Two ids: nobody can tell which.
        ("EREF+A EREF+B", None, None),
        ("COLL-77 M-7", None, None),
    ],
)
def test_a_reference_stands_behind_its_tag(text, end_to_end_id, mandate_id):
    """Its value ends at a blank, or where the next tag is glued to it."""
    assert (end_to_end_in(text), mandate_in(text)) == (end_to_end_id, mandate_id)


def test_a_reference_goes_on_where_a_full_line_was_wrapped():
    """The first line has 27 characters: the second goes on without a blank."""
    lines = ("RUECKLASTSCHRIFT EREF+COLL-", "77 MREF+M-7")

    assert len(lines[0]) == 27
    assert end_to_end_in(said(lines)) == "COLL-77"


def test_what_the_bank_says_besides_the_lines_is_read_too():
    """Empty parts add nothing."""
    assert said(("A", "B"), None, "", "RETOURE") == "A\nB\nRETOURE"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RUECKLASTSCHRIFT AM04", "AM04"),
        ("Rückgabegrund: MD06 Widerspruch durch Zahler", "MD06"),
        ("/RTRN/AC04", "AC04"),
        ("Rueckgabegrund: CUST", "CUST"),
        ("Rueckgabegrund: Konto erloschen", "AC04"),
        ("Rückgabegrund: Sperre beim Zahler", "SL01"),
        ("RUECKLASTSCHRIFT MANGELS DECKUNG", "AM04"),
        ("Kontoinhaber verstorben", "MD07"),
        ("RETOURE: WIDERSPRUCH", "MD06"),
        # No certain one.
        ("Rueckgabegrund: sonstige Gruende", None),
        ("TECH SUPPORT", None),
        ("Rechnung RE-AM04-12", None),
        ("AM04 oder MD06", None),
        ("Konto gesperrt, Kontoinhaber verstorben", None),
        ("Grund: ABCD", None),
        ("", None),
    ],
)
def test_a_reason_is_read_as_a_code_or_in_words(text, code):
    """A code of letters only counts behind the mark; what could be two reasons is none."""
    assert reason_in(text) == code
