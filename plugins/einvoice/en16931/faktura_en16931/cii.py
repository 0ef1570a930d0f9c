"""The CII writer: an InvoiceDocument as a UN/CEFACT Cross Industry Invoice, D22B.

The document is taken as it is: `checks.check` says beforehand whether it is right. Equal input
gives equal bytes; element order is the schema's, no element is ever empty.
"""

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import InvoiceDocument
from faktura_en16931.cii_agreement import put_agreement
from faktura_en16931.cii_delivery import put_delivery
from faktura_en16931.cii_elements import NAMESPACES, RSM, group, put, put_day, put_text
from faktura_en16931.cii_lines import put_line
from faktura_en16931.cii_settlement import put_settlement
from faktura_en16931.decimals import amount_digits
from faktura_en16931.profile import Profile
from faktura_en16931.text import is_blank


def write_cii(document: InvoiceDocument, profile: Profile) -> bytes:
    """The document as CII, UTF-8 with an XML declaration; raises UnknownTerm for its currencies."""
    return etree.tostring(write_cii_tree(document, profile), xml_declaration=True, encoding="UTF-8")


def write_cii_tree(document: InvoiceDocument, profile: Profile) -> etree._Element:
    """The document as a tree of CII elements, its root; raises UnknownTerm for its currencies."""
    digits = amount_digits(document.currency)
    root = etree.Element(RSM + "CrossIndustryInvoice", nsmap=NAMESPACES)
    _context(root, profile)
    _header(root, document)
    transaction = SubElement(root, RSM + "SupplyChainTradeTransaction")
    for line in document.lines:
        put_line(transaction, line, digits)
    put_agreement(transaction, document)
    put_delivery(transaction, document)
    put_settlement(transaction, document, digits)
    return root


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
