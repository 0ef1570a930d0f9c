"""Which tax numbers a VAT category asks of seller, tax representative and buyer, or forbids."""

from collections.abc import Collection, Iterator

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Finding, InvoiceDocument
from faktura_en16931.findings import error
from faktura_en16931.text import is_blank


def check_vat_parties(
    categories: Collection[TaxCategory], document: InvoiceDocument
) -> Iterator[Finding]:
    """BR-S-02, BR-AE-02, BR-IC-02, BR-G-02, BR-O-02 and their like, for the categories used."""
    if TaxCategory.O in categories:
        yield from _not_taxable(categories, document)
    yield from _seller(categories, document)
    buyer = document.buyer
    registration = buyer.registration.value if buyer.registration else None
    if TaxCategory.AE in categories and is_blank(buyer.vat_id) and is_blank(registration):
        message = "Reverse charge needs the buyer's VAT id or registration number"
        yield error("BR-AE-02", "BT-48", message, "customer.euTaxId")
    if TaxCategory.K in categories:
        yield from _intra_community(document)


_PREFIXES = {
    TaxCategory.S: "BR-S",
    TaxCategory.Z: "BR-Z",
    TaxCategory.E: "BR-E",
    TaxCategory.AE: "BR-AE",
    TaxCategory.K: "BR-IC",
    TaxCategory.G: "BR-G",
}
_ABROAD = frozenset({TaxCategory.K, TaxCategory.G})


def _seller(categories: Collection[TaxCategory], document: InvoiceDocument) -> Iterator[Finding]:
    seller, representative = document.seller, document.tax_representative
    # BT-63: a representative's VAT id stands for the seller's own.
    has_vat_id = not (is_blank(seller.vat_id) and is_blank(getattr(representative, "vat_id", None)))
    for category in categories:
        if category not in _PREFIXES or has_vat_id:
            continue
        rule = f"{_PREFIXES[category]}-02"
        if category in _ABROAD:
            message = f"VAT category {category} needs the seller's VAT id"
            yield error(rule, "BT-31", message, "tenant.seller.vat_id")
        elif is_blank(seller.tax_number):
            message = f"VAT category {category} needs the seller's VAT id or tax number"
            yield error(rule, "BT-32", message, "tenant.seller.tax_number")


def _intra_community(document: InvoiceDocument) -> Iterator[Finding]:
    if is_blank(document.buyer.vat_id):
        message = "An intra-community supply needs the buyer's VAT id"
        yield error("BR-IC-02", "BT-48", message, "customer.euTaxId")
    delivery = document.delivery
    if document.period is None and (delivery is None or delivery.on is None):
        message = "An intra-community supply needs the day of delivery or the invoice period"
        yield error("BR-IC-11", "BT-72", message, "document.delivery")
    if delivery is None or delivery.address is None:
        message = "An intra-community supply needs the country it is delivered to"
        yield error("BR-IC-12", "BT-80", message, "document.delivery.address.country")


def _not_taxable(
    categories: Collection[TaxCategory], document: InvoiceDocument
) -> Iterator[Finding]:
    if len(categories) > 1:
        message = "“Not taxable” allows no other VAT category in the document"
        yield error("BR-O-11", "BG-23", message, "contract.items")
    if not is_blank(document.seller.vat_id):
        message = "“Not taxable” forbids the seller's VAT id; give the tax number"
        yield error("BR-O-02", "BT-31", message, "tenant.seller.tax_number")
    if document.tax_representative is not None:
        message = "“Not taxable” forbids a tax representative"
        yield error("BR-O-02", "BT-63", message, "document.tax_representative")
    if not is_blank(document.buyer.vat_id):
        message = "“Not taxable” forbids the buyer's VAT id"
        yield error("BR-O-02", "BT-48", message, "customer.euTaxId")
