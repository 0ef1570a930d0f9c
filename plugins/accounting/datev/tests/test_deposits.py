"""The rows of deposits: asked for, received with VAT, deducted of the final invoice (F061)."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.plugin import JournalEntryData

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Postings = Callable[..., list[str]]

# (chart, receivables, requested, received 19 %, received 7 %, VAT 19 %, VAT 7 %, revenue)
CHARTS = pytest.mark.parametrize(
    ("chart", "owed", "asked", "full", "low", "vat_full", "vat_low", "revenue"),
    [
        ("SKR03", "1400", "1593", "1718", "1711", "1776", "1771", "8400"),
        ("SKR04", "1200", "1495", "3272", "3260", "3806", "3801", "4400"),
    ],
)
REDUCED = {"tax_case": "REDUCED", "tax_rate": Decimal(7)}


@CHARTS
def test_a_deposit_is_the_debtor_against_the_clearing_account(
    leg: Leg, entry: Entry, postings: Postings, chart, owed, asked, full, low, vat_full, vat_low, revenue
):  # fmt: skip
    """10001 S 1593, without VAT."""
    deposit = entry(
        leg(owed, "RECEIVABLES", "D", "1190.00", debtor="10001"),
        leg(asked, "DEPOSITS_REQUESTED", "C", "1190.00"),
        kind="DEPOSIT",
    )

    assert postings(deposit, chart=chart) == [f"1190,00 S 10001/{asked} -"]


@CHARTS
def test_a_receipt_is_one_gross_row_a_rate_that_datev_takes_vat_out_of(
    leg: Leg, entry: Entry, postings: Postings, chart, owed, asked, full, low, vat_full, vat_low, revenue
):  # fmt: skip
    """1593 S 1718 and 1593 S 1711: the automatic accounts carry the rate."""
    received = entry(
        leg(asked, "DEPOSITS_REQUESTED", "D", "172.50"),
        leg(full, "DEPOSITS_RECEIVED", "C", "100.00"),
        leg(low, "DEPOSITS_RECEIVED", "C", "50.00", **REDUCED),
        leg(vat_full, "VAT", "C", "19.00"),
        leg(vat_low, "VAT", "C", "3.50", **REDUCED),
        kind="DEPOSIT_RECEIVED",
    )

    assert postings(received, chart=chart) == [
        f"119,00 S {asked}/{full} -",
        f"53,50 S {asked}/{low} -",
    ]


@CHARTS
def test_a_deduction_dissolves_the_deposit_with_its_vat(
    leg: Leg, entry: Entry, postings: Postings, chart, owed, asked, full, low, vat_full, vat_low, revenue
):  # fmt: skip
    """10001 S 8400 5950.00, then 10001 H 1718 1190.00."""
    final = entry(
        leg(owed, "RECEIVABLES", "D", "5950.00", debtor="10001"),
        leg(revenue, "REVENUE", "C", "5000.00"),
        leg(vat_full, "VAT", "C", "950.00"),
    )
    deducted = entry(
        leg(full, "DEPOSITS_RECEIVED", "D", "1000.00"),
        leg(vat_full, "VAT", "D", "190.00"),
        leg(owed, "RECEIVABLES", "C", "1190.00", debtor="10001"),
        kind="DEPOSIT_DEDUCTED",
        seq=2,
    )

    assert postings(final, deducted, chart=chart) == [
        f"5950,00 S 10001/{revenue} -",
        f"1190,00 H 10001/{full} -",
    ]


def test_a_returned_receipt_is_the_same_row_the_other_way_round(
    leg: Leg, entry: Entry, postings: Postings
):
    """1593 H 1718."""
    returned = entry(
        leg("1593", "DEPOSITS_REQUESTED", "C", "119.00"),
        leg("1718", "DEPOSITS_RECEIVED", "D", "100.00"),
        leg("1776", "VAT", "D", "19.00"),
        kind="DEPOSIT_RECEIVED",
    )

    assert postings(returned) == ["119,00 H 1593/1718 -"]


def test_a_part_whose_vat_is_a_cent_beside_its_gross_is_two_rows(
    leg: Leg, entry: Entry, postings: Postings
):
    """Of 52.34 DATEV finds 8.36; for 8.35 it gets 52.32 (8.3536) and 0.02 (0.0032)."""
    part = entry(
        leg("1593", "DEPOSITS_REQUESTED", "D", "52.34"),
        leg("1718", "DEPOSITS_RECEIVED", "C", "43.99"),
        leg("1776", "VAT", "C", "8.35"),
        kind="DEPOSIT_RECEIVED",
    )

    assert postings(part) == ["52,32 S 1593/1718 -", "0,02 S 1593/1718 -"]


def test_vat_that_is_not_that_of_the_rate_is_refused(leg: Leg, entry: Entry, postings: Postings):
    """118.00 net and 1.00 VAT at 19 % is a mistake, not a rounding."""
    wrong = entry(
        leg("1593", "DEPOSITS_REQUESTED", "D", "119.00"),
        leg("1718", "DEPOSITS_RECEIVED", "C", "118.00"),
        leg("1776", "VAT", "C", "1.00"),
        kind="DEPOSIT_RECEIVED",
    )

    with pytest.raises(ExportRefused, match=r"100 cents are not 19 % VAT in 11900 cents"):
        postings(wrong)


def test_a_deposit_without_vat_is_one_row(leg: Leg, entry: Entry, postings: Postings):
    """An account without a function needs no key."""
    exempt = {"tax_case": "EXEMPT", "tax_rate": Decimal(0)}
    received = entry(
        leg("1593", "DEPOSITS_REQUESTED", "D", "100.00"),
        leg("1710", "DEPOSITS_RECEIVED", "C", "100.00", **exempt),
        kind="DEPOSIT_RECEIVED",
    )

    assert postings(received) == ["100,00 S 1593/1710 -"]
