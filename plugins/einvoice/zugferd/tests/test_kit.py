"""The pages keep what the connector kit asks of a document format; a page renders slowly."""

# What a kit leaves to its maker is narrower there.
# mypy: disable-error-code="mutable-override"

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from typing_extensions import override

from faktura.kernel.errors import RenderRefused
from faktura.plugin import InvoiceDocument
from faktura.testing.invoices import sample_invoice
from faktura.testing.kit.documents import PLAIN, DocumentFormatKit
from faktura.testing.kit.reader_files import bombs, with_entity
from faktura.testing.kit.readers import DocumentReaderKit
from faktura.testing.kit.surroundings import Surroundings
from faktura_en16931.cii import write_cii
from faktura_en16931.reading import read_invoice
from faktura_zugferd.formats import Pdf, Zugferd
from faktura_zugferd.hybrid_reader import ZugferdReader
from faktura_zugferd.settings import ZugferdSettings
from faktura_zugferd.versions import PROFILE
from faktura_zugferd.xmp import XML_NAME

FEW = (
    PLAIN,
    "twelve lines at 19 and 7 %",
    "cancellation with negative quantities",
    "signs that mean something elsewhere",
    "yen",
    "English, with the Leitweg-ID as address",
)
FEW_TEXTS = ("markup", "program", "template", "control signs", "half a character")
OTHER_SIGNS = ("names in other scripts", "other scripts", "right to left")
"""No typeface of the page has an emoji; a PDF keeps Hebrew in the order in which it is set."""
PAGES_OF_A_THOUSAND_LINES = 256
"""Megabytes: the typesetter keeps the laid out pages."""


class PageKit(DocumentFormatKit):
    """What the page says, as a reader of PDF sees it."""

    @override
    def text_of(self, content: bytes) -> str:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)

    @override
    def amount_shown(self, amount: Decimal, document: InvoiceDocument) -> str:
        """`1.234,50` in German, `1,234.50` in English; the minus of a negative one may be a word."""
        digits = 0 if document.currency == "JPY" else 2
        english = f"{abs(amount):,.{digits}f}"
        if document.printed is not None and document.printed.language == "en":
            return english
        return english.translate(str.maketrans(",.", ".,"))


class HybridKit(PageKit):
    """The page, and the XML inside it."""

    @override
    def read_back(self, content: bytes) -> InvoiceDocument:
        (xml,) = PdfReader(BytesIO(content)).attachments[XML_NAME]
        return read_invoice(xml).document


class TestPdf(PageKit):
    """What CI has time for."""

    adapter_class = Pdf
    scenarios = FEW
    hostile = FEW_TEXTS
    every_field = False


class TestZugferd(HybridKit):
    """What CI has time for."""

    adapter_class = Zugferd
    scenarios = FEW
    hostile = FEW_TEXTS
    every_field = False


@pytest.mark.nightly
class TestPdfWhole(PageKit):
    """Every scenario and every text in every field."""

    adapter_class = Pdf
    replaces = OTHER_SIGNS
    most_megabytes = PAGES_OF_A_THOUSAND_LINES


@pytest.mark.nightly
class TestZugferdWhole(HybridKit):
    """Every scenario and every text in every field."""

    adapter_class = Zugferd
    replaces = OTHER_SIGNS
    most_megabytes = PAGES_OF_A_THOUSAND_LINES


class TestReaderOfHybrids(DocumentReaderKit):
    """Files that the format writes; its own container and the embedded XML are both hostile."""

    adapter_class = ZugferdReader
    scenarios = FEW
    damages = 30
    syntax = "CII"
    recognised = ("the head of a PDF",)

    @override
    def written(self, document: InvoiceDocument) -> bytes:
        """The format refuses sums that are wrong: those stand in a PDF of another program."""
        try:
            return _format().render(document)
        except RenderRefused:
            return embedded(write_cii(document, PROFILE))

    @override
    def with_something_more(self, content: bytes) -> bytes:
        (xml,) = PdfReader(BytesIO(content)).attachments[XML_NAME]
        more = b"<ram:CopyIndicator><udt:Indicator>true</udt:Indicator></ram:CopyIndicator>"
        return embedded(xml.replace(b"<ram:IssueDateTime>", more + b"<ram:IssueDateTime>", 1))

    @override
    def hostile_files(self) -> Mapping[str, bytes]:
        """A bomb as the embedded XML."""
        content = _format().render(sample_invoice())
        (xml,) = PdfReader(BytesIO(content)).attachments[XML_NAME]
        return {
            name: embedded(bomb)
            for name, declared in bombs().items()
            if (bomb := with_entity(xml, declared))
        }


@cache
def _format() -> Zugferd:
    """The format that writes the reader's files."""
    return Zugferd(ZugferdSettings(), Surroundings().runtime())


def embedded(xml: bytes) -> bytes:
    """A PDF that holds the XML as its invoice."""
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    writer.add_attachment(XML_NAME, xml)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
