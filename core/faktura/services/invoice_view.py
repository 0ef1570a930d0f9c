"""A frozen document in the terms of EN 16931, as document formats render it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.explanation import part_of
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import ArticleUnit, DocumentKind, PaymentMethod, TaxCategory
from faktura.plugin import (
    Allowance,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentLine,
    DocumentPeriod,
    Identifier,
    InvoiceDocument,
    Note,
    Party,
    PaymentInstructions,
    PostalAddress,
    Totals,
    VatBreakdown,
)

# BT-3 (UNTDID 1001) as domain.md assigns them.
_TYPE_CODES = {
    DocumentKind.INVOICE: "380",
    DocumentKind.DEPOSIT: "380",
    DocumentKind.FINAL: "380",
    DocumentKind.CORRECTION: "381",
    DocumentKind.CANCELLATION: "384",
    DocumentKind.CREDIT_NOTE: "389",
    DocumentKind.CREDIT_NOTE_CORRECTION: "389",
}

# BT-130 (UN/ECE Recommendation 20). STK would be a stick: a piece is H87.
_UNIT_CODES = {
    ArticleUnit.PIECE: "H87",
    ArticleUnit.NONE: "C62",
    ArticleUnit.HOUR: "HUR",
    ArticleUnit.MINUTE: "MIN",
    ArticleUnit.SECOND: "SEC",
    ArticleUnit.DAY: "DAY",
    ArticleUnit.WEEK: "WEE",
    ArticleUnit.MONTH: "MON",
    ArticleUnit.YEAR: "ANN",
    ArticleUnit.GIGABYTE: "E34",
    ArticleUnit.KILOGRAM: "KGM",
    ArticleUnit.KILOMETRE: "KTM",
    ArticleUnit.LITRE: "LTR",
    ArticleUnit.METRE: "MTR",
    ArticleUnit.SQUARE_METRE: "MTK",
    ArticleUnit.LUMP_SUM: "LS",
}

# BT-81 (UNTDID 4461). A card is charged online by its provider: 48 would ask for the card's last
# digits (BR-DE-24-a), which only the provider knows.
_MEANS_CODES = {
    PaymentMethod.TRANSFER: "58",
    PaymentMethod.SEPA_DEBIT: "59",
    PaymentMethod.CARD: "68",
    PaymentMethod.PAYPAL: "68",
}
_MEANS_TEXTS = {PaymentMethod.CARD: "Kreditkarte", PaymentMethod.PAYPAL: "PayPal"}

_EMAIL_SCHEME = "EM"
_LEITWEG_SCHEME = "0204"
_DISCOUNT_CODE = "95"

Snapshot = Mapping[str, object]


def invoice_document(record: DocumentRecord) -> InvoiceDocument:
    """The document as formats see it; nothing is computed anew, everything was frozen."""
    snapshot = record.snapshot
    seller, buyer = _part(snapshot, "seller"), _part(snapshot, "buyer")
    language = _text(buyer, "language") or "de"
    # F112: one day is a delivery date, several are a period as well; lines lie within it (R110).
    period = _period(record.service) if record.service.days > 1 else None
    vat = [_vat(row, record.currency) for row in cast("list[Snapshot]", snapshot["vat"])]
    without_vat_ids = any(row.category is TaxCategory.O for row in vat)
    return InvoiceDocument(
        kind=record.kind,
        number=record.number,
        issued_on=record.issued_on,
        type_code=_TYPE_CODES[record.kind],
        currency=record.currency,
        language=language,
        due_on=record.due_on,
        # F113: Leitweg-ID, else the customer number.
        buyer_reference=_text(buyer, "leitwegId") or _text(buyer, "number"),
        contract_reference=_text(snapshot, "contractNumber"),
        order_reference=_text(snapshot, "orderReference"),
        payment_terms=_payment_terms(record),
        notes=_notes(snapshot),
        seller=_seller(seller, without_vat_id=without_vat_ids),
        buyer=_buyer(buyer, without_vat_id=without_vat_ids),
        # F112: the delivery date of a period is its last day.
        delivery=_delivery(record, vat, buyer),
        period=period,
        payment=_payment(record, seller, buyer),
        totals=_totals(record),
        vat=tuple(vat),
        lines=tuple(_line(line, language, with_period=period is not None) for line in record.lines),
    )


def _period(service: Period) -> DocumentPeriod:
    return DocumentPeriod(start=service.start, end=service.last_day)


def _part(snapshot: Snapshot, key: str) -> Snapshot:
    return cast("Snapshot", snapshot[key])


def _text(snapshot: Snapshot, key: str) -> str | None:
    value = snapshot.get(key)
    return str(value) if value else None


def _address(owner: Snapshot) -> PostalAddress:
    address = _part(owner, "address")
    lines = [_text(address, key) for key in ("careOf", "street", "extra")]
    line1, line2, line3 = ([line for line in lines if line] + [None] * 3)[:3]
    return PostalAddress(
        line1=line1,
        line2=line2,
        line3=line3,
        city=str(address["city"]),
        postcode=str(address["zipCode"]),
        country=str(address["country"]),
    )


def _contact(owner: Snapshot) -> Contact | None:
    found = owner.get("contact")
    if not found:
        return None
    contact = cast("Snapshot", found)
    return Contact(
        name=_text(contact, "name"), phone=_text(contact, "phone"), email=_text(contact, "email")
    )


def _seller(seller: Snapshot, *, without_vat_id: bool) -> Party:
    contact = _contact(seller)
    tax_number = _text(seller, "taxNumber")
    # BR-O-02: a document about what is not taxable names no VAT id.
    vat_id = None if without_vat_id else _text(seller, "vatId")
    register = _text(seller, "registerNumber")
    return Party(
        name=str(seller["legalName"]),
        trading_name=_text(seller, "tradingName"),
        # BR-CO-26: who has neither VAT id nor register number is named by the tax number.
        identifiers=(Identifier(value=tax_number),)
        if tax_number and not vat_id and not register
        else (),
        registration=Identifier(value=register) if register else None,
        vat_id=vat_id,
        tax_number=tax_number,
        legal_info=_text(seller, "legalInfo"),
        endpoint=Identifier(value=contact.email, scheme=_EMAIL_SCHEME)
        if contact and contact.email
        else None,
        address=_address(seller),
        contact=contact,
    )


def _buyer(buyer: Snapshot, *, without_vat_id: bool) -> Party:
    email, leitweg_id = _text(buyer, "email"), _text(buyer, "leitwegId")
    endpoint = Identifier(value=email, scheme=_EMAIL_SCHEME) if email else None
    if leitweg_id:
        endpoint = Identifier(value=leitweg_id, scheme=_LEITWEG_SCHEME)
    register = _text(buyer, "registerNumber")
    return Party(
        name=str(buyer["name"]),
        identifiers=(Identifier(value=str(buyer["number"])),),
        registration=Identifier(value=register) if register else None,
        vat_id=None if without_vat_id else _text(buyer, "vatId"),
        endpoint=endpoint,
        address=_address(buyer),
        contact=_contact(buyer),
    )


def _delivery(record: DocumentRecord, vat: list[VatBreakdown], buyer: Snapshot) -> Delivery:
    # BR-IC-12: an intra-community supply names the country it was delivered to.
    abroad = any(row.category is TaxCategory.K for row in vat)
    return Delivery(on=record.service.last_day, address=_address(buyer) if abroad else None)


def _notes(snapshot: Snapshot) -> tuple[Note, ...]:
    texts = (_text(snapshot, "headerText"), _text(snapshot, "footerText"))
    return tuple(Note(text=text) for text in texts if text)


def _payment_terms(record: DocumentRecord) -> str:
    method = record.snapshot["paymentMethod"]
    day = f"{record.due_on:%d.%m.%Y}"
    if method == PaymentMethod.SEPA_DEBIT:
        return f"Der Betrag wird zum {day} per SEPA-Lastschrift eingezogen."
    return f"Zahlbar ohne Abzug bis zum {day}."


def _payment(record: DocumentRecord, seller: Snapshot, buyer: Snapshot) -> PaymentInstructions:
    method = PaymentMethod(str(record.snapshot["paymentMethod"]))
    mandate = cast("Snapshot | None", buyer["mandate"])
    iban = _text(seller, "iban")
    return PaymentInstructions(
        means_code=_MEANS_CODES[method],
        means_text=_MEANS_TEXTS.get(method),
        remittance=record.number,
        transfers=(
            CreditTransfer(
                iban=iban, holder=_text(seller, "accountHolder"), bic=_text(seller, "bic")
            ),
        )
        if iban and method is PaymentMethod.TRANSFER
        else (),
        direct_debit=DirectDebit(
            mandate=str(mandate["reference"]),
            creditor_id=str(seller["creditorId"]),
            iban=str(mandate["iban"]),
        )
        if mandate and method is PaymentMethod.SEPA_DEBIT
        else None,
    )


def _totals(record: DocumentRecord) -> Totals:
    return Totals(
        lines=record.net.decimal,
        net=record.net.decimal,
        vat=record.tax.decimal,
        gross=record.gross.decimal,
        due=record.gross.decimal,
    )


def _vat(row: Snapshot, currency: str) -> VatBreakdown:
    category = TaxCategory(str(row["category"]))
    return VatBreakdown(
        category=category,
        rate=None if category is TaxCategory.O else Decimal(str(row["rate"])),
        taxable=Money(cast("int", row["taxable"]), currency).decimal,
        tax=Money(cast("int", row["tax"]), currency).decimal,
        exemption_reason=_text(row, "reason"),
        exemption_code=_text(row, "reasonCode"),
    )


def _line(line: LineRecord, language: str, *, with_period: bool) -> DocumentLine:
    # BR-27: a price is never negative; a credit is written as a negative quantity.
    sign = -1 if line.price < 0 else 1
    return DocumentLine(
        id=str(line.no),
        note=part_of(line.derivation, language) or None,
        quantity=sign * line.quantity,
        unit_code=_UNIT_CODES[line.unit],
        net=line.net.decimal,
        period=_period(line.service) if with_period else None,
        allowances=_allowances(line),
        price=sign * line.price,
        price_base=line.base,
        vat_category=line.tax_category,
        vat_rate=None if line.tax_category is TaxCategory.O else line.tax_rate,
        name=line.name,
        description=line.description or None,
        article_number=line.article_number,
    )


def _allowances(line: LineRecord) -> tuple[Allowance, ...]:
    if not line.discount:
        return ()
    discount = cast("Mapping[str, str]", line.derivation.get("discount", {}))
    percent = discount.get("percent")
    if percent and percent_of(line.list_net, Decimal(percent)) != line.discount:
        # A part of a period, rounded so that the parts sum up: the bare amount is shown (R040).
        percent = None
    return (
        Allowance(
            amount=line.discount.decimal,
            base=line.list_net.decimal if percent else None,
            percent=Decimal(percent) if percent else None,
            reason=discount.get("reason") or "Rabatt",
            reason_code=_DISCOUNT_CODE,
        ),
    )
