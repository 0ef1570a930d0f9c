"""Who made the deal and what it refers to, in CII: ApplicableHeaderTradeAgreement (BT-10 to BT-18)."""

from base64 import b64encode

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import Attachment, Identifier, InvoiceDocument
from faktura_en16931.cii_codes import OBJECT, PROJECT_NAME, SUPPORTING_DOCUMENT, TENDER
from faktura_en16931.cii_elements import RAM, group, put, put_nested, put_text
from faktura_en16931.cii_parties import put_party, put_tax_representative
from faktura_en16931.text import cleaned, is_blank


def put_agreement(transaction: etree._Element, document: InvoiceDocument) -> None:
    """The header agreement, in the order of HeaderTradeAgreementType."""
    agreement = group(transaction, "ApplicableHeaderTradeAgreement")
    put_text(agreement, "BuyerReference", document.buyer_reference)
    put_party(agreement, "SellerTradeParty", document.seller)
    put_party(agreement, "BuyerTradeParty", document.buyer)
    if document.tax_representative:
        put_tax_representative(agreement, document.tax_representative)
    for name, number in (
        ("SellerOrderReferencedDocument", document.sales_order_reference),
        ("BuyerOrderReferencedDocument", document.order_reference),
        ("ContractReferencedDocument", document.contract_reference),
    ):
        put_nested(agreement, name, "IssuerAssignedID", number)
    if not is_blank(document.tender_reference):
        reference = group(agreement, "AdditionalReferencedDocument")
        put_text(reference, "IssuerAssignedID", document.tender_reference)
        put(reference, "TypeCode", TENDER)
    if document.object_identifier:
        put_object(agreement, document.object_identifier)
    for attachment in document.attachments:
        _attachment(agreement, attachment)
    if not is_blank(document.project_reference):
        project = group(agreement, "SpecifiedProcuringProject")
        put_text(project, "ID", document.project_reference)
        put(project, "Name", PROJECT_NAME)


def put_object(parent: etree._Element, identifier: Identifier) -> None:
    """What is invoiced, BT-18 or BT-128: the scheme (UNTDID 1153) stands in an element here."""
    if is_blank(identifier.value):
        return
    reference = group(parent, "AdditionalReferencedDocument")
    put_text(reference, "IssuerAssignedID", identifier.value)
    put(reference, "TypeCode", OBJECT)
    put_text(reference, "ReferenceTypeCode", identifier.scheme)


def _attachment(agreement: etree._Element, attachment: Attachment) -> None:
    reference = group(agreement, "AdditionalReferencedDocument")
    put_text(reference, "IssuerAssignedID", attachment.reference)
    put_text(reference, "URIID", attachment.location)
    put(reference, "TypeCode", SUPPORTING_DOCUMENT)
    put_text(reference, "Name", attachment.description)
    if attachment.file is not None:
        file = attachment.file
        names = {"mimeCode": cleaned(file.media_type), "filename": cleaned(file.filename)}
        content = SubElement(reference, RAM + "AttachmentBinaryObject", names)
        content.text = b64encode(file.content).decode()
