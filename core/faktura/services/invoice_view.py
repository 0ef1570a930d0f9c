"""A frozen document in the terms of EN 16931, as document formats render it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from faktura.domain.deposit_table import Whole, deducted_total, deposit_notes
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.explanation import part_of
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import PaymentMethod, TaxCategory
from faktura.plugin import (
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
from faktura.services.allowances import allowances_of
from faktura.services.document_codes import TYPE_CODES, UNIT_CODES
from faktura.services.printed_document import as_printed

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
    document = InvoiceDocument(
        kind=record.kind,
        number=record.number,
        issued_on=record.issued_on,
        type_code=TYPE_CODES[record.kind],
        currency=record.currency,
        language=language,
        due_on=record.due_on,
        # F113: Leitweg-ID, else the customer number.
        buyer_reference=_text(buyer, "leitwegId") or _text(buyer, "number"),
        contract_reference=_text(snapshot, "contractNumber"),
        order_reference=_text(snapshot, "orderReference"),
        payment_terms=_payment_terms(record),
        notes=(*_notes(snapshot, language), *_deposit_notes(record, language)),
        seller=_seller(seller, without_vat_id=without_vat_ids),
        buyer=_buyer(buyer, without_vat_id=without_vat_ids),
        # F112: the delivery date of a period is its last day.
        delivery=_delivery(record, vat, buyer),
        period=period,
        payment=_payment(record, seller, buyer),
        totals=_totals(record),
        vat=tuple(vat),
        lines=tuple(
            _line(line, _line_note(snapshot, line, language), with_period=period is not None)
            for line in record.lines
        ),
    )
    return as_printed(document, record)


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


def _notes(snapshot: Snapshot, language: str) -> tuple[Note, ...]:
    """Header and footer (BG-1); on a collective invoice those of each contract, named (F053)."""
    texts = [_text(snapshot, "headerText"), _text(snapshot, "footerText")]
    for section in _sections(snapshot):
        own = (_text(section, "headerText"), _text(section, "footerText"))
        texts.extend(f"{_contract_of(section, language)}: {text}" for text in own if text)
    return tuple(Note(text=text) for text in texts if text)


def _sections(snapshot: Snapshot) -> list[Snapshot]:
    """The contracts of a collective invoice; none of any other document."""
    return cast("list[Snapshot]", snapshot.get("contracts", []))


def _contract_of(section: Snapshot, language: str) -> str:
    return f"{'Vertrag' if language == 'de' else 'Contract'} {section['number']}"


def _line_note(snapshot: Snapshot, line: LineRecord, language: str) -> str | None:
    """BT-127: of a collective invoice the line's contract, and which part of a period it is."""
    texts = [
        _contract_of(section, language)
        for section in _sections(snapshot)
        if cast("int", section["firstLine"]) <= line.no <= cast("int", section["lastLine"])
    ]
    texts.append(part_of(line.derivation, language))
    return "; ".join(text for text in texts if text) or None


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


def _deposit_notes(record: DocumentRecord, language: str) -> tuple[Note, ...]:
    whole = Whole(record.net, record.tax)
    return tuple(Note(text=text) for text in deposit_notes(record.snapshot, whole, language))


def _totals(record: DocumentRecord) -> Totals:
    prepaid = deducted_total(record.snapshot, record.currency)
    return Totals(
        lines=record.net.decimal,
        net=record.net.decimal,
        vat=record.tax.decimal,
        gross=record.gross.decimal,
        prepaid=prepaid.decimal,
        due=(record.gross - prepaid).decimal,
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


def _line(line: LineRecord, note: str | None, *, with_period: bool) -> DocumentLine:
    # BR-27: a price is never negative; a credit is written as a negative quantity.
    sign = -1 if line.price < 0 else 1
    return DocumentLine(
        id=str(line.no),
        note=note,
        quantity=sign * line.quantity,
        unit_code=UNIT_CODES[line.unit],
        net=line.net.decimal,
        period=_period(line.service) if with_period else None,
        allowances=allowances_of(line),
        price=sign * line.price,
        price_base=line.base,
        vat_category=line.tax_category,
        vat_rate=None if line.tax_category is TaxCategory.O else line.tax_rate,
        name=line.name,
        description=line.description or None,
        article_number=line.article_number,
    )
