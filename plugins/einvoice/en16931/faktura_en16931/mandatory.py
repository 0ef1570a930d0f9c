"""What no invoice may lack (BR-02 to BR-25, BR-33 and the like): presence of fields, not content."""

import re
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import NamedTuple

from faktura.plugin import Allowance, DocumentLine, Finding, InvoiceDocument
from faktura_en16931.findings import error
from faktura_en16931.text import is_blank

_SUBJECT = re.compile(r"[^#]*#[^#]{3}#")


_NO_ORDER = "NA"  # what UBL writes for BT-13 where only BT-14 is given


class _Field(NamedTuple):
    rule: str
    term: str
    read: Callable[[InvoiceDocument], str]
    name: str
    mend: str


_FIELDS = (
    _Field("BR-02", "BT-1", attrgetter("number"), "document number", "document.number"),
    _Field("BR-04", "BT-3", attrgetter("type_code"), "type code", "document.type_code"),
    _Field("BR-05", "BT-5", attrgetter("currency"), "currency", "contract.currency"),
    _Field(
        "BR-06", "BT-27", attrgetter("seller.name"), "seller's name", "tenant.seller.legal_name"
    ),
    _Field(
        "BR-09",
        "BT-40",
        attrgetter("seller.address.country"),
        "seller's country",
        "tenant.seller.address.country",
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
    for number, line in enumerate(document.lines, 1):
        yield from _line(number, line)
    yield from _reasons(document)
    yield from _references(document)
    yield from _vat_point(document)


def _line(number: int, line: DocumentLine) -> Iterator[Finding]:
    if is_blank(line.id):
        yield error("BR-21", "BT-126", f"Line {number} has no id", "document.lines")
    if is_blank(line.unit_code):
        yield error("BR-23", "BT-130", f"Line {line.id} has no unit", "article.unit")
    if is_blank(line.name):
        yield error("BR-25", "BT-153", f"Line {line.id} has no name", "article.name")
    if not line.quantity:
        message = f"Line {line.id} has the quantity 0: nothing was supplied"
        yield error("faktura-quantity", "BT-129", message, "contract.items")
    yield from _item(line)
    yield from _line_reasons(line)


def _item(line: DocumentLine) -> Iterator[Finding]:
    for attribute in line.attributes:
        if is_blank(attribute.name) or is_blank(attribute.value):
            message = f"An attribute of line {line.id} lacks its name or value"
            yield error("BR-54", "BG-32", message, "document.lines.attributes")
    identifier = line.standard_identifier
    if identifier and is_blank(identifier.scheme):
        message = f"The standard identifier of line {line.id} has no scheme, such as 0160 for GTIN"
        yield error("BR-64", "BT-157", message, "document.lines.standard_identifier")
    for entry in line.classifications:
        if is_blank(entry.scheme):
            message = f"A classification of line {line.id} does not name its list"
            yield error("BR-65", "BT-158", message, "document.lines.classifications")


def _line_reasons(line: DocumentLine) -> Iterator[Finding]:
    """A line's discounts and charges: a reason (BR-42, BR-44), and the line's own VAT."""
    for entry in line.allowances:
        if _lacks_reason(entry):
            message = f"A discount of line {line.id} has no reason"
            yield error("BR-42", "BT-139", message, "discount.reason")
    for entry in line.charges:
        if _lacks_reason(entry):
            message = f"A charge of line {line.id} has no reason"
            yield error("BR-44", "BT-144", message, "document.lines.charges")
    for entry in (*line.allowances, *line.charges):
        if entry.vat_category is not None or entry.vat_rate is not None:
            message = f"A discount or charge of line {line.id} has the line's VAT, not its own"
            yield error("faktura-line-vat", "BG-27", message, "document.lines.allowances")


def _lacks_reason(entry: Allowance) -> bool:
    """Whether neither text nor code tells why; one of them will do (BR-CO-21 to BR-CO-24)."""
    return is_blank(entry.reason) and is_blank(entry.reason_code)


def _reasons(document: InvoiceDocument) -> Iterator[Finding]:
    for allowance in document.allowances:
        if _lacks_reason(allowance):
            yield error("BR-33", "BT-97", "A discount has no reason", "discount.reason")
        if allowance.vat_category is None:
            yield error("BR-32", "BT-95", "A discount has no VAT category", "document.allowances")
    for charge in document.charges:
        if _lacks_reason(charge):
            yield error("BR-38", "BT-104", "A charge has no reason", "document.charges")
        if charge.vat_category is None:
            yield error("BR-37", "BT-102", "A charge has no VAT category", "document.charges")


def _references(document: InvoiceDocument) -> Iterator[Finding]:
    for preceding in document.preceding:
        if is_blank(preceding.number):
            message = "The document refers to another one without its number"
            yield error("BR-55", "BT-25", message, "document.preceding")
    for note in document.notes:
        if note.subject is None and _SUBJECT.match(note.text):
            # UBL has no element for the subject: it stands before the text, between such signs.
            message = "A note has three signs between two #, which would be read as its subject"
            yield error("BR-CL-08", "BT-22", message, "document.notes")
    if document.order_reference == _NO_ORDER and document.sales_order_reference is not None:
        message = f"The order reference “{_NO_ORDER}” says in UBL that there is none"
        yield error("faktura-order", "BT-13", message, "contract.orderReference")


def _vat_point(document: InvoiceDocument) -> Iterator[Finding]:
    if document.vat_point_on is not None and document.vat_point_code is not None:
        message = "The day of the VAT point and its code exclude each other"
        yield error("BR-CO-03", "BT-7", message, "document.vat_point_on")
