"""Days, amounts and sentences of documents and letters in German, and in English for all others."""

from datetime import date
from decimal import Decimal

import pytest

from faktura.domain.account_words import account_text
from faktura.domain.document_kinds import KINDS
from faktura.domain.document_language import amount_text, day_text, number_text
from faktura.domain.document_words import discount_reason, exemption_reason
from faktura.domain.snapshot_fields import (
    language_of,
    part_of_snapshot,
    plain_text,
    rows_of_snapshot,
    text_of_snapshot,
)
from faktura.kernel.money import Money


@pytest.mark.parametrize(
    ("language", "day", "amount"),
    [
        ("de", "01.11.2026", "1.234.567,80 EUR"),
        ("en", "1 Nov 2026", "EUR 1,234,567.80"),
        ("fr", "1 Nov 2026", "EUR 1,234,567.80"),
    ],
)
def test_a_day_and_an_amount(language, day, amount):
    """Any language but German is printed in English."""
    assert day_text(date(2026, 11, 1), language) == day
    assert amount_text(Money(123_456_780, "EUR"), language) == amount


def test_an_amount_has_the_decimals_of_its_currency():
    """Yen have none; a negative amount keeps its sign."""
    assert amount_text(Money(1_500, "JPY"), "de") == "1.500 JPY"
    assert amount_text(Money(-5, "EUR"), "de") == "-0,05 EUR"
    assert number_text(Decimal("2.5"), "de") == "2,5"


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Rechnung RE-1", "Invoice RE-1"),
        ("Anzahlungsrechnung RE-1", "Deposit invoice RE-1"),
        ("Schlussrechnung RE-1", "Final invoice RE-1"),
        ("Rechnungskorrektur RK-1", "Invoice correction RK-1"),
        ("Stornorechnung RK-1", "Cancellation RK-1"),
        ("Gutschrift RK-1", "Self-billing invoice RK-1"),
        ("Gutschriftskorrektur RK-1", "Correction of self-billing invoice RK-1"),
        ("Saldovortrag ALT-1", "Balance brought forward ALT-1"),
        ("Zahlung RE-1", "Payment of RE-1"),
        ("Zahlung RE-1 zurückgenommen", "Payment of RE-1 taken back"),
        ("Zahlung ohne Rechnung", "Payment without invoice"),
        ("Zahlung ohne Rechnung zurückgenommen", "Payment without invoice taken back"),
        ("Rücklastschrift RE-1", "Returned payment of RE-1"),
        ("Abzug Anzahlung RE-1", "Deposit RE-1 deducted"),
        ("Abzug Anzahlung RE-1 zurück", "Deduction of deposit RE-1 taken back"),
        ("Kulanz, wie besprochen", "Kulanz, wie besprochen"),
    ],
)
def test_the_accounts_texts_in_english(german, english):
    """The account keeps German; what nobody translated stays as it is."""
    assert account_text(german, "en") == english
    assert account_text(german, "de") == german


def test_every_kind_of_document_has_an_english_text_on_the_account():
    untranslated = [
        rules.title
        for rules in KINDS.values()
        if account_text(f"{rules.title} X-1", "en") == f"{rules.title} X-1"
    ]

    assert untranslated == []


def test_the_usual_word_for_a_discount_is_translated_a_given_one_is_not():
    """BT-139."""
    assert [discount_reason(given, "en") for given in ("", "Rabatt", "Treue")] == [
        "Discount",
        "Discount",
        "Treue",
    ]
    assert [discount_reason(given, "de") for given in ("", "Rabatt", "Treue")] == [
        "Rabatt",
        "Rabatt",
        "Treue",
    ]


def test_each_of_several_reasons_for_no_vat_is_translated():
    """BT-120: a row of the VAT table joins the reasons of its lines."""
    frozen = "Steuerfrei nach § 4 Nr. 21 UStG; Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."

    assert exemption_reason(frozen, "de") == frozen
    assert exemption_reason(frozen, "en") == (
        "Steuerfrei nach § 4 Nr. 21 UStG;"
        " No VAT is charged (section 19 of the German VAT Act, small business)."
    )


def test_what_an_older_snapshot_lacks_reads_as_nothing():
    """P23: keys were added over time; blanks are nothing as well."""
    assert part_of_snapshot({}, "contact") == {}
    assert part_of_snapshot({"contact": None}, "contact") == {}
    assert rows_of_snapshot({}, "paidBy") == []
    assert text_of_snapshot({"text": "  \r\n"}, "text") is None
    assert text_of_snapshot({}, "text") is None
    assert language_of({"buyer": {}}) == "de"
    assert language_of({"buyer": {"language": "en"}}) == "en"


def test_a_text_has_line_feeds_only():
    """XML has no carriage return."""
    assert plain_text("a\r\nb\rc\n") == "a\nb\nc"
