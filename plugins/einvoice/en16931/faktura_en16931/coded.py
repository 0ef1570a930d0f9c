"""Values that must come from a code list (BR-CL-*, BR-CO-09), judged by the tables in codes.py."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from faktura.kernel.errors import shortened
from faktura.kernel.money import MINOR_DIGITS
from faktura.plugin import Allowance, Finding, InvoiceDocument, Party
from faktura_en16931 import codes
from faktura_en16931.findings import error


class _Coded(NamedTuple):
    rule: str
    term: str
    what: str
    code: str | None
    known: Container[str]
    mend: str


class _Side(NamedTuple):
    """Terms of a party, and the fields that people fill for it."""

    country: str
    vat_id: str
    endpoint: str
    identifier: str
    registration: str
    owner: str
    country_field: str
    vat_id_field: str
    email_field: str


_SELLER = _Side(
    "BT-40",
    "BT-31",
    "BT-34",
    "BT-29",
    "BT-30",
    "tenant",
    "tenant.seller.address.country",
    "tenant.seller.vat_id",
    "tenant.seller.contact.email",
)
_BUYER = _Side(
    "BT-55",
    "BT-48",
    "BT-49",
    "BT-46",
    "BT-47",
    "customer",
    "customer.billingAddress.country",
    "customer.euTaxId",
    "customer.email",
)


def check_codes(document: InvoiceDocument) -> Iterator[Finding]:
    """Codes that are in none of our tables; an absent code is no finding here."""
    for rule, term, what, code, known, mend in _coded(document):
        if code is not None and code not in known:
            yield error(rule, term, f"The {what} “{shortened(code)}” is not known", mend)


def _coded(document: InvoiceDocument) -> Iterator[_Coded]:
    means = document.payment.means_code
    mend = "customer.paymentMethod"
    yield _Coded(
        "BR-CL-01", "BT-3", "type code", document.type_code, codes.DOCUMENT_TYPES, "document.kind"
    )
    yield _Coded(
        "BR-CL-04", "BT-5", "currency", document.currency, MINOR_DIGITS, "contract.currency"
    )
    yield _Coded("BR-CL-16", "BT-81", "payment means code", means, codes.PAYMENT_MEANS, mend)
    yield from _party(document.seller, _SELLER)
    yield from _party(document.buyer, _BUYER)
    yield from _details(document)
    for line in document.lines:
        yield _Coded("BR-CL-23", "BT-130", "unit", line.unit_code, codes.UNITS, "article.unit")
        for allowance in line.allowances:
            yield _discount("BT-140", allowance)


def _details(document: InvoiceDocument) -> Iterator[_Coded]:
    if document.delivery and document.delivery.address:
        country = document.delivery.address.country
        mend = "customer.deliveryAddress.country"
        yield _Coded("BR-CL-14", "BT-80", "country", country, codes.COUNTRIES, mend)
    for note in document.notes:
        mend = "document.notes"
        yield _Coded("BR-CL-08", "BT-21", "note subject", note.subject, codes.NOTE_SUBJECTS, mend)
    for breakdown in document.vat:
        code, mend = breakdown.exemption_code, "tenant.taxCases"
        yield _Coded("BR-CL-22", "BT-121", "exemption code", code, codes.VATEX, mend)
    for allowance in document.allowances:
        yield _discount("BT-98", allowance)
    for charge in document.charges:
        code, mend = charge.reason_code, "charge.reasonCode"
        yield _Coded("BR-CL-20", "BT-105", "charge code", code, codes.CHARGE_REASONS, mend)
    for attachment in document.attachments:
        kind, mend = attachment.media_type, "document.attachments"
        yield _Coded("BR-CL-24", "BT-125", "MIME type", kind, codes.ATTACHMENT_TYPES, mend)


def _discount(term: str, allowance: Allowance) -> _Coded:
    code, mend = allowance.reason_code, "discount.reasonCode"
    return _Coded("BR-CL-19", term, "discount code", code, codes.ALLOWANCE_REASONS, mend)


def _party(party: Party, side: _Side) -> Iterator[_Coded]:
    country, mend = party.address.country, side.country_field
    yield _Coded("BR-CL-14", side.country, "country", country, codes.COUNTRIES, mend)
    if party.vat_id:
        prefix, mend = party.vat_id[:2], side.vat_id_field
        known = codes.VAT_ID_PREFIXES
        yield _Coded("BR-CO-09", side.vat_id, "country of the VAT id", prefix, known, mend)
    if party.endpoint:
        scheme, mend = party.endpoint.scheme, side.email_field
        known = codes.ADDRESS_SCHEMES
        yield _Coded("BR-CL-25", side.endpoint, "address scheme", scheme, known, mend)
    known, what = codes.IDENTIFIER_SCHEMES, "identifier scheme"
    for identifier in party.identifiers:
        mend = f"{side.owner}.identifiers"
        yield _Coded("BR-CL-10", side.identifier, what, identifier.scheme, known, mend)
    if party.registration:
        scheme, mend = party.registration.scheme, f"{side.owner}.registration"
        yield _Coded("BR-CL-11", side.registration, what, scheme, known, mend)
