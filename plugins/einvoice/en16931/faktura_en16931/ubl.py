"""The UBL writer: an InvoiceDocument as OASIS UBL 2.1, an Invoice or (type 381) a CreditNote.

The document is taken as it is: `checks.check` says beforehand whether it is right. Equal input
gives equal bytes; element order is the schema's, no element is ever empty.
"""

from base64 import b64encode

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import Attachment, Identifier, InvoiceDocument, Note, PrecedingInvoice
from faktura_en16931.profile import Profile
from faktura_en16931.text import cleaned, is_blank
from faktura_en16931.ubl_codes import (
    CREDIT_NOTE_TYPES,
    NO_ORDER,
    OBJECT_REFERENCE,
    PROJECT_REFERENCE,
)
from faktura_en16931.ubl_elements import (
    CBC,
    CREDIT_NOTE,
    INVOICE,
    Kind,
    amount_form,
    group,
    put,
    put_day,
    put_id,
    put_nested,
    put_period,
    put_text,
)
from faktura_en16931.ubl_lines import put_line
from faktura_en16931.ubl_parties import put_parties
from faktura_en16931.ubl_payment import put_payment
from faktura_en16931.ubl_totals import put_totals


def write_ubl(document: InvoiceDocument, profile: Profile) -> bytes:
    """The document as UBL, UTF-8 with an XML declaration; raises UnknownTerm for its currencies."""
    return etree.tostring(write_ubl_tree(document, profile), xml_declaration=True, encoding="UTF-8")


def write_ubl_tree(document: InvoiceDocument, profile: Profile) -> etree._Element:
    """The document as a tree of UBL elements, its root; raises UnknownTerm for its currencies."""
    form = amount_form(document.currency)
    kind = CREDIT_NOTE if document.type_code in CREDIT_NOTE_TYPES else INVOICE
    root = etree.Element(kind.tag, nsmap=kind.namespaces)
    put_text(root, "CustomizationID", profile.specification)
    put_text(root, "ProfileID", profile.process)
    _header(root, document, kind)
    put_period(root, document.period, document.vat_point_code)
    _order(root, document)
    for preceding in document.preceding:
        _preceding(root, preceding)
    _references(root, document, kind)
    put_parties(root, document)
    put_payment(root, document, due_on=None if kind is INVOICE else document.due_on)
    put_totals(root, document, form)
    for line in document.lines:
        put_line(root, line, kind, form)
    return root


def _header(root: etree._Element, document: InvoiceDocument, kind: Kind) -> None:
    put_text(root, "ID", document.number)
    put_day(root, "IssueDate", document.issued_on)
    if kind is CREDIT_NOTE:
        put_day(root, "TaxPointDate", document.vat_point_on)
    else:
        put_day(root, "DueDate", document.due_on)
    put_text(root, kind.type_code, document.type_code)
    for note in document.notes:
        _note(root, note)
    if kind is INVOICE:
        put_day(root, "TaxPointDate", document.vat_point_on)
    put(root, "DocumentCurrencyCode", document.currency)
    put_text(root, "TaxCurrencyCode", document.tax_currency)
    put_text(root, "AccountingCost", document.accounting_reference)
    put_text(root, "BuyerReference", document.buyer_reference)


def _note(root: etree._Element, note: Note) -> None:
    if is_blank(note.text):
        return  # a subject code alone is no note
    put_text(root, "Note", f"#{note.subject}#{note.text}" if note.subject else note.text)


def _order(root: etree._Element, document: InvoiceDocument) -> None:
    order, sales_order = document.order_reference, document.sales_order_reference
    if is_blank(order):
        if is_blank(sales_order):
            return
        order = NO_ORDER
    element = group(root, "OrderReference")
    put_text(element, "ID", order)
    put_text(element, "SalesOrderID", sales_order)


def _preceding(root: etree._Element, preceding: PrecedingInvoice) -> None:
    reference = group(group(root, "BillingReference"), "InvoiceDocumentReference")
    put_text(reference, "ID", preceding.number)
    put_day(reference, "IssueDate", preceding.issued_on)


def _references(root: etree._Element, document: InvoiceDocument, kind: Kind) -> None:
    tender = document.tender_reference
    put_nested(root, "DespatchDocumentReference", "ID", document.despatch_reference)
    put_nested(root, "ReceiptDocumentReference", "ID", document.receiving_reference)
    if kind is INVOICE:
        put_nested(root, "OriginatorDocumentReference", "ID", tender)
    put_nested(root, "ContractDocumentReference", "ID", document.contract_reference)
    _object(root, document.object_identifier, OBJECT_REFERENCE)
    project = document.project_reference
    if kind is CREDIT_NOTE and project is not None:
        _object(root, Identifier(value=project), PROJECT_REFERENCE)
    for attachment in document.attachments:
        _attachment(root, attachment)
    if kind is INVOICE:
        put_nested(root, "ProjectReference", "ID", project)
    else:
        put_nested(root, "OriginatorDocumentReference", "ID", tender)


def _object(root: etree._Element, identifier: Identifier | None, type_code: str) -> None:
    if identifier is None or is_blank(identifier.value):
        return
    reference = group(root, "AdditionalDocumentReference")
    put_id(reference, "ID", identifier)
    put(reference, "DocumentTypeCode", type_code)


def _attachment(root: etree._Element, attachment: Attachment) -> None:
    reference = group(root, "AdditionalDocumentReference")
    put_text(reference, "ID", attachment.reference)
    put_text(reference, "DocumentDescription", attachment.description)
    if attachment.file is None and is_blank(attachment.location):
        return
    content = group(reference, "Attachment")
    if attachment.file is not None:
        file = attachment.file
        names = {"mimeCode": file.media_type, "filename": cleaned(file.filename)}
        embedded = SubElement(content, CBC + "EmbeddedDocumentBinaryObject", names)
        embedded.text = b64encode(file.content).decode()
    put_nested(content, "ExternalReference", "URI", attachment.location)
