"""What no invoice may lack (BR-02 to BR-25, BR-33 and the like): presence of fields, not content."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import NamedTuple

from faktura.plugin import Delivery, DocumentLine, Finding, InvoiceDocument
from faktura_en16931.findings import error
from faktura_en16931.text import is_blank


class _Field(NamedTuple):
    rule: str
    term: str
    read: Callable[[InvoiceDocument], str]
    name: str
    mend: str


_FIELDS = (
    _Field("BR-02", "BT-1", attrgetter("number"), "document number", "document.number"),
    _Field("BR-04", "BT-3", attrgetter("type_code"), "type code", "document.kind"),
    _Field("BR-05", "BT-5", attrgetter("currency"), "currency", "contract.currency"),
    _Field("BR-06", "BT-27", attrgetter("seller.name"), "seller's name", "tenant.name"),
    _Field(
        "BR-09", "BT-40", attrgetter("seller.address.country"), "seller's country", "tenant.country"
    ),
    _Field("BR-07", "BT-44", attrgetter("buyer.name"), "buyer's name", "customer.name"),
    _Field(
        "BR-11",
        "BT-55",
        attrgetter("buyer.address.country"),
        "buyer's country",
        "customer.billingAddress.country",
    ),
    _Field(
        "BR-49",
        "BT-81",
        attrgetter("payment.means_code"),
        "payment means code",
        "customer.paymentMethod",
    ),
)


def check_mandatory(document: InvoiceDocument) -> Iterator[Finding]:
    """Missing or blank fields of the document and its lines."""
    for field in _FIELDS:
        if is_blank(field.read(document)):
            yield error(field.rule, field.term, f"The {field.name} is missing", field.mend)
    if not document.lines:
        yield error("BR-16", "BG-25", "The document has no line", "document.lines")
    yield from _lines(document)
    yield from _reasons(document)
    yield from _references(document)
    yield from _addresses(document)


def _lines(document: InvoiceDocument) -> Iterator[Finding]:
    for number, line in enumerate(document.lines, 1):
        if is_blank(line.id):
            yield error("BR-21", "BT-126", f"Line {number} has no id", "document.lines")
        if is_blank(line.unit_code):
            yield error("BR-23", "BT-130", f"Line {line.id} has no unit", "article.unit")
        if is_blank(line.name):
            yield error("BR-25", "BT-153", f"Line {line.id} has no name", "article.name")
        yield from _line_details(line)


def _line_details(line: DocumentLine) -> Iterator[Finding]:
    for attribute in line.attributes:
        if is_blank(attribute.name) or is_blank(attribute.value):
            message = f"An attribute of line {line.id} lacks its name or value"
            yield error("BR-54", "BG-32", message, "article.attributes")
    for allowance in line.allowances:
        if is_blank(allowance.reason):
            message = f"A discount of line {line.id} has no reason"
            yield error("BR-42", "BT-139", message, "discount.reason")


def _reasons(document: InvoiceDocument) -> Iterator[Finding]:
    for allowance in document.allowances:
        if is_blank(allowance.reason):
            yield error("BR-33", "BT-97", "A discount has no reason", "discount.reason")
        if allowance.vat_category is None:
            yield error("BR-32", "BT-95", "A discount has no VAT category", "discount.taxGroup")
    for charge in document.charges:
        if is_blank(charge.reason):
            yield error("BR-38", "BT-104", "A charge has no reason", "charge.reason")
        if charge.vat_category is None:
            yield error("BR-37", "BT-102", "A charge has no VAT category", "charge.taxGroup")


def _references(document: InvoiceDocument) -> Iterator[Finding]:
    for preceding in document.preceding:
        if is_blank(preceding.number):
            message = "The document refers to another one without its number"
            yield error("BR-55", "BT-25", message, "document.corrects")
    for attachment in document.attachments:
        if is_blank(attachment.reference) or is_blank(attachment.filename):
            message = "An attachment has no reference or no file name"
            yield error("BR-52", "BT-122", message, "document.attachments")


def _addresses(document: InvoiceDocument) -> Iterator[Finding]:
    seller, buyer = document.seller.endpoint, document.buyer.endpoint
    if seller and is_blank(seller.scheme):
        message = "The seller's electronic address has no scheme"
        yield error("BR-62", "BT-34", message, "tenant.seller.contact.email")
    if buyer and is_blank(buyer.scheme):
        message = "The buyer's electronic address has no scheme"
        yield error("BR-63", "BT-49", message, "customer.email")
    if len(document.buyer.identifiers) > 1:
        message = "The buyer has more than one identifier"
        yield error("CII-SR-450", "BT-46", message, "customer.identifiers")
    if _lacks_country(document.delivery):
        message = "The delivery address has no country"
        yield error("BR-57", "BT-80", message, "customer.deliveryAddress.country")


def _lacks_country(delivery: Delivery | None) -> bool:
    return bool(delivery and delivery.address and is_blank(delivery.address.country))
