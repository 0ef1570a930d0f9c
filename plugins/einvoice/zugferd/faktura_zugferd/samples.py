"""Sample documents that new settings are tried out with: small, long, corrected, final, English."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from faktura.kernel.terms import DocumentKind, TaxCategory
from faktura.plugin import (
    AccountStatement,
    Contact,
    CreditTransfer,
    Delivery,
    DepositRow,
    DepositTable,
    DirectDebit,
    DocumentLine,
    DocumentPeriod,
    Identifier,
    InvoiceDocument,
    LetterHead,
    Party,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    PrintDetails,
    Reminder,
    ReminderItem,
    StatementEntry,
    Totals,
    VatBreakdown,
)

_RATE: Final = Decimal(19)
_DAY: Final = date(2026, 3, 31)
_PERIOD: Final = DocumentPeriod(start=date(2026, 3, 1), end=_DAY)
_SELLER: Final = Party(
    name="Muster Energie GmbH",
    registration=Identifier(value="HRB 1234"),
    vat_id="DE123456788",
    tax_number="12/345/67890",
    endpoint=Identifier(value="rechnung@muster.example", scheme="EM"),
    address=PostalAddress(line1="Lange Gasse 1", city="Jena", postcode="07743", country="DE"),
    contact=Contact(name="Ada Muster", phone="+49 3641 1234", email="ada@muster.example"),
)
_BUYER: Final = Party(
    name="Probe AG",
    identifiers=(Identifier(value="K-100"),),
    endpoint=Identifier(value="einkauf@probe.example", scheme="EM"),
    address=PostalAddress(line1="Am Ufer 2", city="Gera", postcode="07545", country="DE"),
)
_TRANSFER: Final = CreditTransfer(iban="DE02120300000000202051", holder="Muster Energie GmbH")
_LONG: Final = "Donaudampfschifffahrtsgesellschaft mit Zähler, Grüße & <Zeichen> #[*_$ \\ " * 12


_BY_LAW: Final = ("07743 Jena", "07545 Gera", "DE123456788")
"""On every page besides: both addresses and the seller's VAT id."""


class Sample(NamedTuple):
    """A document, and texts its page must show (§ 14 (4) UStG: who, when, number, sums)."""

    name: str
    document: InvoiceDocument
    shows: tuple[str, ...]


def samples() -> tuple[Sample, ...]:
    """All of them; their sums are written out, and right."""
    return (
        _sample("one line", [_line("100.00")], "119.00", ("31.03.2026", "119,00")),
        _sample("forty lines", [_line("10.00")] * 40, "476.00", ("31.03.2026", "400,00", "476,00")),
        _sample("long texts", [_line("100.00", _LONG)], "119.00", ("119,00",), texts=(_LONG,)),
        _sample("English", [_line("100.00")], "119.00", ("31 Mar 2026", "119.00"), language="en"),
        _correction(),
        _final(),
        _debited(),
    )


def sample_statement() -> AccountStatement:
    """An account with an invoice and its payment."""
    entry = {"on": _DAY, "text": "Rechnung R-2026-1", "amount": "119.00", "balance": "119.00"}
    return AccountStatement(
        head=_head(),
        period=_PERIOD,
        opening=Decimal(0),
        entries=(StatementEntry.model_validate(entry),),
        closing=Decimal("119.00"),
    )


def sample_reminder() -> Reminder:
    """A first reminder of one invoice."""
    item = {"number": "R-2026-1", "issued_on": _DAY, "due_on": _DAY, "gross": "119.00"}
    return Reminder(
        head=_head(),
        level=1,
        items=(ReminderItem.model_validate({**item, "open": "119.00"}),),
        fee=Decimal("5.00"),
        total=Decimal("124.00"),
        pay_by=date(2026, 5, 15),
        transfers=(_TRANSFER,),
    )


def _head() -> LetterHead:
    return LetterHead(
        seller=_SELLER, customer=_BUYER, customer_number="K-100", written_on=_DAY, currency="EUR"
    )


def _sample(
    name: str,
    lines: Sequence[DocumentLine],
    gross: str,
    shows: tuple[str, ...],
    *,
    language: str = "de",
    texts: tuple[str, ...] = (),
) -> Sample:
    printed = PrintDetails(kind=DocumentKind.INVOICE, language=language, header_texts=texts)
    document = _document(lines, Decimal(gross), printed)
    return Sample(name, document, ("R-2026-1", _SELLER.name, _BUYER.name, *_BY_LAW, *shows))


def _correction() -> Sample:
    taken = _line("100.00").model_copy(update={"quantity": Decimal(-1), "net": Decimal("-100.00")})
    document = _document(
        [taken], Decimal("-119.00"), PrintDetails(kind=DocumentKind.CORRECTION)
    ).model_copy(
        update={
            "type_code": "384",
            "preceding": (PrecedingInvoice(number="R-2026-0", issued_on=date(2026, 2, 28)),),
            "due_on": None,
            "payment_terms": "Der Betrag wird erstattet.",
        }
    )
    return Sample("correction", document, ("R-2026-1", "R-2026-0", _BUYER.name, "119,00"))


def _final() -> Sample:
    row = DepositRow(
        number="A-7",
        issued_on=date(2026, 1, 5),
        received_on=date(2026, 1, 15),
        net=Decimal("50.00"),
        vat_rate=_RATE,
        vat=Decimal("9.50"),
        gross=Decimal("59.50"),
    )
    table = DepositTable(rows=(row,), remaining_net=Decimal("50.00"), remaining_vat=Decimal("9.50"))
    printed = PrintDetails(kind=DocumentKind.FINAL, deposits=table)
    document = _document([_line("100.00")], Decimal("119.00"), printed)
    deducted = {"prepaid": Decimal("59.50"), "due": Decimal("59.50")}
    document = document.model_copy(
        update={
            "totals": document.totals.model_copy(update=deducted),
            "preceding": (PrecedingInvoice(number="A-7", issued_on=date(2026, 1, 5)),),
        }
    )
    return Sample("final invoice", document, ("R-2026-1", "A-7", "119,00", "9,50", "59,50"))


def _debited() -> Sample:
    debit = DirectDebit(
        mandate="M-1", creditor_id="DE98ZZZ09999999999", iban="DE75512108001245126199"
    )
    printed = PrintDetails(kind=DocumentKind.INVOICE, collect_on=date(2026, 4, 14))
    document = _document([_line("100.00")], Decimal("119.00"), printed)
    payment = PaymentInstructions(means_code="59", remittance="R-2026-1", direct_debit=debit)
    document = document.model_copy(update={"payment": payment})
    return Sample("direct debit", document, ("R-2026-1", "M-1", "DE98ZZZ09999999999", "119,00"))


def _line(net: str, description: str | None = None) -> DocumentLine:
    return DocumentLine(
        id="1",
        quantity=Decimal(1),
        unit_code="MON",
        net=Decimal(net),
        period=_PERIOD,
        price=Decimal(net),
        vat_category=TaxCategory.S,
        vat_rate=_RATE,
        name="Grundgebühr",
        description=description and description.strip(),
    )


def _document(
    lines: Sequence[DocumentLine], gross: Decimal, printed: PrintDetails
) -> InvoiceDocument:
    net = sum((line.net for line in lines), Decimal(0))
    return InvoiceDocument(
        number="R-2026-1",
        issued_on=_DAY,
        type_code="380",
        currency="EUR",
        due_on=date(2026, 4, 14),
        buyer_reference="K-100",
        seller=_SELLER,
        buyer=_BUYER,
        delivery=Delivery(on=_DAY),
        period=_PERIOD,
        payment=PaymentInstructions(means_code="58", remittance="R-2026-1", transfers=(_TRANSFER,)),
        lines=tuple(
            line.model_copy(update={"id": str(position)})
            for position, line in enumerate(lines, start=1)
        ),
        vat=(VatBreakdown(category=TaxCategory.S, rate=_RATE, taxable=net, tax=gross - net),),
        totals=Totals(lines=net, net=net, vat=gross - net, gross=gross, due=gross),
        printed=printed,
    )
