"""A document as the plain data of its file: names and values, amounts as decimal texts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from faktura.plugin import (
    DocumentLine,
    Identifier,
    InvoiceDocument,
    Party,
    PostalAddress,
    Totals,
    VatBreakdown,
)

FORMAT = "ref-invoice-1"
"""The first value of every file."""

Data = Mapping[str, object]


def data_of(document: InvoiceDocument) -> Data:
    """The whole file; an absent value is null."""
    return {
        "format": FORMAT,
        "number": document.number,
        "date": document.issued_on.isoformat(),
        "type": document.type_code,
        "currency": document.currency,
        "due": _day(document.due_on),
        "terms": document.payment_terms,
        "reference": document.buyer_reference,
        "means": document.payment.means_code,
        "seller": _party(document.seller),
        "buyer": _party(document.buyer),
        "lines": [_line(line) for line in document.lines],
        "vat": [_vat(row) for row in document.vat],
        "totals": _totals(document.totals),
    }


def _party(party: Party) -> Data:
    return {
        "name": party.name,
        "ids": [_identifier(one) for one in party.identifiers],
        "vatId": party.vat_id,
        "taxNumber": party.tax_number,
        "address": _address(party.address),
    }


def _identifier(identifier: Identifier) -> Data:
    return {"value": identifier.value, "scheme": identifier.scheme}


def _address(address: PostalAddress) -> Data:
    return {
        "line1": address.line1,
        "line2": address.line2,
        "line3": address.line3,
        "city": address.city,
        "postcode": address.postcode,
        "country": address.country,
    }


def _line(line: DocumentLine) -> Data:
    return {
        "id": line.id,
        "name": line.name,
        "text": line.description,
        "quantity": _number(line.quantity),
        "unit": line.unit_code,
        "price": _number(line.price),
        "per": _number(line.price_base),
        "net": _number(line.net),
        "category": line.vat_category.value,
        "rate": _number(line.vat_rate),
    }


def _vat(row: VatBreakdown) -> Data:
    return {
        "category": row.category.value,
        "rate": _number(row.rate),
        "net": _number(row.taxable),
        "tax": _number(row.tax),
        "reason": row.exemption_reason,
        "code": row.exemption_code,
    }


def _totals(totals: Totals) -> Data:
    return {
        "lines": _number(totals.lines),
        "net": _number(totals.net),
        "vat": _number(totals.vat),
        "gross": _number(totals.gross),
        "prepaid": _number(totals.prepaid),
        "rounding": _number(totals.rounding),
        "due": _number(totals.due),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
