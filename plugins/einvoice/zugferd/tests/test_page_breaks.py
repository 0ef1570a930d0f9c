"""Invoices over several pages: heads repeat, sums are carried, nothing runs out of its place."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from faktura.plugin import InvoiceDocument
from faktura.testing.invoices import BUYER, SELLER, sample_invoice, sample_line
from faktura_zugferd.look import Look
from faktura_zugferd.page_data import invoice_page
from faktura_zugferd.typesetting import Typesetter

HEAD = "Pos. Leistung Menge Einzelpreis USt. Betrag €"
# The text ends 20 mm left of the sheet's edge, 210 mm; one millimetre is 72 / 25.4 points.
RIGHT_EDGE = 190 * 72 / 25.4


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    """The house's look."""
    return Typesetter(Look())


def numbered(count: int, **changes: object) -> InvoiceDocument:
    """Line n costs n EUR: after n lines the sum is n (n + 1) / 2."""
    return sample_invoice(
        lines=tuple(
            sample_line("1", f"{no}.00", id=str(no), name=f"Ladepunkt {no}", period=None, **changes)
            for no in range(1, count + 1)
        )
    )


def texts(typesetter: Typesetter, document: InvoiceDocument) -> list[str]:
    pdf = typesetter.pdf("invoice", invoice_page(document, Look()))
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_forty_lines_carry_their_sum_to_the_next_page(typesetter: Typesetter) -> None:
    first, last = texts(typesetter, numbered(40))

    assert "Übertrag" not in first
    assert first.count(HEAD) == last.count(HEAD) == 1
    assert "Ladepunkt 28 " in first
    assert "Ladepunkt 29 " in last
    assert "Zwischensumme 406,00 Seite 1 von 2" in first  # 28 x 29 / 2
    assert f"{HEAD} Übertrag 406,00 29 Ladepunkt 29" in last
    assert "Zwischensumme" not in last
    assert "Nettobetrag 820,00 €" in last  # 40 x 41 / 2
    assert last.startswith("Rechnung R-2026-00042 Wattwerk Beispiel GmbH")


def test_a_thousand_lines_carry_exact_sums_from_page_to_page(typesetter: Typesetter) -> None:
    pages = texts(typesetter, numbered(1000))

    assert "Nettobetrag 500.500,00 €" in pages[-1]
    carried = [page.split("Zwischensumme ")[1].split(" ")[0] for page in pages[:-1]]
    for page, sum_before in zip(pages[1:], carried, strict=True):
        assert f"{HEAD} Übertrag {sum_before} " in page
    assert carried[:3] == ["406,00", "2.556,00", "6.555,00"]  # 28, 71 and 114 lines
    assert pages[1].endswith("Steuernummer 37/123/45678")
    assert f"Seite {len(pages)} von {len(pages)}" in pages[-1]


def test_a_line_with_discounts_is_not_torn(typesetter: Typesetter) -> None:
    """Amount, discount and net of a line stand on one page."""
    discount = {"amount": "0.50", "reason": "Aktion"}
    pages = texts(typesetter, numbered(60, allowances=(discount,)))

    for page in pages:
        assert page.count("Ladepunkt") == page.count("Aktion") == page.count("Betrag der Position")
    assert len(pages) > 3


def test_a_text_of_five_thousand_signs_breaks_over_pages(typesetter: Typesetter) -> None:
    text = "Ein Satz mit zwanzig. " * 228 + "Das ist das Ende."
    document = sample_invoice(lines=(sample_line(description=text), sample_line(id="2")))

    pages = texts(typesetter, document)

    assert "".join(pages).count("Satz mit zwanzig.") == 228
    assert "Das ist das Ende." in pages[1]
    assert "Zwischensumme 100,00 Seite 1" in pages[0]
    assert "Nettobetrag 200,00 €" in pages[1]


def test_words_without_blanks_break_and_stay_in_their_column(typesetter: Typesetter) -> None:
    """200 signs without a blank, in every place a customer's text comes to; no sign is added."""
    word = "Q" * 200
    document = sample_invoice(
        number="R-2026-" + "0" * 29,
        order_reference=word,
        buyer=BUYER.model_copy(update={"name": word}),
        lines=(sample_line(name=word, description=word, note=word),),
        payment_terms=word,
    )

    pdf = typesetter.pdf("invoice", invoice_page(document, Look()))

    ends: list[float] = []

    def note_end(text: str, cm: list[float], _tm: object, _font: object, size: float) -> None:
        # typst places texts by the page's matrix; a Q is about two thirds of an em wide.
        if "Q" in text:
            ends.append(cm[4] + len(text.strip()) * size * 0.66)

    pages = PdfReader(BytesIO(pdf)).pages
    whole = "".join(page.extract_text(visitor_text=note_end) for page in pages)
    assert whole.count("Q") == 6 * 200
    assert "\u200b" not in whole
    assert RIGHT_EDGE - 60 < max(ends) < RIGHT_EDGE + 1


def test_a_long_address_grows_upwards_and_stays_in_the_window(typesetter: Typesetter) -> None:
    address = BUYER.address.model_copy(
        update={"line2": "Hinterhaus", "line3": "Postfach 12", "country": "FR"}
    )
    buyer = BUYER.model_copy(
        update={"name": "Verwaltungsgesellschaft der Stadtwerke Musterfeld am Rhein und Umgebung "
                "mbH & Co. KG", "address": address}
    )  # fmt: skip

    (page,) = texts(typesetter, sample_invoice(buyer=buyer))

    assert "Am Markt 1 Hinterhaus Postfach 12 99999 Musterfeld FRANKREICH" in page


def test_names_of_two_hundred_wide_signs_do_not_cover_each_other(typesetter: Typesetter) -> None:
    """They are set smaller: the head ends above the window, the window above the title."""
    wide = "W" * 200
    document = sample_invoice(
        seller=SELLER.model_copy(update={"name": wide}),
        buyer=BUYER.model_copy(update={"name": wide, "trading_name": "M" * 100}),
    )
    pdf = typesetter.pdf("invoice", invoice_page(document, Look()))
    heights: list[float] = []

    def note(text: str, cm: list[float], _tm: object, _font: object, _size: float) -> None:
        # The page is 297 mm high, places are in points from its foot.
        if text.strip() and set(text.strip()) <= {"W", "M"}:
            heights.append(297 - cm[5] / 72 * 25.4)

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=note)

    brand = [mm for mm in heights if mm < 45]
    window = [mm for mm in heights if 45 <= mm < 100]
    assert max(brand) < 13 + 22
    assert min(window) > 45
    assert max(window) < 90
    assert not [mm for mm in heights if 90 <= mm < 240]  # the footer begins there


def test_the_running_head_does_not_cover_the_title(typesetter: Typesetter) -> None:
    """A long name takes the right half of it, in several lines."""
    seller = SELLER.model_copy(update={"name": "Wattwerk Beispiel " * 10 + "GmbH"})
    document = numbered(40).model_copy(update={"seller": seller})
    pdf = typesetter.pdf("invoice", invoice_page(document, Look()))
    starts: list[tuple[float, str]] = []

    def note(text: str, cm: list[float], _tm: object, _font: object, _size: float) -> None:
        if cm[5] > 770:  # points: the head's margin of 27 mm
            starts.append((cm[4], text.strip()))

    PdfReader(BytesIO(pdf)).pages[1].extract_text(visitor_text=note)

    assert any("Rechnung" in text for _, text in starts)
    # The halves meet at 110 mm, the middle of 20 mm of margin at the right and 25 mm at the left.
    assert all(x > 105 * 72 / 25.4 for x, text in starts if "Beispiel" in text)
