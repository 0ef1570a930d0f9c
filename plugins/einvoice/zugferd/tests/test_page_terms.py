"""Words that depend on the document: Skonto as a sentence, thanks only for invoices."""

from collections.abc import Callable

import pytest

from faktura.kernel.terms import DocumentKind
from faktura.plugin import PrintDetails
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_zugferd.amounts_shown import Shown
from faktura_zugferd.formats import Pdf
from faktura_zugferd.look import Look
from faktura_zugferd.page_data import invoice_page
from faktura_zugferd.page_text import text_of
from faktura_zugferd.payment_terms_shown import terms_shown
from faktura_zugferd.words import Words


@pytest.mark.parametrize(
    ("language", "terms", "shown"),
    [
        (
            "de",
            "#SKONTO#TAGE=7#PROZENT=2.00#\n",
            "2,00\xa0% Skonto bei Zahlung innerhalb von 7 Tagen\n",
        ),
        (
            "de",
            "#SKONTO#TAGE=14#PROZENT=3.50#BASISBETRAG=1000.00#",
            "3,50\xa0% Skonto bei Zahlung innerhalb von 14 Tagen auf 1.000,00\xa0€",
        ),
        (
            "en",
            "  #SKONTO#TAGE=07#PROZENT=2.00#\t\nRest net.",
            "2.00% discount if paid within 7 days\nRest net.",
        ),
        (
            "en",
            "#SKONTO#TAGE=1#PROZENT=2.00#BASISBETRAG=1000.00#",
            "2.00% discount on EUR\xa01,000.00 if paid within 1 day",
        ),
        ("de", "Zahlbar wie in Nr. #2 genannt", "Zahlbar wie in Nr. #2 genannt"),
    ],
)
def test_a_skonto_line_is_a_sentence(language: str, terms: str, shown: str) -> None:
    """BT-20: BR-DE-18 writes it for programs, the page is for people."""
    assert terms_shown(terms, Shown(language, "EUR"), Words(language, {})) == shown


def test_the_page_shows_no_raw_skonto(build: Callable[..., Pdf]) -> None:
    page = build(Pdf).render(sample_invoice(payment_terms="#SKONTO#TAGE=7#PROZENT=2.00#\n"))

    text = text_of(page)

    assert "SkontobeiZahlunginnerhalbvon7Tagen" in text
    assert "#SKONTO" not in text


@pytest.mark.parametrize(
    ("kind", "code", "thanked"),
    [
        (DocumentKind.INVOICE, "380", True),
        (DocumentKind.DEPOSIT, "380", True),
        (DocumentKind.FINAL, "380", True),
        (DocumentKind.CORRECTION, "381", False),
        (DocumentKind.CANCELLATION, "384", False),
        (DocumentKind.CREDIT_NOTE, "389", False),
        (DocumentKind.CREDIT_NOTE_CORRECTION, "389", False),
    ],
)
def test_only_invoices_say_thanks(kind: DocumentKind, code: str, thanked: bool) -> None:
    """Nobody is thanked for an order that is taken back."""
    document = sample_invoice(
        type_code=code,
        lines=(sample_line(),),
        printed=PrintDetails(kind=kind, language="de"),
    )
    look = Look(texts={"de.own.thanks": "Danke für Ihren Auftrag!"})

    after = invoice_page(document, look)["after"]

    assert after == (["Danke für Ihren Auftrag!"] if thanked else [])
