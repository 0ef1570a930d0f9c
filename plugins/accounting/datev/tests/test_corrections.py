"""Corrections a cent beside their own VAT, and credit notes with input VAT, as rows of DATEV."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.plugin import JournalEntryData

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Postings = Callable[..., list[str]]

STANDARD = {"tax_case": "STANDARD", "tax_rate": Decimal(19), "tax_country": "DE"}
REDUCED = {"tax_case": "REDUCED", "tax_rate": Decimal(7), "tax_country": "DE"}


def test_the_second_third_of_an_invoice_is_two_rows(leg: Leg, entry: Entry, postings: Postings):
    """P18: of 10.00 + 1.90 the second 33.33 % are 3.33 + 0.64; DATEV finds 0.63 in 3.97.

    In 3.93 it finds 0.63 and in 0.04 it finds 0.01: together the 0.64 of the journal.
    """
    correction = entry(
        leg("1400", "RECEIVABLES", "C", "3.97", debtor="10001"),
        leg("8400", "REVENUE", "D", "3.33"),
        leg("1776", "VAT", "D", "0.64"),
        kind="CORRECTION",
    )

    assert postings(correction) == ["3,93 H 10001/8400 -", "0,04 H 10001/8400 -"]


def test_a_cent_with_a_cent_of_vat_is_a_row_and_one_back(
    leg: Leg, entry: Entry, postings: Postings
):
    """No parts of 0.02 have VAT; DATEV finds 0.01 in 0.04 (0.64 cents), nothing in 0.02 (0.32)."""
    correction = entry(
        leg("1400", "RECEIVABLES", "C", "0.02", debtor="10001"),
        leg("8400", "REVENUE", "D", "0.01"),
        leg("1776", "VAT", "D", "0.01"),
        kind="CORRECTION",
    )

    assert postings(correction) == ["0,04 H 10001/8400 -", "0,02 S 10001/8400 -"]


def test_an_invoice_a_cent_beside_its_vat_is_still_refused(
    leg: Leg, entry: Entry, postings: Postings
):
    """Only what is taken back in parts may be: an invoice has the VAT of its own amount."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "3.97", debtor="10001"),
        leg("8400", "REVENUE", "C", "3.33"),
        leg("1776", "VAT", "C", "0.64"),
    )

    with pytest.raises(ExportRefused, match="64 cents are not 19"):
        postings(invoice)


def test_two_cents_are_refused_in_a_correction_too(leg: Leg, entry: Entry, postings: Postings):
    """That much is never a matter of rounding."""
    correction = entry(
        leg("1400", "RECEIVABLES", "C", "3.99", debtor="10001"),
        leg("8400", "REVENUE", "D", "3.33"),
        leg("1776", "VAT", "D", "0.66"),
        kind="CORRECTION",
    )

    with pytest.raises(ExportRefused, match="66 cents are not 19"):
        postings(correction)


@pytest.mark.parametrize(
    ("chart", "owed", "cost", "full", "low"),
    [("SKR03", "1400", "4760", "1576", "1571"), ("SKR04", "1200", "6770", "1406", "1401")],
)
def test_a_credit_note_has_the_keys_of_input_vat(
    leg: Leg,
    entry: Entry,
    postings: Postings,
    chart: str,
    owed: str,
    cost: str,
    full: str,
    low: str,
):
    """F066: 119.00 with key 9 and 107.00 with key 8 to the partner; the correction with S."""
    credit = entry(
        leg(owed, "RECEIVABLES", "C", "226.00", debtor="10001"),
        leg(cost, "COMMISSION", "D", "100.00", **STANDARD),
        leg(cost, "COMMISSION", "D", "100.00", **REDUCED),
        leg(full, "INPUT_VAT", "D", "19.00", **STANDARD),
        leg(low, "INPUT_VAT", "D", "7.00", **REDUCED),
        kind="CREDIT_NOTE",
    )
    correction = entry(
        leg(owed, "RECEIVABLES", "D", "119.00", debtor="10001"),
        leg(cost, "COMMISSION", "C", "100.00", **STANDARD),
        leg(full, "INPUT_VAT", "C", "19.00", **STANDARD),
        kind="CREDIT_NOTE",
        seq=2,
    )

    assert postings(credit, correction, chart=chart) == [
        f"119,00 H 10001/{cost} 0009",
        f"107,00 H 10001/{cost} 0008",
        f"119,00 S 10001/{cost} 0009",
    ]


def test_a_credit_note_without_vat_has_no_key(leg: Leg, entry: Entry, postings: Postings):
    """A partner who is a small business, or we are one: the commission alone."""
    credit = entry(
        leg("1400", "RECEIVABLES", "C", "100.00", debtor="10001"),
        leg("4760", "COMMISSION", "D", "100.00"),
        kind="CREDIT_NOTE",
    )

    assert postings(credit) == ["100,00 H 10001/4760 -"]


def test_input_vat_on_another_account_is_refused_by_name(
    leg: Leg, entry: Entry, postings: Postings
):
    """DATEV collects it on 1576, whatever the tenant set."""
    credit = entry(
        leg("1400", "RECEIVABLES", "C", "119.00", debtor="10001"),
        leg("4760", "COMMISSION", "D", "100.00", **STANDARD),
        leg("1570", "INPUT_VAT", "D", "19.00", **STANDARD),
        kind="CREDIT_NOTE",
    )

    with pytest.raises(ExportRefused, match="DATEV collects 19 % on 1576"):
        postings(credit)


def test_a_payment_set_unpaid_goes_back_from_the_bank(leg: Leg, entry: Entry, postings: Postings):
    """F065: the payment the other way round: debtor S bank."""
    unpaid = entry(
        leg("1200", "BANK", "C", "35.70"),
        leg("1400", "RECEIVABLES", "D", "35.70", debtor="10001"),
        kind="SET_UNPAID",
        reverses_key="pay:1",
    )

    assert postings(unpaid) == ["35,70 S 10001/1200 -"]
