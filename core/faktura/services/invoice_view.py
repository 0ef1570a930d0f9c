"""A frozen document in the terms of EN 16931, as document formats render it."""

from decimal import Decimal
from typing import cast

from faktura.domain.document_kinds import SELF_BILLED
from faktura.domain.document_words import exemption_reason
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.explanation import part_of
from faktura.domain.snapshot_fields import (
    Frozen,
    language_of,
    part_of_snapshot,
    plain_text,
    rows_of_snapshot,
    text_of_snapshot,
)
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Delivery,
    DocumentLine,
    DocumentPeriod,
    InvoiceDocument,
    Party,
    Totals,
    VatBreakdown,
)
from faktura.services.allowances import allowances_of
from faktura.services.document_codes import TYPE_CODES, UNIT_CODES
from faktura.services.document_parties import (
    buyer_party,
    ourselves_as_buyer,
    partner_as_seller,
    postal_address,
    seller_party,
)
from faktura.services.payment_view import payment_view
from faktura.services.print_details import (
    contract_of_line,
    document_notes,
    print_details,
)
from faktura.services.printed_document import as_printed


def invoice_document(record: DocumentRecord) -> InvoiceDocument:
    """The document as formats see it; nothing is computed anew, everything was frozen."""
    snapshot, payment = record.snapshot, payment_view(record)
    printed = print_details(record, payment)
    # F112: one day is a delivery date, several are a period as well; lines lie within it (R110).
    period = _period(record.service) if record.service.days > 1 else None
    vat = tuple(
        _vat(row, record.currency, printed.language) for row in rows_of_snapshot(snapshot, "vat")
    )
    seller, buyer = _parties(record, vat)
    document = InvoiceDocument(
        number=record.number,
        issued_on=record.issued_on,
        type_code=TYPE_CODES[record.kind],
        currency=record.currency,
        due_on=payment.due_on,
        buyer_reference=_buyer_reference(record),
        contract_reference=text_of_snapshot(snapshot, "contractNumber"),
        order_reference=text_of_snapshot(snapshot, "orderReference"),
        payment_terms=payment.terms,
        notes=document_notes(record, printed),
        seller=seller,
        buyer=buyer,
        delivery=_delivery(record, vat),
        period=period,
        payment=payment.instructions,
        totals=_totals(record, payment.prepaid),
        vat=vat,
        lines=tuple(_line(line, snapshot, with_period=period is not None) for line in record.lines),
        printed=printed,
    )
    return as_printed(document, record)


def _parties(record: DocumentRecord, vat: tuple[VatBreakdown, ...]) -> tuple[Party, Party]:
    """Seller and buyer: what is credited to a partner, the partner supplied to us (§ 14 Abs. 2 UStG)."""
    own = part_of_snapshot(record.snapshot, "seller")
    customer = part_of_snapshot(record.snapshot, "buyer")
    # BR-O-02 to 04: a document about what is not taxable names no VAT id.
    nameless = any(row.category is TaxCategory.O for row in vat)
    if record.kind in SELF_BILLED:
        return (
            partner_as_seller(customer, without_vat_id=nameless),
            ourselves_as_buyer(own, without_vat_id=nameless),
        )
    return (
        seller_party(own, without_vat_id=nameless),
        buyer_party(customer, without_vat_id=nameless),
    )


def _buyer_reference(record: DocumentRecord) -> str | None:
    """BT-10: Leitweg-ID, else the customer number (F113); ours is the partner's number."""
    customer = part_of_snapshot(record.snapshot, "buyer")
    leitweg_id = text_of_snapshot(customer, "leitwegId")
    if record.kind in SELF_BILLED:
        leitweg_id = None
    return leitweg_id or text_of_snapshot(customer, "number")


def _period(service: Period) -> DocumentPeriod:
    return DocumentPeriod(start=service.start, end=service.last_day)


def _delivery(record: DocumentRecord, vat: tuple[VatBreakdown, ...]) -> Delivery:
    """F112: the delivery date of a period is its last day.

    BR-IC-12: an intra-community supply names the country it was delivered to.
    """
    abroad = any(row.category is TaxCategory.K for row in vat)
    customer = part_of_snapshot(record.snapshot, "buyer")
    return Delivery(
        on=record.service.last_day, address=postal_address(customer) if abroad else None
    )


def _totals(record: DocumentRecord, prepaid: Money) -> Totals:
    return Totals(
        lines=record.net.decimal,
        net=record.net.decimal,
        vat=record.tax.decimal,
        gross=record.gross.decimal,
        prepaid=prepaid.decimal,
        due=(record.gross - prepaid).decimal,
    )


def _vat(row: Frozen, currency: str, language: str) -> VatBreakdown:
    category = TaxCategory(str(row["category"]))
    reason = text_of_snapshot(row, "reason")
    return VatBreakdown(
        category=category,
        rate=None if category is TaxCategory.O else Decimal(str(row["rate"])),
        taxable=Money(cast("int", row["taxable"]), currency).decimal,
        tax=Money(cast("int", row["tax"]), currency).decimal,
        exemption_reason=reason and exemption_reason(reason, language),
        exemption_code=text_of_snapshot(row, "reasonCode"),
    )


def _line(line: LineRecord, snapshot: Frozen, *, with_period: bool) -> DocumentLine:
    language = language_of(snapshot)
    notes = (contract_of_line(snapshot, line, language), part_of(line.derivation, language))
    # BR-27: a price is never negative; a credit is written as a negative quantity.
    sign = -1 if line.price < 0 else 1
    return DocumentLine(
        id=str(line.no),
        note="; ".join(note for note in notes if note) or None,
        quantity=sign * line.quantity,
        unit_code=UNIT_CODES[line.unit],
        net=line.net.decimal,
        period=_period(line.service) if with_period else None,
        allowances=allowances_of(line, language),
        price=sign * line.price,
        price_base=line.base,
        vat_category=line.tax_category,
        vat_rate=None if line.tax_category is TaxCategory.O else line.tax_rate,
        name=plain_text(line.name) or "",
        description=plain_text(line.description),
        article_number=plain_text(line.article_number),
    )
