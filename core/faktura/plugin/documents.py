"""The invoice document in the terms of EN 16931 (BT and BG numbers).

All amounts are Decimals in the document's currency with at most two decimals (BR-DEC), prices and
quantities with up to six. Dates of periods are inclusive, as printed.
"""

from datetime import date
from decimal import Decimal

from pydantic import ConfigDict

from faktura.kernel.terms import TaxCategory
from faktura.plugin.document_lines import Allowance, DocumentLine
from faktura.plugin.document_parties import (
    Delivery,
    DocumentPeriod,
    Identifier,
    Party,
    Payee,
    TaxRepresentative,
)
from faktura.plugin.document_payment import PaymentInstructions
from faktura.plugin.dto import Dto
from faktura.plugin.printing import PrintDetails


class Note(Dto):
    """BG-1: text BT-22 with an optional subject code BT-21 (UNTDID 4451)."""

    text: str
    subject: str | None = None


class PrecedingInvoice(Dto):
    """BG-3: number BT-25 and date BT-26 of the document this one corrects or settles."""

    number: str
    issued_on: date | None = None


class VatBreakdown(Dto):
    """BG-23: taxable amount BT-116, tax BT-117, category BT-118, rate BT-119, exemption BT-120/121.

    `rate` is None only for category O.
    """

    category: TaxCategory
    rate: Decimal | None
    taxable: Decimal
    tax: Decimal
    exemption_reason: str | None = None
    exemption_code: str | None = None


class Totals(Dto):
    """BG-22: lines BT-106, allowances 107, charges 108, net 109, VAT 110, gross 112, due 115.

    `vat_accounting` is BT-111, the VAT in `tax_currency`; `prepaid` is BT-113, `rounding` BT-114.
    """

    lines: Decimal
    allowances: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    net: Decimal
    vat: Decimal
    vat_accounting: Decimal | None = None
    gross: Decimal
    prepaid: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)
    due: Decimal


class AttachedFile(Dto):
    """BT-125: the bytes with their name and MIME type; base64 in JSON."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    filename: str
    media_type: str
    content: bytes


class Attachment(Dto):
    """BG-24: reference BT-122, description BT-123, location BT-124 (a URL), file BT-125."""

    reference: str
    description: str | None = None
    location: str | None = None
    file: AttachedFile | None = None


class InvoiceDocument(Dto):
    """A document as every format renders it; the one definition of the EN 16931 view.

    number BT-1, issued_on BT-2, type_code BT-3, currency BT-5, tax_currency BT-6,
    vat_point_on BT-7, vat_point_code BT-8, due_on BT-9, buyer_reference BT-10,
    project_reference BT-11, contract_reference BT-12, order_reference BT-13,
    sales_order_reference BT-14, receiving_reference BT-15, despatch_reference BT-16,
    tender_reference BT-17, object_identifier BT-18, accounting_reference BT-19,
    payment_terms BT-20. `printed` is what only the page shows.
    """

    number: str
    issued_on: date
    type_code: str
    currency: str
    tax_currency: str | None = None
    vat_point_on: date | None = None
    vat_point_code: str | None = None
    due_on: date | None = None
    buyer_reference: str | None = None
    project_reference: str | None = None
    contract_reference: str | None = None
    order_reference: str | None = None
    sales_order_reference: str | None = None
    receiving_reference: str | None = None
    despatch_reference: str | None = None
    tender_reference: str | None = None
    object_identifier: Identifier | None = None
    accounting_reference: str | None = None
    payment_terms: str | None = None
    notes: tuple[Note, ...] = ()
    preceding: tuple[PrecedingInvoice, ...] = ()
    seller: Party
    buyer: Party
    payee: Payee | None = None
    tax_representative: TaxRepresentative | None = None
    delivery: Delivery | None = None
    period: DocumentPeriod | None = None
    payment: PaymentInstructions
    allowances: tuple[Allowance, ...] = ()
    charges: tuple[Allowance, ...] = ()
    totals: Totals
    vat: tuple[VatBreakdown, ...]
    attachments: tuple[Attachment, ...] = ()
    lines: tuple[DocumentLine, ...]
    printed: PrintDetails | None = None
