"""XRechnung keeps what the connector kit asks of a document format and of a reader."""

# What a kit leaves to its maker is narrower there.
# mypy: disable-error-code="mutable-override"

from typing_extensions import override

from faktura.plugin import InvoiceDocument
from faktura.testing.kit.documents import DocumentFormatKit
from faktura.testing.kit.readers import DocumentReaderKit
from faktura_en16931.cii import write_cii
from faktura_en16931.reading import read_invoice
from faktura_en16931.ubl import write_ubl
from faktura_xrechnung.formats import XRechnungCii, XRechnungUbl
from faktura_xrechnung.reader import XRechnungReader
from faktura_xrechnung.rule_sets import RULE_SETS


class TestXRechnungCii(DocumentFormatKit):
    """CII, read back by the reader of the e-invoice library."""

    adapter_class = XRechnungCii

    @override
    def read_back(self, content: bytes) -> InvoiceDocument:
        return read_invoice(content).document


class TestXRechnungUbl(DocumentFormatKit):
    """UBL, read back by the reader of the e-invoice library."""

    adapter_class = XRechnungUbl

    @override
    def read_back(self, content: bytes) -> InvoiceDocument:
        return read_invoice(content).document


class XmlReaderKit(DocumentReaderKit):
    """Files of the library's own writers, which the official rules accept."""

    adapter_class = XRechnungReader
    recognised = ("a page", "another XML", "a deep tree", "half a declaration")


class TestReaderOfCii(XmlReaderKit):
    """CII."""

    syntax = "CII"

    @override
    def written(self, document: InvoiceDocument) -> bytes:
        return write_cii(document, RULE_SETS[0].profile)

    @override
    def with_something_more(self, content: bytes) -> bytes:
        more = b"<ram:CopyIndicator><udt:Indicator>true</udt:Indicator></ram:CopyIndicator>"
        return content.replace(b"<ram:IssueDateTime>", more + b"<ram:IssueDateTime>", 1)


class TestReaderOfUbl(XmlReaderKit):
    """UBL."""

    syntax = "UBL"

    @override
    def written(self, document: InvoiceDocument) -> bytes:
        return write_ubl(document, RULE_SETS[0].profile)

    @override
    def with_something_more(self, content: bytes) -> bytes:
        return content.replace(
            b"<cbc:IssueDate>", b"<cbc:CopyIndicator>true</cbc:CopyIndicator><cbc:IssueDate>", 1
        )
