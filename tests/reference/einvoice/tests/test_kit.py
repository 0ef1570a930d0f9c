"""The kit, and what a maker gives: the format read and written by something else, its bounds."""

# What a kit leaves to its maker is narrower there.
# mypy: disable-error-code="mutable-override"

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from faktura.plugin import Allowance, Attachment, InvoiceDocument
from faktura.testing.invoice_scenarios import SCENARIOS
from faktura.testing.invoices import sample_invoice
from faktura.testing.kit.documents import DocumentFormatKit, Limit
from faktura.testing.kit.readers import DocumentReaderKit
from typing_extensions import override

from faktura_ref_einvoice.format import RefInvoiceFormat
from faktura_ref_einvoice.reader import RefInvoiceReader

HEAD = {
    "number": "number",
    "date": "issued_on",
    "type": "type_code",
    "currency": "currency",
    "due": "due_on",
    "terms": "payment_terms",
    "reference": "buyer_reference",
}
PARTY = {"name": "name", "vatId": "vat_id", "taxNumber": "tax_number"}
ADDRESS = {name: name for name in ("line1", "line2", "line3", "city", "postcode", "country")}
LINE = {
    "id": "id",
    "name": "name",
    "text": "description",
    "quantity": "quantity",
    "unit": "unit_code",
    "price": "price",
    "per": "price_base",
    "net": "net",
    "category": "vat_category",
    "rate": "vat_rate",
}
VAT = {
    "category": "category",
    "rate": "rate",
    "net": "taxable",
    "tax": "tax",
    "reason": "exemption_reason",
    "code": "exemption_code",
}
TOTALS = {name: name for name in ("lines", "net", "vat", "gross", "prepaid", "rounding", "due")}
LEFT_OUT = (
    *("tax_currency", "vat_point_on", "vat_point_code", "project_reference", "contract_reference"),
    *("order_reference", "sales_order_reference", "receiving_reference", "despatch_reference"),
    *("tender_reference", "object_identifier", "accounting_reference", "notes", "preceding"),
    *("payee", "tax_representative", "delivery", "period", "totals.vat_accounting"),
    *(f"payment.{name}" for name in ("means_text", "remittance", "transfers", "direct_debit")),
    *("payment.card_last_digits", "payment.card_holder"),
    *(f"{party}.{name}" for party in ("seller", "buyer") for name in (
        "trading_name", "registration", "legal_info", "endpoint", "contact", "address.subdivision",
    )),
    *(f"lines.{name}" for name in (
        "note", "object_identifier", "order_line", "accounting_reference", "period",
        "price_discount", "gross_price", "article_number", "buyer_article_number",
        "standard_identifier", "classifications", "origin_country", "attributes",
    )),
)  # fmt: skip
PLAIN_LINES = sample_invoice().lines
NOT_PLAIN = (
    "discounts on lines",
    "charge on a line",
    "discounts and charges on the document at two rates",
    "discount of 100 %",
    "attachments, a file and a link",
)


def renamed(data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The values that have another name in the document."""
    return {field: data[name] for name, field in names.items()}


def party(data: dict[str, Any]) -> dict[str, Any]:
    """A party of the document."""
    address = renamed(data["address"], ADDRESS)
    return renamed(data, PARTY) | {"identifiers": data["ids"], "address": address}


class TestFormat(DocumentFormatKit):
    """What the format writes."""

    adapter_class = RefInvoiceFormat
    refuses = NOT_PLAIN
    leaves_out = LEFT_OUT
    limits = (
        Limit("lines.0.name", "x" * 5_000, "x" * 5_001, "lines.0.name"),
        Limit("payment_terms", "a\nb", "a\x0bb", "payment_terms"),
        Limit("payment_terms", "a\tb", "a\x0cb", "payment_terms"),
        Limit("buyer_reference", "x", "  ", "buyer_reference"),
        Limit("totals.lines", Decimal("100.00"), Decimal("100.01"), "totals.lines"),
        Limit("totals.net", Decimal(100), Decimal("99.99"), "totals.net"),
        Limit("totals.vat", Decimal("19.000"), Decimal("19.01"), "totals.vat"),
        Limit("totals.gross", Decimal("119.00"), Decimal("118.99"), "totals.gross"),
        Limit("totals.due", Decimal("119.00"), Decimal("119.01"), "totals.due"),
        Limit("lines", PLAIN_LINES, (), "lines"),
        Limit("attachments", (), (Attachment(reference="A1"),), "attachments"),
        Limit("charges", (), (Allowance(amount=Decimal(0)),), "allowances"),
        Limit("lines.0.allowances", (), (Allowance(amount=Decimal(0)),), "allowances"),
    )

    @override
    def read_back(self, content: bytes) -> InvoiceDocument:
        data = json.loads(content)
        assert data["format"] == "ref-invoice-1"
        return InvoiceDocument.model_validate(
            renamed(data, HEAD)
            | {
                "payment": {"means_code": data["means"]},
                "seller": party(data["seller"]),
                "buyer": party(data["buyer"]),
                "lines": [renamed(line, LINE) for line in data["lines"]],
                "vat": [renamed(row, VAT) for row in data["vat"]],
                "totals": renamed(data["totals"], TOTALS),
            }
        )


def plain(value: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The other way round."""
    return {name: value[field] for name, field in names.items()}


def party_data(value: dict[str, Any]) -> dict[str, Any]:
    """A party of the file."""
    address = plain(value["address"], ADDRESS)
    return plain(value, PARTY) | {"ids": value["identifiers"], "address": address}


class TestReader(DocumentReaderKit):
    """What the reader reads."""

    adapter_class = RefInvoiceReader
    scenarios = tuple(name for name in SCENARIOS if name not in NOT_PLAIN)
    leaves_out = LEFT_OUT
    syntax = "REF"
    more_is_at = "lines.0.colour"

    @override
    def written(self, document: InvoiceDocument) -> bytes:
        fields = document.model_dump(mode="json")
        data = {
            "format": "ref-invoice-1",
            **plain(fields, HEAD),
            "means": fields["payment"]["means_code"],
            "seller": party_data(fields["seller"]),
            "buyer": party_data(fields["buyer"]),
            "lines": [plain(line, LINE) for line in fields["lines"]],
            "vat": [plain(row, VAT) for row in fields["vat"]],
            "totals": plain(fields["totals"], TOTALS),
        }
        return json.dumps(data).encode()

    @override
    def with_something_more(self, content: bytes) -> bytes:
        return content.replace(b'"unit"', b'"colour": "red", "unit"', 1)

    @override
    def hostile_files(self) -> Mapping[str, bytes]:
        content = self.written(sample_invoice())
        return {"another version": content.replace(b"ref-invoice-1", b"ref-invoice-2")}
