"""The CII reader: a Cross Industry Invoice of anybody back into the InvoiceDocument.

It is the inverse of the writer: what `write_cii` wrote comes back equal, but for `printed`. What
EN 16931 has no field for is listed as unread.
"""

from lxml import etree

from faktura.plugin import InvoiceDocument, Note, ReadDocument
from faktura_en16931.cii_elements import NAMESPACES
from faktura_en16931.cii_reading_agreement import read_agreement
from faktura_en16931.cii_reading_lines import read_line
from faktura_en16931.cii_reading_parties import read_delivery
from faktura_en16931.cii_reading_settlement import read_settlement
from faktura_en16931.syntax import Syntax
from faktura_en16931.xml_reading import Part, opened
from faktura_en16931.xml_unread import unread

_TRANSACTION = "rsm:SupplyChainTradeTransaction"


def read_cii(root: etree._Element) -> ReadDocument:
    """The document of a tree whose root is CrossIndustryInvoice.

    Raises BadInput naming term, place and line: FieldMissing for what the document cannot be
    without, AmountUnreadable, DateUnreadable, UnknownTerm, FieldInvalid for what makes no sense.
    """
    part = opened(root, NAMESPACES)
    context = part.need("rsm:ExchangedDocumentContext", "BT-24")
    process = "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
    guideline = "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
    return ReadDocument(
        syntax=Syntax.CII.value,
        process=context.code(process, "BT-23"),
        specification=context.needed_code(guideline, "BT-24"),
        document=_document(part),
        unread=unread(part),
    )


def _document(root: Part) -> InvoiceDocument:
    transaction = root.need(_TRANSACTION, "BG-25")
    agreement = transaction.need("ram:ApplicableHeaderTradeAgreement", "BG-4")
    settlement = transaction.need("ram:ApplicableHeaderTradeSettlement", "BG-22")
    currency = settlement.needed_code("ram:InvoiceCurrencyCode", "BT-5")
    fields = {
        "currency": currency,
        **_header(root.need("rsm:ExchangedDocument", "BT-1")),
        **read_agreement(agreement),
        **read_settlement(settlement, currency),
    }
    delivery = transaction.part("ram:ApplicableHeaderTradeDelivery")
    if delivery is not None:
        fields |= read_delivery(delivery)
    lines = transaction.parts("ram:IncludedSupplyChainTradeLineItem")
    return InvoiceDocument.model_validate(
        {**fields, "lines": tuple(read_line(line, currency) for line in lines)}
    )


def _header(header: Part) -> dict[str, object]:
    return {
        "number": header.needed_code("ram:ID", "BT-1"),
        "type_code": header.needed_code("ram:TypeCode", "BT-3"),
        "issued_on": header.needed_day("ram:IssueDateTime/udt:DateTimeString", "BT-2"),
        "notes": tuple(
            Note(text=text, subject=note.code("ram:SubjectCode", "BT-21"))
            for note in header.parts("ram:IncludedNote")
            if (text := note.text("ram:Content", "BT-22")) is not None
        ),
    }
