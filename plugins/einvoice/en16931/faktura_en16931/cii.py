"""The CII writer: an InvoiceDocument as a UN/CEFACT Cross Industry Invoice, D22B.

The document is taken as it is: `checks.check` says beforehand whether it is right. Equal input
gives equal bytes; element order is the schema's, no element is ever empty.
"""

from base64 import b64encode
from dataclasses import dataclass

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import Attachment, Delivery, InvoiceDocument
from faktura_en16931.cii_elements import (
    NAMESPACES,
    RAM,
    RSM,
    group,
    put,
    put_day,
    put_nested,
    put_text,
)
from faktura_en16931.cii_lines import put_line
from faktura_en16931.cii_parties import put_delivery_party, put_party
from faktura_en16931.cii_settlement import put_settlement
from faktura_en16931.decimals import amount_digits
from faktura_en16931.text import cleaned, is_blank

_SUPPORTING_DOCUMENT = "916"  # UNTDID 1001: BG-24


@dataclass(frozen=True, slots=True)
class Profile:
    """Which rules a document follows: business process BT-23, specification BT-24."""

    process: str
    specification: str


def write_cii(document: InvoiceDocument, profile: Profile) -> bytes:
    """The document as CII, UTF-8 with an XML declaration; raises UnknownTerm for its currency."""
    digits = amount_digits(document.currency)
    root = etree.Element(RSM + "CrossIndustryInvoice", nsmap=NAMESPACES)
    _context(root, profile)
    _header(root, document)
    transaction = SubElement(root, RSM + "SupplyChainTradeTransaction")
    for line in document.lines:
        put_line(transaction, line, digits)
    _agreement(transaction, document)
    _delivery(transaction, document.delivery)
    put_settlement(transaction, document, digits)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _context(root: etree._Element, profile: Profile) -> None:
    context = SubElement(root, RSM + "ExchangedDocumentContext")
    process = group(context, "BusinessProcessSpecifiedDocumentContextParameter")
    put(process, "ID", profile.process)
    guideline = group(context, "GuidelineSpecifiedDocumentContextParameter")
    put(guideline, "ID", profile.specification)


def _header(root: etree._Element, document: InvoiceDocument) -> None:
    header = SubElement(root, RSM + "ExchangedDocument")
    put_text(header, "ID", document.number)
    put_text(header, "TypeCode", document.type_code)
    put_day(header, "IssueDateTime", document.issued_on)
    for note in document.notes:
        if is_blank(note.text):
            continue  # a subject code alone is no note
        element = group(header, "IncludedNote")
        put_text(element, "Content", note.text)
        put_text(element, "SubjectCode", note.subject)


def _agreement(transaction: etree._Element, document: InvoiceDocument) -> None:
    agreement = group(transaction, "ApplicableHeaderTradeAgreement")
    put_text(agreement, "BuyerReference", document.buyer_reference)
    put_party(agreement, "SellerTradeParty", document.seller)
    put_party(agreement, "BuyerTradeParty", document.buyer)
    for name, number in (
        ("SellerOrderReferencedDocument", document.sales_order_reference),
        ("BuyerOrderReferencedDocument", document.order_reference),
        ("ContractReferencedDocument", document.contract_reference),
    ):
        put_nested(agreement, name, "IssuerAssignedID", number)
    for attachment in document.attachments:
        _attachment(agreement, attachment)
    if not is_blank(document.project_reference):
        project = group(agreement, "SpecifiedProcuringProject")
        put_text(project, "ID", document.project_reference)
        # The schema demands a name, EN 16931 has no term for it; this one is fixed by the norm.
        put(project, "Name", "Project reference")


def _attachment(agreement: etree._Element, attachment: Attachment) -> None:
    reference = group(agreement, "AdditionalReferencedDocument")
    put_text(reference, "IssuerAssignedID", attachment.reference)
    put(reference, "TypeCode", _SUPPORTING_DOCUMENT)
    put_text(reference, "Name", attachment.description)
    content = SubElement(
        reference,
        RAM + "AttachmentBinaryObject",
        {"mimeCode": attachment.media_type, "filename": cleaned(attachment.filename)},
    )
    content.text = b64encode(attachment.content).decode()


def _delivery(transaction: etree._Element, delivery: Delivery | None) -> None:
    # The schema demands this element, so without a delivery it is the one that may stand empty.
    element = group(transaction, "ApplicableHeaderTradeDelivery")
    if delivery is None:
        return
    put_delivery_party(element, delivery)
    if delivery.on:
        put_day(group(element, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime", delivery.on)
