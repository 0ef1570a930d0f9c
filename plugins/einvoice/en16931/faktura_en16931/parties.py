"""Who stands on an invoice beside name and country: payee, tax representative, addresses, contacts.

Also what a document cannot carry of a party, so that it would be lost on the way.
"""

from collections.abc import Iterator

from faktura.plugin import Delivery, Finding, InvoiceDocument, Party
from faktura_en16931.findings import error
from faktura_en16931.text import is_blank


def check_parties(document: InvoiceDocument) -> Iterator[Finding]:
    """Electronic addresses, identifiers, payee (BR-17) and tax representative (BR-18 to BR-20)."""
    yield from _addresses(document)
    yield from _identifiers(document)
    yield from _payee(document)
    yield from _tax_representative(document)
    yield from _groups(document)


def _addresses(document: InvoiceDocument) -> Iterator[Finding]:
    seller, buyer = document.seller.endpoint, document.buyer.endpoint
    if seller and is_blank(seller.scheme):
        message = "The seller's electronic address has no scheme"
        yield error("BR-62", "BT-34", message, "tenant.seller.contact.email")
    if buyer and is_blank(buyer.scheme):
        message = "The buyer's electronic address has no scheme"
        yield error("BR-63", "BT-49", message, "customer.email")
    if _lacks_country(document.delivery):
        message = "The delivery address has no country"
        yield error("BR-57", "BT-80", message, "document.delivery.address.country")


def _lacks_country(delivery: Delivery | None) -> bool:
    return bool(delivery and delivery.address and is_blank(delivery.address.country))


def _identifiers(document: InvoiceDocument) -> Iterator[Finding]:
    if len(document.buyer.identifiers) > 1:
        message = "The buyer has more than one identifier"
        yield error("CII-SR-450", "BT-46", message, "document.buyer.identifiers")
    if not _is_identified(document.seller):
        message = "The seller has no identifier, registration number or VAT id"
        yield error("BR-CO-26", "BT-29", message, "tenant.seller.register_number")
    # CII writes identifiers without a scheme first: another order would not come back.
    has_scheme = [identifier.scheme is not None for identifier in document.seller.identifiers]
    if has_scheme != sorted(has_scheme):
        message = "The seller's identifiers without a scheme come before those with one"
        yield error("faktura-order", "BT-29", message, "document.seller.identifiers")
    if not (document.buyer.tax_number is None and document.buyer.legal_info is None):
        message = "Only a seller has a tax number and legal information; a buyer's would be lost"
        yield error("faktura-buyer", "BG-7", message, "customer.euTaxId")


def _is_identified(seller: Party) -> bool:
    """BR-CO-26. A small business (§ 19 UStG) often has a tax number only, which does not count."""
    others = (*seller.identifiers, *((seller.registration,) if seller.registration else ()))
    return not (is_blank(seller.vat_id) and all(is_blank(one.value) for one in others))


def _payee(document: InvoiceDocument) -> Iterator[Finding]:
    payee, seller = document.payee, document.seller
    if payee is None:
        return
    mend = "document.payee"
    if is_blank(payee.name):
        yield error("BR-17", "BT-59", "The payee has no name", mend)
    elif payee.name == seller.name or _is_same(payee.registration, seller.registration):
        message = "The payee is the seller; name a payee only when somebody else is paid"
        yield error("BR-17", "BT-59", message, mend)
    elif any(_is_same(payee.identifier, one) for one in seller.identifiers):
        message = "The payee has the seller's identifier, so it would be the seller"
        yield error("BR-17", "BT-60", message, mend)


def _is_same(one: object | None, other: object | None) -> bool:
    """Whether both name the same thing; the rule compares values and ignores schemes."""
    value = getattr(one, "value", None)
    return value is not None and value == getattr(other, "value", None)


def _tax_representative(document: InvoiceDocument) -> Iterator[Finding]:
    representative, mend = document.tax_representative, "document.tax_representative"
    if representative is None:
        return
    if is_blank(representative.name):
        yield error("BR-18", "BT-62", "The tax representative has no name", mend)
    if is_blank(representative.address.country):
        yield error("BR-20", "BT-69", "The tax representative has no country", mend)
    if is_blank(representative.vat_id):
        yield error("BR-56", "BT-63", "The tax representative has no VAT id", mend)


def _groups(document: InvoiceDocument) -> Iterator[Finding]:
    """Groups that are begun and have nothing in them: no syntax can say that (R008)."""
    delivery = document.delivery
    if delivery and not (delivery.on or delivery.name or delivery.location or delivery.address):
        message = "The delivery names neither a day nor a place"
        yield error("PEPPOL-EN16931-R008", "BG-13", message, "document.delivery")
    for party, term, mend in (
        (document.seller, "BG-6", "tenant.seller.contact.name"),
        (document.buyer, "BG-9", "customer.contactPerson.name"),
    ):
        if _is_hollow(party):
            message = "A contact has neither name nor phone nor e-mail"
            yield error("PEPPOL-EN16931-R008", term, message, mend)


def _is_hollow(party: Party) -> bool:
    contact = party.contact
    return contact is not None and contact.name is contact.phone is contact.email is None
