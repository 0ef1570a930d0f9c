"""Values that must come from a code list (BR-CL-*, BR-CO-09), judged by the tables in codes.py."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final, NamedTuple

from faktura.kernel.errors import shortened
from faktura.plugin import Allowance, DocumentLine, Finding, Identifier, InvoiceDocument, Party
from faktura_en16931 import codes
from faktura_en16931.findings import error

# Rule, term, what it is, the code, the codes there are, the field to mend; a bare tuple, because
# every code of every document makes one.
_Coded = tuple[str, str, str, str | None, Container[str], str]


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
    "seller",
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
    "buyer",
    "customer.billingAddress.country",
    "customer.euTaxId",
    "customer.email",
)
_SCHEME = "identifier scheme"
# What every code of a list looks like, also those that our tables lack: UNTDID 1001, ISO 4217,
# UN/ECE recommendations 20 and 21.
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "BR-CL-01": re.compile("[0-9]{1,3}"),
    "BR-CL-04": re.compile("[A-Z]{3}"),
    "BR-CL-05": re.compile("[A-Z]{3}"),
    "BR-CL-14": re.compile("[A-Z0-9]{2}"),
    "BR-CL-15": re.compile("[A-Z0-9]{2}"),
    "BR-CL-23": re.compile("[A-Z0-9]{1,3}"),
}


def check_codes(document: InvoiceDocument) -> Iterator[Finding]:
    """Codes that are in none of our tables; an absent code is no finding here."""
    for coded in _coded(document):
        if _is_unknown(coded):
            yield _finding(coded)


def check_forms(document: InvoiceDocument) -> Iterator[Finding]:
    """Those findings of `check_codes` whose code no list can hold: `Stück`, `eur`."""
    for coded in _coded(document):
        if _is_unknown(coded) and not _has_form(coded):
            yield _finding(coded)


def _is_unknown(coded: _Coded) -> bool:
    _, _, _, code, known, _ = coded
    return code is not None and code not in known


def _has_form(coded: _Coded) -> bool:
    rule, _, _, code, _, _ = coded
    form = _FORMS.get(rule)
    return form is None or form.fullmatch(code or "") is not None


def _finding(coded: _Coded) -> Finding:
    rule, term, what, code, _, mend = coded
    said = "is not among the codes faktura knows" if _has_form(coded) else "is no code of its list"
    return error(rule, term, f"The {what} “{shortened(code)}” {said}", mend)


def _coded(document: InvoiceDocument) -> Iterator[_Coded]:
    yield from _head(document)
    yield from _party(document.seller, _SELLER)
    yield from _party(document.buyer, _BUYER)
    yield from _other_parties(document)
    yield from _details(document)
    for line in document.lines:
        yield from _line(line)


def _head(document: InvoiceDocument) -> Iterator[_Coded]:
    kind, known = document.type_code, codes.DOCUMENT_TYPES
    yield ("BR-CL-01", "BT-3", "type code", kind, known, "document.type_code")
    currency, mend = document.currency, "contract.currency"
    yield ("BR-CL-04", "BT-5", "currency", currency, codes.CURRENCIES, mend)
    other, mend = document.tax_currency, "document.tax_currency"
    what = "VAT accounting currency"
    yield ("BR-CL-05", "BT-6", what, other, codes.CURRENCIES, mend)
    code, mend = document.vat_point_code, "document.vat_point_code"
    yield ("BR-CL-06", "BT-8", "VAT point code", code, codes.VAT_POINT_CODES, mend)
    means, mend = document.payment.means_code, "customer.paymentMethod"
    yield ("BR-CL-16", "BT-81", "payment means code", means, codes.PAYMENT_MEANS, mend)
    scheme, known = _scheme(document.object_identifier), codes.OBJECT_SCHEMES
    yield ("BR-CL-07", "BT-18", "object scheme", scheme, known, "document.object_identifier")


def _details(document: InvoiceDocument) -> Iterator[_Coded]:
    for note in document.notes:
        mend = "document.notes"
        yield ("BR-CL-08", "BT-21", "note subject", note.subject, codes.NOTE_SUBJECTS, mend)
    for breakdown in document.vat:
        code, mend = breakdown.exemption_code, "taxGroup.reason"
        yield ("BR-CL-22", "BT-121", "exemption code", code, codes.VATEX, mend)
    for allowance in document.allowances:
        yield _discount("BT-98", allowance)
    for charge in document.charges:
        yield _surcharge("BT-105", charge)
    for attachment in document.attachments:
        kind = attachment.file.media_type if attachment.file else None
        mend = "document.attachments"
        yield ("BR-CL-24", "BT-125", "MIME type", kind, codes.ATTACHMENT_TYPES, mend)


def _line(line: DocumentLine) -> Iterator[_Coded]:
    yield ("BR-CL-23", "BT-130", "unit", line.unit_code, codes.UNITS, "article.unit")
    for allowance in line.allowances:
        yield _discount("BT-140", allowance)
    for charge in line.charges:
        yield _surcharge("BT-145", charge)
    if line.object_identifier:
        scheme, mend = line.object_identifier.scheme, "document.lines"
        yield ("BR-CL-07", "BT-128", "object scheme", scheme, codes.OBJECT_SCHEMES, mend)
    if line.standard_identifier:
        scheme, known = line.standard_identifier.scheme, codes.IDENTIFIER_SCHEMES
        yield (
            "BR-CL-21",
            "BT-157",
            _SCHEME,
            scheme or None,
            known,
            "document.lines.standard_identifier",
        )
    for entry in line.classifications:
        scheme, mend = entry.scheme or None, "document.lines.classifications"
        yield ("BR-CL-13", "BT-158", "classification", scheme, codes.ITEM_CLASSES, mend)
    country, mend = line.origin_country, "document.lines.origin_country"
    yield ("BR-CL-15", "BT-159", "country of origin", country, codes.COUNTRIES, mend)


def _discount(term: str, allowance: Allowance) -> _Coded:
    code = allowance.reason_code
    mend = "document.allowances" if term == "BT-98" else "document.lines.allowances"
    return ("BR-CL-19", term, "discount code", code, codes.ALLOWANCE_REASONS, mend)


def _surcharge(term: str, charge: Allowance) -> _Coded:
    code = charge.reason_code
    mend = "document.charges" if term == "BT-105" else "document.lines.charges"
    return ("BR-CL-20", term, "charge code", code, codes.CHARGE_REASONS, mend)


def _party(party: Party, side: _Side) -> Iterator[_Coded]:
    country, mend = party.address.country, side.country_field
    yield ("BR-CL-14", side.country, "country", country, codes.COUNTRIES, mend)
    yield _vat_prefix(side.vat_id, party.vat_id, side.vat_id_field)
    if party.endpoint:
        scheme, mend = party.endpoint.scheme, side.email_field
        known = codes.ADDRESS_SCHEMES
        yield ("BR-CL-25", side.endpoint, "address scheme", scheme, known, mend)
    known, what = codes.IDENTIFIER_SCHEMES, _SCHEME
    for identifier in party.identifiers:
        mend = f"document.{side.owner}.identifiers"
        yield ("BR-CL-10", side.identifier, what, identifier.scheme, known, mend)
    scheme, mend = _scheme(party.registration), f"document.{side.owner}.registration"
    yield ("BR-CL-11", side.registration, what, scheme, known, mend)


def _other_parties(document: InvoiceDocument) -> Iterator[_Coded]:
    """Payee, tax representative, and where the supply went."""
    known = codes.IDENTIFIER_SCHEMES
    if payee := document.payee:
        scheme, mend = _scheme(payee.identifier), "document.payee"
        yield ("BR-CL-10", "BT-60", _SCHEME, scheme, known, mend)
        yield ("BR-CL-11", "BT-61", _SCHEME, _scheme(payee.registration), known, mend)
    if representative := document.tax_representative:
        country, mend = representative.address.country, "document.tax_representative"
        yield ("BR-CL-14", "BT-69", "country", country, codes.COUNTRIES, mend)
        yield _vat_prefix("BT-63", representative.vat_id, mend)
    if delivery := document.delivery:
        there = delivery.address.country if delivery.address else None
        mend = "document.delivery.address.country"
        yield ("BR-CL-14", "BT-80", "country", there, codes.COUNTRIES, mend)
        scheme, mend = _scheme(delivery.location), "document.delivery.location"
        yield ("BR-CL-26", "BT-71", _SCHEME, scheme, known, mend)


def _vat_prefix(term: str, vat_id: str | None, mend: str) -> _Coded:
    prefix = vat_id[:2] if vat_id else None
    known = codes.VAT_ID_PREFIXES
    return ("BR-CO-09", term, "country of the VAT id", prefix, known, mend)


def _scheme(identifier: Identifier | None) -> str | None:
    return identifier.scheme if identifier else None
