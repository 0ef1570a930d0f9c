"""Which documents a bank movement settles: exact numbers and an exact sum, or a person."""

import pytest
from tests.unit.domain.builders import eur

from faktura.domain.matching import (
    NumberIndex,
    OpenDocument,
    Outcome,
    decide,
    joined_remittance,
    tight,
)
from faktura.kernel.money import Money

OPEN = {"R-2026-00041": "119.00", "R-2026-00042": "59.50", "R-2026-00043": "35.70"}


def found(text, *numbers: str):
    return [hit.number for hit in NumberIndex.of(numbers or OPEN).find(text)]


def settle(text, amount, paid=(), credit=()):
    documents = {
        number: OpenDocument(number, eur(open_))
        for number, open_ in [*OPEN.items(), *credit]
        if number not in paid
    }
    index = NumberIndex.of([*OPEN, *(number for number, _ in credit)])
    return decide(text, eur(amount), index, documents)


def test_three_numbers_with_the_exact_sum_are_a_full_match():
    """F097, G6: 119.00 + 59.50 + 35.70 = 214.20."""
    decision = settle("Rechnungen R-2026-00041, R-2026-00042 und R-2026-00043", "214.20")

    assert decision.outcome is Outcome.FULL
    assert [document.number for document in decision.documents] == list(OPEN)
    assert decision.reason == "3 named, sum exact to the cent"


@pytest.mark.parametrize("amount", ["214.19", "214.21"])
def test_a_sum_off_by_a_cent_waits_for_a_person(amount):
    """G6: no automatic match, and the reason names both sums."""
    decision = settle("R-2026-00041, R-2026-00042, R-2026-00043", amount)

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "sum-differs")
    assert decision.reason == f"named documents are open with 214.20 EUR, not {amount} EUR"
    assert decision.documents == ()


def test_a_number_named_twice_counts_once():
    """The payer repeats the number: it is one document of 119.00."""
    assert settle("R-2026-00041 Rg. R-2026-00041", "119.00").outcome is Outcome.FULL


def test_a_document_without_anything_open_waits_for_a_person():
    """A double payment: 00041 is paid already, so naming it with 00042 is no full match."""
    decision = settle("R-2026-00041 R-2026-00042", "59.50", paid=("R-2026-00041",))

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "already-settled")
    assert decision.reason == "R-2026-00041: nothing is open"


def test_a_movement_in_another_currency_waits_for_a_person():
    """119.00 CHF do not settle 119.00 EUR."""
    documents = {"R-2026-00041": OpenDocument("R-2026-00041", eur("119.00"))}

    decision = decide("R-2026-00041", Money(11_900, "CHF"), NumberIndex.of(documents), documents)

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "other-currency")


def test_text_without_a_number_waits_for_a_person():
    """The amount alone is never evidence."""
    assert settle("Miete November", "119.00").rule == "no-number"


def test_a_number_no_document_has_is_named_in_the_reason():
    """A slip of the payer's hand is seen at once."""
    decision = decide("RE-000999", eur("119.00"), NumberIndex(), {}, ["RE-000999"])

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "unknown-number")
    assert decision.reason == "RE-000999: no such document"


def test_a_debit_settles_a_credit():
    """Money we pay out: the correction R-2026-00044 is open with -20.00."""
    credit = [("R-2026-00044", "-20.00")]

    assert settle("R-2026-00044", "-20.00", credit=credit).outcome is Outcome.FULL
    assert settle("R-2026-00044", "20.00", credit=credit).rule == "sum-differs"


def test_a_credit_may_be_taken_off_in_the_same_transfer():
    """P38: 119.00 - 20.00 = 99.00 names both."""
    credit = [("R-2026-00044", "-20.00")]

    assert settle("R-2026-00041 abzgl. R-2026-00044", "99.00", credit=credit).outcome is (
        Outcome.FULL
    )


def test_a_debit_does_not_settle_an_invoice():
    """A debit that names our invoice is a return or a mistake, never its payment."""
    assert settle("R-2026-00041", "-119.00").outcome is Outcome.OPEN


@pytest.mark.parametrize(
    "text",
    [
        "R-2026-00042",
        "r-2026-00042",
        "R202600042",
        "R 2026 00042",
        "Rechnung:R-2026-00042.",
        "RG/R-2026-00042/KD10001",
        "R-2026-\n00042",
        "Betrag zu R-2026-00042vom 1.11.",
        "R‐2026–00042",
        "Ｒ-２０２６-０００４２",
    ],
)
def test_a_number_is_found_in_the_spellings_of_payers(text):
    """Case, blanks, dashes, full-width letters and glued words do not hide it."""
    assert found(text) == ["R-2026-00042"]


@pytest.mark.parametrize(
    "text",
    [
        "R-2026-000421",  # a longer number
        "R-2026-0004",  # a shorter one
        "OR-2026-00042",  # another word
        "ORDER-2026-00042",
        "2026-00042",  # without the prefix
        "R-2O26-OOO42",  # letters for digits are for a person
        "R-2026-0042",
        "Tel. 0361 2026000424711",
    ],
)
def test_what_only_looks_like_the_number_is_not_found(text):
    """P39: the boundary decides, and nothing is completed."""
    assert found(text) == []


def test_numbers_glued_to_each_other_are_both_found():
    """Some banks drop the blanks."""
    assert found("R-2026-00041R-2026-00042") == ["R-2026-00041", "R-2026-00042"]


def test_a_number_at_the_end_of_the_text_may_be_shorter_than_others():
    """R-9 ends the text; R-2026-00042 is looked for there as well and does not fit."""
    assert found("Rechnung R-1001", "R-1001", "R-2026-00042") == ["R-1001"]


def test_a_hit_says_where_it_stands():
    """The evidence: start and end in the text as it was given."""
    (hit,) = NumberIndex.of(OPEN).find("Re. R 2026 00042, danke")

    assert (hit.start, hit.end) == (4, 16)


@pytest.mark.parametrize(
    "text",
    ["USt-Id DE202600042", "202600042A", "Nr. 2026 00042", "4202600042", "IBAN DE20 2600 042"],
)
def test_digits_alone_are_only_found_as_written(text):
    """P39: a VAT id is DE and nine digits; digits are never glued over a gap."""
    assert found(text, "202600042") == []


def test_nine_digits_of_their_own_are_a_number():
    """As long as a document number with its year."""
    assert found("Rechnung 202600042", "202600042") == ["202600042"]


@pytest.mark.parametrize("number", ["10042", "20261101"])
def test_fewer_digits_are_never_a_number(number):
    """A customer number, a date: eight digits or fewer say nothing."""
    assert found(f"Rechnung {number} {number}", number) == []


def test_digits_with_their_separator_are_found_as_written():
    """2026-4711 with its hyphen is no date; 20264711 might be anything."""
    assert found("Rechnung 2026-4711", "2026-4711") == ["2026-4711"]
    assert found("Rechnung 20264711", "2026-4711") == []
    assert found("Rechnung 2026-00042", "2026-00042") == ["2026-00042"]
    assert found("Rechnung 202600042", "2026-00042") == ["2026-00042"]


@pytest.mark.parametrize(
    ("text", "hits"),
    [("Rechnung A-1", ["A-1"]), ("Rechnung a1", ["A-1"]), ("Haus A 1", []), ("A-1b", [])],
)
def test_a_very_short_number_must_stand_as_written(text, hits):
    """Fewer than four digits: what lies apart in the text is not put together."""
    assert found(text, "A-1") == hits


def test_a_text_that_can_be_read_as_two_numbers_names_both():
    """“R-1000 5 Stück”: R-1000 or R-10005? The sum of both will not fit, a person decides."""
    assert found("R-1000 5 Stück", "R-1000", "R-10005") == ["R-10005", "R-1000"]
    assert found("R-10005", "R-1000", "R-10005") == ["R-10005"]


def test_two_numbers_of_one_spelling_are_told_apart_as_written():
    """R-1.1001 and R-11001 differ by a point: without it both are named."""
    numbers = ("R-1.1001", "R-11001")

    assert found("R-1.1001", *numbers) == ["R-1.1001"]
    assert found("r-11001", *numbers) == ["R-11001"]
    assert found("R 11001", *numbers) == ["R-1.1001", "R-11001"]


def test_a_number_is_made_known_once():
    """The index is fed again when a document is issued."""
    assert found("R-2026-00042", "R-2026-00042", "R-2026-00042") == ["R-2026-00042"]


def test_umlauts_are_written_out():
    """Müller and MUELLER are one word, and half an umlaut starts no number."""
    assert tight("Müller & Söhne, Große Straße") == "MUELLERSOEHNEGROSSESTRASSE"
    assert found("Gebü2026-00042", "E-2026-00042") == []


@pytest.mark.parametrize("width", [27, 35, 140])
def test_a_line_of_full_width_goes_on_in_the_next(width):
    """Banks cut the text: the number is put together again over the cut."""
    head = "R-2026-00".rjust(width, ".")

    text = joined_remittance([head, "042 Danke"])

    assert found(text) == ["R-2026-00042"]
    assert text == head + "042 Danke"


def test_other_lines_end_where_they_end():
    """00042 and the date of the next line stay apart; the last line end is no text."""
    text = joined_remittance(["R-2026-00042", "20.11.2026"])

    assert text == "R-2026-00042\n20.11.2026"
    assert found(text) == ["R-2026-00042"]
