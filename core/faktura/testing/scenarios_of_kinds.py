"""Scenarios about kinds of documents: deposits, final invoices, corrections, credit notes."""

from datetime import date
from decimal import Decimal

from faktura.kernel.terms import DocumentKind
from faktura.plugin import (
    DepositRow,
    DepositTable,
    InvoiceDocument,
    Note,
    PrecedingInvoice,
    PrintDetails,
)
from faktura.testing.invoices import sample_invoice, sample_line
from faktura.testing.scenario import Scenario, Stated, stating

_ORIGINAL = (PrecedingInvoice(number="R-2026-00007", issued_on=date(2026, 10, 31)),)


def _final(*deposits: tuple[str, str, str, str], remaining: tuple[str, str]) -> InvoiceDocument:
    """A final invoice of 1,000.00 net; a deposit is its number, net, VAT and gross amount."""
    days = [date(2026, month, 1) for month in range(7, 7 + len(deposits))]
    rows = tuple(
        DepositRow(
            number=number,
            issued_on=on,
            received_on=on.replace(day=10),
            net=Decimal(net),
            vat_rate=Decimal(19),
            vat=Decimal(vat),
            gross=Decimal(gross),
        )
        for on, (number, net, vat, gross) in zip(days, deposits, strict=True)
    )
    net, vat = remaining
    return sample_invoice(
        lines=(sample_line("10", "100.00"),),
        preceding=tuple(
            PrecedingInvoice(number=row.number, issued_on=row.issued_on) for row in rows
        ),
        prepaid=sum((row.gross for row in rows), Decimal(0)),
        notes=(Note(text="Die Anzahlungen sind abgezogen.", subject="AAI"),),
        printed=PrintDetails(
            kind=DocumentKind.FINAL,
            deposits=DepositTable(
                rows=rows, remaining_net=Decimal(net), remaining_vat=Decimal(vat)
            ),
        ),
    )


def _settled(prepaid: str, due: str) -> Stated:
    return Stated(
        lines="1000.00",
        net="1000.00",
        vat="190.00",
        gross="1190.00",
        prepaid=prepaid,
        due=due,
        rows=("S 19 1000.00 190.00",),
    )


KINDS = (
    Scenario(
        "deposit",
        sample_invoice(
            kind=DocumentKind.DEPOSIT,
            delivery=None,
            period=None,
            payment_terms="Zahlbar sofort",
            lines=(sample_line("1", "300.00", unit_code="LS", name="Anzahlung 30 %", period=None),),
            notes=(Note(text="Die Leistung ist noch nicht erbracht."),),
        ),
        stating("300.00", "57.00", "357.00", "S 19 300.00 57.00"),
    ),
    Scenario(
        "partial invoice",
        sample_invoice(type_code="326"),
        stating("100.00", "19.00", "119.00", "S 19 100.00 19.00"),
    ),
    Scenario(
        "final invoice after one deposit",
        _final(("R-A1", "300.00", "57.00", "357.00"), remaining=("700.00", "133.00")),
        _settled("357.00", "833.00"),
    ),
    Scenario(
        "final invoice after three deposits, nothing due",
        _final(
            ("R-A1", "300.00", "57.00", "357.00"),
            ("R-A2", "300.00", "57.00", "357.00"),
            ("R-A3", "400.00", "76.00", "476.00"),
            remaining=("0.00", "0.00"),
        ),
        _settled("1190.00", "0.00"),
    ),
    Scenario(
        "final invoice after too large a deposit",
        _final(("R-A1", "1100.00", "209.00", "1309.00"), remaining=("-100.00", "-19.00")),
        _settled("1309.00", "-119.00"),
    ),
    Scenario(
        "correction with positive amounts",
        sample_invoice(
            kind=DocumentKind.CORRECTION,
            number="K-2026-00001",
            type_code="381",
            preceding=_ORIGINAL,
            lines=(sample_line("2", "12.35"),),
        ),
        # 24.70 x 19 % = 4.693
        stating("24.70", "4.69", "29.39", "S 19 24.70 4.69"),
    ),
    Scenario(
        "cancellation with negative quantities",
        sample_invoice(
            kind=DocumentKind.CANCELLATION,
            number="S-2026-00001",
            type_code="384",
            preceding=_ORIGINAL,
            lines=(sample_line("-3", "33.335"), sample_line("-1", "10.00", id="2", vat_rate="7")),
        ),
        # -100.005 goes away from zero, its VAT is -19.0019
        stating("-110.01", "-19.70", "-129.71", "S 19 -100.01 -19.00", "S 7 -10.00 -0.70"),
    ),
    Scenario(
        "settlement credit note",
        sample_invoice(kind=DocumentKind.CREDIT_NOTE, number="G-2026-00001", type_code="389"),
        stating("100.00", "19.00", "119.00", "S 19 100.00 19.00"),
    ),
    Scenario(
        "correction of a settlement credit note",
        sample_invoice(
            kind=DocumentKind.CREDIT_NOTE_CORRECTION,
            number="G-2026-00002",
            type_code="389",
            preceding=(PrecedingInvoice(number="G-2026-00001", issued_on=date(2026, 11, 30)),),
            lines=(sample_line("-1", "40.00"),),
        ),
        stating("-40.00", "-7.60", "-47.60", "S 19 -40.00 -7.60"),
    ),
)
"""What kind of document it can be."""
