"""Texts in which one of our numbers seems to stand, and the money is for something else (P38, P39).

Every document is open with the same 49.00, as where everybody pays one price: there the amount says
nothing, and the number must say everything.
"""

from typing import Any

import pytest
from tests.unit.domain.movement_builder import (
    ANNA,
    ANNAS_IBAN,
    BERT,
    BERTS_IBAN,
    credit,
    invoice,
)

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.match_proof_checks import Kept, proof_problems
from faktura.domain.match_proofs import proof_of, raw_texts
from faktura.domain.matches import Book, Decision, OpenDocument, Outcome
from faktura.domain.matching import decide
from faktura.domain.number_index import NumberIndex

PRICE = "49.00"


def settle(
    text: str, *numbers: str, amount: str = PRICE, **facts: Any
) -> tuple[Outcome, tuple[str, ...]]:
    """What is booked where Anna owes the first number and the others, of 49.00 each, save `berts`."""
    berts = facts.pop("berts", ())
    owed = facts.pop("owed", ())
    items = [invoice(number, PRICE) for number in numbers]
    items += [invoice(number, PRICE, BERT) for number in berts]
    items += [invoice(number, f"-{PRICE}") for number in owed]
    book = Book(
        open={one.number: one for one in items},
        payers={ANNAS_IBAN: [ANNA], BERTS_IBAN: [BERT]},
    )
    movement = credit(amount, *text.split("\n"), **facts)
    decision = decide(movement, NumberIndex.of(items).find(movement), book, BankPolicy())
    assert problems(movement, decision) == []
    return decision.outcome, tuple(one.number for one in decision.documents)


def problems(movement: Any, decision: Decision[OpenDocument]) -> list[str]:
    """What the checker says of a booking's proof."""
    parts = [(one.number, one.open) for one in decision.documents]
    texts = {str(part): text for part, text in raw_texts(movement).items()}
    kept = Kept(decision.rule, str(movement.amount.decimal), "EUR", texts)
    proof = proof_of(movement, decision, parts)
    return proof_problems(proof, kept) if decision.outcome is Outcome.FULL else []


def is_booked(text: str, *numbers: str, **facts: Any) -> bool:
    return settle(text, *numbers, **facts)[0] is Outcome.FULL


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Re 10/26", "RE-1026"),
        ("Re 10.26", "RE-1026"),
        ("Re 10 26", "RE-1026"),
        ("RE 10/2026", "RE-102026"),
        ("Re 12,34", "RE-1234"),
        ("Re 2026-11-30", "RE-20261130"),
        ("F2026-11-05", "F2026-11"),
        ("RE 1234,56", "RE-1234"),
        ("Re 2026/11", "RE-2026-000011"),
        ("Re 2026-11-01", "RE-2026-000011"),
        ("R26/11", "R26-00011"),
    ],
)
def test_a_month_a_day_or_an_amount_is_no_number(text, number):
    """“Re 10/26” is October's invoice, not RE-1026."""
    assert not is_booked(text, number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("RE-1026", "RE-1026"),
        ("RE 1026 vom 05.11.2026", "RE-1026"),
        ("RE-1026 EUR 49,00", "RE-1026"),
        ("RE-10-26", "RE-10-26"),
        ("RE 2026.0011.22", "RE-2026-0011-22"),
        ("R-1.1A", "R-1.1A"),
        ("RE-2026-11", "RE-2026-000011"),
        ("Re 2026/41", "RE-2026-000041"),
        ("RE 2026 000 123", "RE-2026-000123"),
    ],
)
def test_a_number_that_looks_like_a_month_is_one_as_it_is_written(text, number):
    """With its own separators, or with more digits than a month has."""
    assert settle(text, number) == (Outcome.FULL, (number,))


@pytest.mark.parametrize(
    "words",
    [
        "Storno",
        "Storno zu Rechnung",
        "Gutschrift zu",
        "Rückzahlung",
        "Erstattung der Rechnung",
        "nicht",
        "alles ohne",
        "abzgl.",
        "unsere Rechnung",
        "Unser Beleg",
    ],
)
def test_words_that_deny_a_number_leave_it_to_a_person(words):
    """The text says it is not paid here, or that it is the payer's own."""
    assert not is_booked(f"{words} RE-2026-000123", "RE-2026-000123")


@pytest.mark.parametrize(
    "words", ["Begleichung unserer", "ohne Skonto", "nicht vergessen,", "ohne Skonto,", "Zahlung"]
)
def test_words_that_deny_something_else_do_no_harm(words):
    """Without discount, but the number is meant."""
    assert is_booked(f"{words} RE-2026-000123", "RE-2026-000123")


def test_a_credit_that_is_taken_off_is_named_by_such_words():
    """49.00 + 49.00 - 49.00, “abzgl. Gutschrift”; two that are owed are never taken off each other."""
    numbers = ("RE-2026-000123", "RE-2026-000124")
    both = "RE-2026-000123, RE-2026-000124 abzgl. Gutschrift GS-2026-000009"

    assert is_booked(both, *numbers, owed=("GS-2026-000009",))
    assert not is_booked("RE-2026-000123 abzgl. RE-2026-000124", *numbers, amount="98.00")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("X-RE-2026-000123", "RE-2026-000123"),
        ("AB/RE-2026-000123", "RE-2026-000123"),
        ("NOR-2026-00042", "R-2026-00042"),
        ("RER-2026-00042", "R-2026-00042"),
        ("AB 2026-000123", "RE-2026-000123"),
        ("XY 2026/0815", "2026/0815"),
        ("Rechnung AB 2026/0815", "2026/0815"),
        ("Kaufvertrag 2026/0815", "2026/0815"),
        ("Vers.-Nr. 2026/0815", "2026/0815"),
        ("Vers.-Nr. V-2026-0001", "V-2026-0001"),
        ("Inventarnr. 2026/0815", "2026/0815"),
        ("Vertrag V-2026-0001", "V-2026-0001"),
        ("Kunden-Nr. A-10023 Abo", "A-10023"),
        ("Mandat R-2026-00042", "R-2026-00042"),
        ("Haus A-1 Miete", "A-1"),
    ],
)
def test_somebody_elses_number_is_not_ours(text, number):
    """Another prefix, or the word before says that it is a contract, a customer, a house."""
    assert not is_booked(text, number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Rg-RE-2026-000123", "RE-2026-000123"),
        ("KdNr 10311/RE-2026-000123", "RE-2026-000123"),
        ("Kunde 7, A-10023", "A-10023"),
        ("Rechnung Nr. A-10023", "A-10023"),
        ("Beleg-Nr. 2026/0815", "2026/0815"),
        ("zu 2026/0815", "2026/0815"),
        ("A-1 Miete", "A-1"),
        ("Miete, A-1", "A-1"),
        ("Miete zu A-1", "A-1"),
        ("Auftrag RE-2026-000123", "RE-2026-000123"),
        ("RechnungR-2026-00042", "R-2026-00042"),
    ],
)
def test_a_word_before_a_number_may_be_any_other(text, number):
    """Words for documents, lists and connecting words take nothing away."""
    assert is_booked(text, number)


@pytest.mark.parametrize(
    "text",
    [
        "Rechnung 9999 12345 Berlin",
        "Rechnung 2025 12345",
        "Rechnung 99999\n12345 Berlin",
        "KdNr/RgNr 12345 99",
        "Kunden-Nr./Rechnungs-Nr.: 12345",
        "Unsere Rechnung 12345",
    ],
)
def test_a_word_is_about_the_first_digits_behind_it(text):
    """9999 is the invoice, whosever it is; 12345 is a postcode or a customer."""
    assert not is_booked(text, "12345")


def test_several_digits_behind_a_word_are_numbers_where_all_are_known():
    """4711 and 12345, with a blank between them."""
    assert is_booked("Rechnung 4711 12345", "4711", "12345", amount="98.00")
    assert is_booked("Rechnungen 9999 und 12345", "12345")
    assert not is_booked("Rechnung 4711 9999 12345", "4711", "12345", amount="98.00")


def test_digits_that_would_make_another_number_leave_it_to_a_person():
    """“4711 0” is 4711, unless it is 47110 with a blank in it."""
    assert not is_booked("Rechnung 4711 0", "4711", "47110")
    assert is_booked("Rechnung 4711 0", "4711")


@pytest.mark.parametrize("words", ["+ 1 weitere", "und 1 weitere Rechnung", "/1", "/25"])
def test_a_digit_or_two_behind_a_number_are_no_other_number(words):
    """“+ 1 weitere” is not RE-2026-000121; “/25” may be the year."""
    given = ("RE-2026-000124", "RE-2026-000121", "RE-2026-000125")

    assert not is_booked(f"RE-2026-000124 {words}", *given, amount="98.00")


def test_two_digits_are_a_counter_only_of_the_same_customer():
    """“/25” is RE-2026-000025 where its counter has no more digits, and the customer is the same."""
    text = "RE-2026-000024/25"

    assert is_booked(text, "RE-2026-000024", "RE-2026-000025", amount="98.00")
    assert not is_booked(text, "RE-2026-000024", berts=("RE-2026-000025",), amount="98.00")
    assert not is_booked("RE-2026-000124, 5", "RE-2026-000124", "RE-2026-000125", amount="98.00")
    assert is_booked("RE-2026-000124/1 und Dank", "RE-2026-000124")


@pytest.mark.parametrize(
    "words", ["bis 125", "bis RE-2026-000125", "-125", "- 000125", "–125", "bis 30"]
)
def test_a_range_names_what_lies_between_as_well(words):
    """“123 bis 125” are three documents."""
    given = ("RE-2026-000123", "RE-2026-000125")

    assert not is_booked(f"RE-2026-000123 {words}", *given)
    assert not is_booked(f"RE-2026-000123 {words}", *given, amount="98.00")


@pytest.mark.parametrize("words", ["bis 30.11.", "-4567", "- 122", "bis bald"])
def test_a_day_a_customer_or_a_greeting_is_no_range(words):
    """“Abo RE-2026-000123 bis 30.11.” is one document."""
    assert is_booked(f"RE-2026-000123 {words}", "RE-2026-000123", "RE-2026-000122")


@pytest.mark.parametrize(
    "text",
    [
        "RE-2026-000123\u200b4",
        "RE-2026-000123\u0664",
        "X\u200bRE-2026-000123",
        "\u042fRE-2026-000123",
        "\u042f\u200bRE-2026-000123",
        "2026000123\u0664",
        "RE-2026-000123\u200b\u0664",
    ],
)
def test_signs_that_are_not_seen_or_not_ours_end_no_number(text):
    """A zero-width blank parts nothing, and an Arabic 4 or a Cyrillic letter is a part of the word."""
    assert not is_booked(text, "RE-2026-000123")


def test_marks_of_direction_and_soft_hyphens_are_nothing():
    """They stand in texts that were copied from a page."""
    assert is_booked("\u202eRE-2026-000\u00ad123\u200b", "RE-2026-000123")


def test_plain_digits_as_an_id_may_be_the_payers_own_count():
    """978826 as the end-to-end id: not where the account is somebody else's."""
    ours = {"end_to_end_id": "978826"}

    assert is_booked("Abo", "978826", **ours)
    assert is_booked("Abo", "978826", counterparty_iban=ANNAS_IBAN, **ours)
    assert not is_booked("Abo", "978826", counterparty_iban=BERTS_IBAN, **ours)
    assert is_booked("Rechnung 978826", "978826", counterparty_iban=BERTS_IBAN, **ours)


def test_money_that_went_out_settles_no_invoice_of_a_list_either():
    """G-2026-00041 is credit, and the tail behind its comma an invoice."""
    items = [invoice("G-2026-00041", "-98.00"), invoice("G-2026-00042", "49.00")]
    book = Book(open={one.number: one for one in items})
    movement = credit("-49.00", "G-2026-00041, 42")

    decision = decide(movement, NumberIndex.of(items).find(movement), book, BankPolicy())

    assert decision.outcome is not Outcome.FULL
