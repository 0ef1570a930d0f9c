"""The German rules of XRechnung (BR-DE-*) and what Peppol adds to them (R010, R020).

Each finding names the field a person fills. Severities are those of the official rules, but for
BR-DE-19, BR-DE-20 and BR-DE-26: a wrong IBAN costs a payment, and § 31 (5) UStDV wants the
corrected document named, so faktura refuses where the official rules only warn.
BR-DE-14, BR-DE-17 and BR-DE-21 hold by construction: the writers, codes.py, rule_sets.py.
"""

import re
from collections.abc import Iterator

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Finding, InvoiceDocument, Party, ReadDocument
from faktura_en16931.findings import error, warning
from faktura_en16931.text import is_blank
from faktura_xrechnung.leitweg import check_leitweg
from faktura_xrechnung.payment_rules import check_payment_means
from faktura_xrechnung.rule_sets import is_xrechnung

_EMAIL = re.compile(r"[^@\s]+@([^@.\s]+\.)+[^@.\s]+")
_THREE_DIGITS = re.compile(r"([0-9].*){3}", re.DOTALL)
_CORRECTIONS = {
    "381": (
        "faktura-correction",
        "An invoice correction names the invoice it corrects (§ 31 (5) UStDV)",
    ),
    "384": ("BR-DE-26", "A cancellation names the document it cancels (§ 31 (5) UStDV)"),
}


def check_xrechnung(document: InvoiceDocument) -> Iterator[Finding]:
    """What XRechnung asks beyond EN 16931."""
    if is_blank(document.buyer_reference):
        message = "The buyer reference (Leitweg-ID) is missing"
        yield error("BR-DE-15", "BT-10", message, "customer.leitwegId")
    yield from check_leitweg(document)
    yield from _seller(document.seller)
    yield from _tax_numbers(document)
    yield from _buyer(document.buyer)
    yield from _delivery(document)
    yield from check_payment_means(document)
    yield from _references(document)


def check_read_xrechnung(read: ReadDocument) -> Iterator[Finding]:
    """The German rules on a document that somebody sent: nothing on one that is no XRechnung."""
    if not is_xrechnung(read.specification):
        return
    if read.process is None:
        message = "The business process is missing"
        yield error("PEPPOL-EN16931-R001", "BT-23", message, "BT-23")
    yield from check_xrechnung(read.document)


def _seller(seller: Party) -> Iterator[Finding]:
    if is_blank(seller.address.city):
        yield error(
            "BR-DE-3", "BT-37", "The seller's city is missing", "tenant.seller.address.city"
        )
    if is_blank(seller.address.postcode):
        yield error(
            "BR-DE-4",
            "BT-38",
            "The seller's post code is missing",
            "tenant.seller.address.zip_code",
        )
    if seller.endpoint is None or is_blank(seller.endpoint.value):
        message = "The seller's electronic address is missing"
        yield error("PEPPOL-EN16931-R020", "BT-34", message, "tenant.seller.contact.email")
    contact = seller.contact
    if contact is None:
        message = "The seller's contact (name, phone, e-mail) is missing"
        yield error("BR-DE-2", "BG-6", message, "tenant.seller.contact.name")
        return
    if is_blank(contact.name):
        message = "The name of the seller's contact is missing"
        yield error("BR-DE-5", "BT-41", message, "tenant.seller.contact.name")
    yield from _reachable(contact.phone, contact.email)


def _reachable(phone: str | None, email: str | None) -> Iterator[Finding]:
    if phone is None or is_blank(phone):
        message = "The phone number of the seller's contact is missing"
        yield error("BR-DE-6", "BT-42", message, "tenant.seller.contact.phone")
    elif not _THREE_DIGITS.search(phone):
        message = "The phone number of the seller's contact has fewer than three digits"
        yield warning("BR-DE-27", "BT-42", message, "tenant.seller.contact.phone")
    if email is None or is_blank(email):
        message = "The e-mail address of the seller's contact is missing"
        yield error("BR-DE-7", "BT-43", message, "tenant.seller.contact.email")
    elif not _EMAIL.fullmatch(email):
        message = "The e-mail address of the seller's contact looks wrong"
        yield warning("BR-DE-28", "BT-43", message, "tenant.seller.contact.email")


def _tax_numbers(document: InvoiceDocument) -> Iterator[Finding]:
    seller = document.seller
    is_taxable = any(line.vat_category is not TaxCategory.O for line in document.lines)
    has_number = not (is_blank(seller.vat_id) and is_blank(seller.tax_number))
    if is_taxable and not has_number and document.tax_representative is None:
        message = "The seller has neither a VAT id nor a tax number"
        yield error("BR-DE-16", "BT-31", message, "tenant.seller.tax_number")


def _buyer(buyer: Party) -> Iterator[Finding]:
    if is_blank(buyer.address.city):
        message = "The buyer's city is missing"
        yield error("BR-DE-8", "BT-52", message, "customer.billingAddress.city")
    if is_blank(buyer.address.postcode):
        message = "The buyer's post code is missing"
        yield error("BR-DE-9", "BT-53", message, "customer.billingAddress.zipCode")
    if buyer.endpoint is None or is_blank(buyer.endpoint.value):
        message = "The buyer's electronic address is missing"
        yield error("PEPPOL-EN16931-R010", "BT-49", message, "customer.email")


def _delivery(document: InvoiceDocument) -> Iterator[Finding]:
    delivery = document.delivery
    if delivery and (address := delivery.address):
        if is_blank(address.city):
            message = "The city of the delivery address is missing"
            yield error("BR-DE-10", "BT-77", message, "document.delivery.address.city")
        if is_blank(address.postcode):
            message = "The post code of the delivery address is missing"
            yield error("BR-DE-11", "BT-78", message, "document.delivery.address.postcode")
    has_date = document.period or (delivery and delivery.on)
    if not has_date and not all(line.period for line in document.lines):
        message = "No day or period of the supply is given (§ 14 (4) no. 6 UStG)"
        yield warning("BR-DE-TMP-32", "BT-72", message, "document.delivery")


def _references(document: InvoiceDocument) -> Iterator[Finding]:
    if not document.preceding and document.type_code in _CORRECTIONS:
        rule, message = _CORRECTIONS[document.type_code]
        yield error(rule, "BG-3", message, "document.preceding")
    names = [one.file.filename for one in document.attachments if one.file]
    if len(set(names)) < len(names):
        message = "Two attachments have the same file name"
        yield error("BR-DE-22", "BT-125", message, "document.attachments")
