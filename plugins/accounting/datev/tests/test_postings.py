"""The rows of every posting that concerns invoices, corrections, payments and returns."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from faktura.plugin import ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Postings = Callable[..., list[str]]
Export = Callable[..., list[ExportFile]]
Records = Callable[[ExportFile], list[dict[str, str]]]

REDUCED = {"tax_case": "REDUCED", "tax_rate": Decimal(7)}
# (chart, receivables, bank, revenue 19 %, revenue 7 %, VAT 19 %, VAT 7 %, bank fees)
CHARTS = pytest.mark.parametrize(
    ("chart", "owed", "bank", "full", "low", "vat_full", "vat_low", "fees"),
    [
        ("SKR03", "1400", "1200", "8400", "8300", "1776", "1771", "4970"),
        ("SKR04", "1200", "1800", "4400", "4300", "3806", "3801", "6855"),
    ],
)


@CHARTS
def test_an_invoice_debits_the_debtor_with_the_gross_amount(
    leg: Leg,
    entry: Entry,
    postings: Postings,
    chart,
    owed,
    bank,
    full,
    low,
    vat_full,
    vat_low,
    fees,
):
    """Umsatz is gross; the automatic account carries the rate, so there is no key (P44)."""
    invoice = entry(
        leg(owed, "RECEIVABLES", "D", "1190.00", debtor="10001"),
        leg(full, "REVENUE", "C", "1000.00"),
        leg(vat_full, "VAT", "C", "190.00"),
    )

    assert postings(invoice, chart=chart) == [f"1190,00 S 10001/{full} -"]


@CHARTS
def test_an_invoice_with_two_rates_is_one_row_per_account_and_rate(
    leg: Leg,
    entry: Entry,
    postings: Postings,
    chart,
    owed,
    bank,
    full,
    low,
    vat_full,
    vat_low,
    fees,
):
    """The rows sum to the invoice's gross: 119.00 + 53.50 = 172.50."""
    invoice = entry(
        leg(owed, "RECEIVABLES", "D", "172.50", debtor="10001"),
        leg(full, "REVENUE", "C", "100.00"),
        leg(low, "REVENUE", "C", "50.00", **REDUCED),
        leg(vat_full, "VAT", "C", "19.00"),
        leg(vat_low, "VAT", "C", "3.50", **REDUCED),
    )

    assert postings(invoice, chart=chart) == [
        f"119,00 S 10001/{full} -",
        f"53,50 S 10001/{low} -",
    ]


@CHARTS
def test_a_correction_credits_the_debtor_and_its_own_correction_debits_it(
    leg: Leg,
    entry: Entry,
    postings: Postings,
    chart,
    owed,
    bank,
    full,
    low,
    vat_full,
    vat_low,
    fees,
):
    """Plain opposite-side rows with their own document numbers, no general reversal."""
    correction = entry(
        leg(owed, "RECEIVABLES", "C", "119.00", debtor="10001"),
        leg(full, "REVENUE", "D", "100.00"),
        leg(vat_full, "VAT", "D", "19.00"),
        kind="CORRECTION",
    )
    back_again = entry(
        leg(owed, "RECEIVABLES", "D", "119.00", debtor="10001"),
        leg(full, "REVENUE", "C", "100.00"),
        leg(vat_full, "VAT", "C", "19.00"),
        kind="CORRECTION",
        seq=2,
    )

    assert postings(correction, back_again, chart=chart) == [
        f"119,00 H 10001/{full} -",
        f"119,00 S 10001/{full} -",
    ]


@CHARTS
def test_payment_refund_return_and_fee_are_seen_from_the_debited_account(
    leg: Leg,
    entry: Entry,
    postings: Postings,
    chart,
    owed,
    bank,
    full,
    low,
    vat_full,
    vat_low,
    fees,
):
    """bank S debtor; debtor S bank for what goes back; fee S bank."""
    payment = entry(
        leg(bank, "BANK", "D", "1190.00"),
        leg(owed, "RECEIVABLES", "C", "1190.00", debtor="10001"),
        kind="PAYMENT",
    )
    refund = entry(
        leg(owed, "RECEIVABLES", "D", "20.00", debtor="10001"),
        leg(bank, "BANK", "C", "20.00"),
        kind="REFUND",
        seq=2,
    )
    returned = entry(
        leg(owed, "RECEIVABLES", "D", "1190.00", debtor="10001"),
        leg(bank, "BANK", "C", "1190.00"),
        kind="RETURN",
        seq=3,
    )
    fee = entry(
        leg(fees, "BANK_FEES", "D", "4.50"),
        leg(bank, "BANK", "C", "4.50"),
        kind="RETURN_FEE",
        seq=4,
    )

    assert postings(payment, refund, returned, fee, chart=chart) == [
        f"1190,00 S {bank}/10001 -",
        f"20,00 S 10001/{bank} -",
        f"1190,00 S 10001/{bank} -",
        f"4,50 S {fees}/{bank} -",
    ]


def test_a_transfer_that_pays_two_debtors_is_one_row_each(
    leg: Leg, entry: Entry, postings: Postings
):
    """Clearing needs one row per document; the bank's rows sum to the statement line."""
    payment = entry(
        leg("1200", "BANK", "D", "30.00"),
        leg("1400", "RECEIVABLES", "C", "10.00", debtor="10001"),
        leg("1400", "RECEIVABLES", "C", "20.00", debtor="10002"),
        kind="PAYMENT",
    )

    assert postings(payment) == ["10,00 S 1200/10001 -", "20,00 S 1200/10002 -"]


def test_a_payment_net_of_the_providers_fee_uses_the_bank_as_the_contra_of_both(
    leg: Leg, entry: Entry, postings: Postings
):
    """PSP settlement: 100 from the debtor, 2 of them kept as fee."""
    payment = entry(
        leg("4970", "BANK_FEES", "D", "2.00"),
        leg("1210", "BANK", "D", "98.00"),
        leg("1400", "RECEIVABLES", "C", "100.00", debtor="10001"),
        kind="PAYMENT",
    )

    assert postings(payment) == ["2,00 S 4970/1210 -", "100,00 S 1210/10001 -"]


def test_a_write_off_without_vat_is_a_general_entry_of_two_legs(
    leg: Leg, entry: Entry, postings: Postings
):
    """Account 2400 has no automatic function; leading zeros of accounts are dropped."""
    lost = entry(
        leg("2400", "BANK_FEES", "D", "5.00"),
        leg("1400", "RECEIVABLES", "C", "5.00", debtor="10001"),
        kind="WRITE_OFF",
    )
    deferral = entry(
        leg("0990", "BANK_FEES", "D", "7.00"), leg("4970", "BANK_FEES", "C", "7.00"), seq=2
    )

    assert postings(lost, deferral) == ["5,00 S 2400/10001 -", "7,00 S 990/4970 -"]


def test_a_row_carries_document_due_date_text_mandate_and_the_way_back_to_the_journal(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """Belegfeld 2 is the due date as TTMMJJ, column 117 as TTMMJJJJ; a dot is a slash."""
    correction = entry(
        leg("1400", "RECEIVABLES", "C", "119.00", debtor="10001"),
        leg("8400", "REVENUE", "D", "100.00", cost_centre="100"),
        leg("1776", "VAT", "D", "19.00"),
        kind="CORRECTION",
        key="inv:RK.7",
        document_number="RK.7",
        due_on=date(2026, 12, 1),
        customer_number="10001",
        customer_name='Müller "& Söhne"; Jena',
        text="Korrektur zu RE-1001",
        reverses_key="inv:RE-1001",
        mandate="MND-1",
    )

    (file,) = export(correction)

    assert records(file) == [
        {
            "Umsatz (ohne Soll/Haben-Kz)": "119,00",
            "Soll/Haben-Kennzeichen": "H",
            "Konto": "10001",
            "Gegenkonto (ohne BU-Schlüssel)": "8400",
            "Belegdatum": "1511",
            "Belegfeld 1": "RK/7",
            "Belegfeld 2": "011226",
            "Buchungstext": 'Müller "& Söhne"; Jena Korrektur zu RE-1001',
            "Beleginfo - Art 1": "Journal",
            "Beleginfo - Inhalt 1": "inv:RK.7",
            "Beleginfo - Art 2": "Kunde",
            "Beleginfo - Inhalt 2": "10001",
            "Beleginfo - Art 3": "Kehrt um",
            "Beleginfo - Inhalt 3": "inv:RE-1001",
            "KOST1 - Kostenstelle": "100",
            "SEPA-Mandatsreferenz": "MND-1",
            "Festschreibung": "0",
            "Fälligkeit": "01122026",
        }
    ]


def test_a_clients_own_functions_override_the_chart(
    leg: Leg, entry: Entry, exporter, batch, records: Records
):
    """8400 without automatic gets the key; 8500 with 19 % of its own gets none."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "238.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.00"),
        leg("8500", "REVENUE", "C", "100.00"),
        leg("1776", "VAT", "C", "38.00"),
    )
    own = exporter(automatic_accounts={"8400": None, "8500": "19"})

    (file,) = own.export(batch(), GivenSource([invoice]))

    assert [
        (row["Gegenkonto (ohne BU-Schlüssel)"], row.get("BU-Schlüssel")) for row in records(file)
    ] == [("8400", "0003"), ("8500", None)]


def test_longer_accounts_have_longer_debtors(leg: Leg, entry: Entry, exporter, batch, records):
    """At length 6 the debtor has 7 digits, and 840000 is automatic as 8400 is."""
    invoice = entry(
        leg("140000", "RECEIVABLES", "D", "119.00", debtor="1000100"),
        leg("840000", "REVENUE", "C", "100.00"),
        leg("177600", "VAT", "C", "19.00"),
    )

    (file,) = exporter(account_length=6).export(batch(), GivenSource([invoice]))

    assert [(row["Konto"], row["Gegenkonto (ohne BU-Schlüssel)"]) for row in records(file)] == [
        ("1000100", "840000")
    ]
