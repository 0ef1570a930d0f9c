"""Texts of customers are data: nothing in them is read as markup, and equal data gives equal bytes."""

import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader

from faktura.kernel.terms import DocumentKind
from faktura.plugin import Note, PrintDetails
from faktura.testing.invoices import BUYER, sample_invoice, sample_line
from faktura_zugferd.code_drawing import code_svg
from faktura_zugferd.look import Look
from faktura_zugferd.page_data import invoice_page
from faktura_zugferd.texts_shown import BREAK, shown
from faktura_zugferd.typesetting import TextFile, Typesetter

HOSTILE = (
    '#import "x.typ": y',
    '#read("/etc/passwd")',
    "*fett* _kursiv_",
    "$x^2$",
    "\\u{41} \\ ende",
    "<label> @ref",
    "= Titel",
    "- Liste",
    "// weg /* weg */",
    "`code` [inhalt] {block}",
    '"; panic("x") //',
    "https://x.example/~a",
)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    """The house's look."""
    return Typesetter(Look())


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_a_text_is_printed_as_it_is(hostile: str, typesetter: Typesetter) -> None:
    document = sample_invoice(
        buyer=BUYER.model_copy(update={"name": hostile}),
        lines=(sample_line(name=hostile, description=hostile),),
        payment_terms=hostile,
        notes=(Note(text=hostile),),
        printed=PrintDetails(
            kind=DocumentKind.INVOICE, header_texts=(hostile,), footer_texts=(hostile,)
        ),
    )

    text = text_of(typesetter.pdf("invoice", invoice_page(document, Look())))

    assert text.count(hostile) == 6


def test_equal_documents_give_equal_bytes_also_from_another_typesetter(
    typesetter: Typesetter,
) -> None:
    first = typesetter.pdf("invoice", invoice_page(sample_invoice(), Look()))
    typesetter.pdf("invoice", invoice_page(sample_invoice(number="R-1"), Look()))

    assert typesetter.pdf("invoice", invoice_page(sample_invoice(), Look())) == first
    assert Typesetter(Look()).pdf("invoice", invoice_page(sample_invoice(), Look())) == first


def test_the_file_says_what_it_is(typesetter: Typesetter) -> None:
    pdf = PdfReader(BytesIO(typesetter.pdf("invoice", invoice_page(sample_invoice(), Look()))))

    assert pdf.metadata is not None
    assert pdf.metadata.title == "Rechnung R-2026-00042"
    assert pdf.metadata.author == "Wattwerk Beispiel GmbH"
    assert str(pdf.root_object["/Lang"]) == "de"
    assert "/Outlines" not in pdf.root_object


def test_a_file_is_embedded_as_it_is(typesetter: Typesetter) -> None:
    file = TextFile("factur-x.xml", "<a>ü</a>", description="Rechnung")

    pdf = typesetter.pdf("invoice", invoice_page(sample_invoice(), Look()), [file])

    assert PdfReader(BytesIO(pdf)).attachments == {"factur-x.xml": ["<a>ü</a>".encode()]}


def test_a_logo_takes_the_place_of_the_name(typesetter: Typesetter) -> None:
    """A picture of one red pixel; above the return line no name is printed then."""
    pixel = b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
        for kind, body in (
            (b"IHDR", bytes((0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0))),
            (b"IDAT", zlib.compress(b"\x00\xff\x00\x00")),
            (b"IEND", b""),
        )
    )
    look = Look(logo=pixel, logo_side="left")

    pdf = Typesetter(look).pdf("invoice", invoice_page(sample_invoice(), look))

    page = PdfReader(BytesIO(pdf)).pages[0]
    assert len(page.images) == 1
    assert page.extract_text().startswith("Wattwerk Beispiel GmbH · Mühlenweg 3")


def test_a_code_is_drawn_with_its_quiet_zone() -> None:
    assert code_svg(()) == ""
    assert code_svg(("110", "001")) == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
        '<path fill="#000" d="M4 4h2v1h-2zM6 5h1v1h-1z"/></svg>'
    )


def test_texts_lose_what_cannot_be_shown() -> None:
    """Controls and marks of the reading direction become blanks; accents stay on their letters."""
    assert shown(" a\x00b\tc\r\nd\u202e ") == "ab c\nd"
    assert shown(None) == shown(" \n ") == ""
    assert shown("kurz", 4) == "kurz"
    assert shown("lange ja", 4) == f"l{BREAK}a{BREAK}n{BREAK}g{BREAK}e ja"
    assert shown("ae\u0301iou", 4) == f"a{BREAK}e\u0301{BREAK}i{BREAK}o{BREAK}u"
