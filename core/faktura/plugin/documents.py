"""The invoice document in the terms of EN 16931 (BT and BG numbers), and its formats.

All amounts are Decimals in the document's currency with at most two decimals (BR-DEC), prices and
quantities with up to six. Dates of periods are inclusive, as printed.
"""

from abc import abstractmethod
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique
from typing import ClassVar

from faktura.kernel.terms import DocumentKind, TaxCategory
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto


class Identifier(Dto):
    """An identifier with its scheme (EAS or ISO 6523 code) where one applies."""

    value: str
    scheme: str | None = None


class PostalAddress(Dto):
    """BG-5 / BG-8 / BG-15: lines BT-35/36/162, city BT-37, post code BT-38, country BT-40."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    city: str
    postcode: str
    subdivision: str | None = None
    country: str


class Contact(Dto):
    """BG-6 / BG-9: name BT-41, phone BT-42, e-mail BT-43."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


class Party(Dto):
    """BG-4 seller or BG-7 buyer.

    name BT-27/44, trading_name BT-28/45, identifiers BT-29/46, registration BT-30/47,
    vat_id BT-31/48, tax_number BT-32, legal_info BT-33, endpoint BT-34/49.
    """

    name: str
    trading_name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    registration: Identifier | None = None
    vat_id: str | None = None
    tax_number: str | None = None
    legal_info: str | None = None
    endpoint: Identifier | None = None
    address: PostalAddress
    contact: Contact | None = None


class Note(Dto):
    """BG-1: text BT-22 with an optional subject code BT-21 (UNTDID 4451)."""

    text: str
    subject: str | None = None


class PrecedingInvoice(Dto):
    """BG-3: number BT-25 and date BT-26 of the document this one corrects or settles."""

    number: str
    issued_on: date | None = None


class DocumentPeriod(Dto):
    """BG-14 / BG-26: first and last day, both inclusive (BT-73/74, BT-134/135)."""

    start: date
    end: date


class Delivery(Dto):
    """BG-13: actual delivery date BT-72, name BT-70 and deliver-to address BG-15."""

    on: date | None = None
    name: str | None = None
    address: PostalAddress | None = None


class CreditTransfer(Dto):
    """BG-17: payee IBAN BT-84, account name BT-85, BIC BT-86."""

    iban: str
    holder: str | None = None
    bic: str | None = None


class DirectDebit(Dto):
    """BG-19: mandate BT-89, creditor id BT-90, debited IBAN BT-91."""

    mandate: str
    creditor_id: str
    iban: str


class PaymentInstructions(Dto):
    """BG-16: means code BT-81 (UNTDID 4461), its text BT-82, remittance information BT-83.

    `transfers` go with codes 30 and 58, `direct_debit` with 59, `card_last_digits` (BT-87) with
    48, 54 and 55; never two of them.
    """

    means_code: str
    means_text: str | None = None
    remittance: str | None = None
    transfers: tuple[CreditTransfer, ...] = ()
    direct_debit: DirectDebit | None = None
    card_last_digits: str | None = None


class Allowance(Dto):
    """BG-20 / BG-27: amount BT-92/136, base BT-93/137, percent BT-94/138, reason BT-97/139.

    `reason_code` is BT-98/140. Category and rate (BT-95/96) only on document level; both percent
    and base or neither (R041, R042).
    """

    amount: Decimal
    base: Decimal | None = None
    percent: Decimal | None = None
    reason: str
    reason_code: str | None = None
    vat_category: TaxCategory | None = None
    vat_rate: Decimal | None = None


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

    `prepaid` is BT-113, `rounding` BT-114.
    """

    lines: Decimal
    allowances: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    net: Decimal
    vat: Decimal
    gross: Decimal
    prepaid: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)
    due: Decimal


class Attachment(Dto):
    """BG-24: reference BT-122, description BT-123, file name, MIME type and content BT-125."""

    reference: str
    description: str | None = None
    filename: str
    media_type: str
    content: bytes


class ItemAttribute(Dto):
    """BG-32: name BT-160 and value BT-161."""

    name: str
    value: str


class DocumentLine(Dto):
    """BG-25: one line.

    id BT-126, note BT-127, quantity BT-129, unit BT-130 (UN/ECE Rec 20), net BT-131,
    order_line BT-132, accounting_reference BT-133, period BG-26, allowances BG-27, price BT-146,
    price_base BT-149, vat_category BT-151, vat_rate BT-152 (None only for O), name BT-153,
    description BT-154, article_number BT-155, buyer_article_number BT-156, attributes BG-32.
    """

    id: str
    note: str | None = None
    quantity: Decimal
    unit_code: str
    net: Decimal
    order_line: str | None = None
    accounting_reference: str | None = None
    period: DocumentPeriod | None = None
    allowances: tuple[Allowance, ...] = ()
    price: Decimal
    price_base: Decimal = Decimal(1)
    vat_category: TaxCategory
    vat_rate: Decimal | None
    name: str
    description: str | None = None
    article_number: str | None = None
    buyer_article_number: str | None = None
    attributes: tuple[ItemAttribute, ...] = ()


class InvoiceDocument(Dto):
    """A document as every format renders it; the one definition of the EN 16931 view.

    number BT-1, issued_on BT-2, type_code BT-3, currency BT-5, due_on BT-9, buyer_reference BT-10,
    project_reference BT-11, contract_reference BT-12, order_reference BT-13,
    sales_order_reference BT-14, accounting_reference BT-19, payment_terms BT-20.
    """

    kind: DocumentKind
    number: str
    issued_on: date
    type_code: str
    currency: str
    language: str = "de"
    due_on: date | None = None
    buyer_reference: str | None = None
    project_reference: str | None = None
    contract_reference: str | None = None
    order_reference: str | None = None
    sales_order_reference: str | None = None
    accounting_reference: str | None = None
    payment_terms: str | None = None
    notes: tuple[Note, ...] = ()
    preceding: tuple[PrecedingInvoice, ...] = ()
    seller: Party
    buyer: Party
    delivery: Delivery | None = None
    period: DocumentPeriod | None = None
    payment: PaymentInstructions
    allowances: tuple[Allowance, ...] = ()
    charges: tuple[Allowance, ...] = ()
    totals: Totals
    vat: tuple[VatBreakdown, ...]
    attachments: tuple[Attachment, ...] = ()
    lines: tuple[DocumentLine, ...]


@unique
class Severity(StrEnum):
    """Whether a finding forbids the document or only deserves a look."""

    ERROR = "ERROR"
    WARNING = "WARNING"


class Finding(Dto):
    """Something a format's rules say about a document, in words of the domain.

    `term` is the BT or BG number, `rule` the rule's name (BR-DE-15), `mend` the field a person
    should fill, e.g. `customer.leitwegId`.
    """

    severity: Severity = Severity.ERROR
    term: str
    rule: str
    message: str
    mend: str


class DocumentFormat(Adapter):
    """Renders a document as bytes: pure, equal input gives equal bytes."""

    format_id: ClassVar[str]
    """Name people choose, e.g. `xrechnung-cii`; unique among the enabled plugins."""
    media_type: ClassVar[str]
    file_suffix: ClassVar[str]
    rule_set: ClassVar[str]
    """Version of the rules the bytes follow; stored beside them."""

    @abstractmethod
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """What the format's rules say, before a number is spent; empty when all is well."""

    @abstractmethod
    def render(self, document: InvoiceDocument) -> bytes:
        """The document's bytes; raises RenderRefused naming the findings of severity ERROR."""
