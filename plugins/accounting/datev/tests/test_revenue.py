"""Revenue rows: tax keys, untaxed cases, and VAT divided so that DATEV finds ours."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from faktura.plugin import DebtorData, ExportFile, JournalEntryData
from faktura_datev.debtor_columns import COLUMNS
from faktura_datev.debtor_record import DebtorRecord

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Postings = Callable[..., list[str]]
Export = Callable[..., list[ExportFile]]
Records = Callable[[ExportFile], list[dict[str, str]]]

REDUCED = {"tax_case": "REDUCED", "tax_rate": Decimal(7)}


def untaxed(case: str, **more: object) -> dict[str, object]:
    return {"tax_case": case, "tax_rate": Decimal(0)} | more


@pytest.mark.parametrize(
    ("chart", "owed", "plain", "vat_full", "vat_low"),
    [("SKR03", "1400", "8200", "1776", "1771"), ("SKR04", "1200", "4200", "3806", "3801")],
)
def test_a_revenue_account_without_automatic_gets_the_tax_key(
    leg: Leg, entry: Entry, postings: Postings, chart, owed, plain, vat_full, vat_low
):
    """Key 3 is 19 %, key 2 is 7 %; without a key DATEV would post no VAT."""
    invoice = entry(
        leg(owed, "RECEIVABLES", "D", "226.00", debtor="10001"),
        leg(plain, "REVENUE", "C", "100.00"),
        leg(plain, "REVENUE", "C", "100.00", **REDUCED),
        leg(vat_full, "VAT", "C", "19.00"),
        leg(vat_low, "VAT", "C", "7.00", **REDUCED),
    )

    assert postings(invoice, chart=chart) == [
        f"119,00 S 10001/{plain} 0003",
        f"107,00 S 10001/{plain} 0002",
    ]


@pytest.mark.parametrize(
    ("chart", "owed", "services", "goods", "third", "small", "sales"),
    [
        ("SKR03", "1400", "8336", "8125", "8120", "8195", "8400"),
        ("SKR04", "1200", "4336", "4125", "4120", "4185", "4400"),
    ],
)
def test_untaxed_cases_are_net_and_name_the_buyers_vat_id_where_the_statement_needs_it(
    leg: Leg, entry: Entry, export: Export, records: Records, chart, owed, services, goods, third,
    small, sales,
):  # fmt: skip
    """§ 18a UStG: column 40; Greece is EL. An automatic account posted untaxed needs key 40."""
    invoice = entry(
        leg(owed, "RECEIVABLES", "D", "150.00", debtor="10001"),
        leg(
            services,
            "REVENUE",
            "C",
            "10.00",
            **untaxed("REVERSE_CHARGE", buyer_vat_id="ATU12345678"),
        ),
        leg(
            goods, "REVENUE", "C", "20.00", **untaxed("INTRA_COMMUNITY", buyer_vat_id="GR123456789")
        ),
        leg(third, "REVENUE", "C", "30.00", **untaxed("EXPORT")),
        leg(small, "REVENUE", "C", "40.00", **untaxed("SMALL_BUSINESS")),
        leg(sales, "REVENUE", "C", "50.00", **untaxed("EXEMPT")),
    )

    (file,) = export(invoice, chart=chart)

    assert [
        (
            row["Umsatz (ohne Soll/Haben-Kz)"],
            row["Gegenkonto (ohne BU-Schlüssel)"],
            row.get("BU-Schlüssel"),
            row.get("EU-Land u. UStID (Bestimmung)"),
        )
        for row in records(file)
    ] == [
        ("10,00", services, None, "ATU12345678"),
        ("20,00", goods, None, "EL123456789"),
        ("30,00", third, None, None),
        ("40,00", small, None, None),
        ("50,00", sales, "0040", None),
    ]


@pytest.mark.parametrize("vat_id", ["IE9*54321Z", "IE1+12345A", "IE6433435OA"])
def test_an_irish_vat_id_is_written_as_it_is(
    leg: Leg, entry: Entry, export: Export, records: Records, vat_id: str
):
    """The older ones have a sign; in the posting and in the customer's record."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "10.00", debtor="10001"),
        leg("8336", "REVENUE", "C", "10.00", **untaxed("REVERSE_CHARGE", buyer_vat_id=vat_id)),
    )
    debtor = DebtorData(account="10001", customer_number="K-1", company="Áine", vat_id=vat_id)

    (row,) = records(export(invoice)[0])

    assert row["EU-Land u. UStID (Bestimmung)"] == vat_id
    assert DebtorRecord(debtor).cells[10] == vat_id[2:]
    assert COLUMNS[9].pattern.fullmatch(vat_id[2:])


def test_a_discount_line_is_a_row_on_the_other_side(leg: Leg, entry: Entry, postings: Postings):
    """Shares are signed: 1000.00 less 100.00 net at 19 %."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "1071.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "1000.00"),
        leg("8720", "REVENUE", "D", "100.00"),
        leg("1776", "VAT", "C", "171.00"),
    )

    assert postings(invoice) == ["1190,00 S 10001/8400 -", "119,00 H 10001/8720 -"]


def test_shares_of_one_place_are_one_row_and_nothing_is_written_for_zero(
    leg: Leg, entry: Entry, postings: Postings
):
    """Two lines on one account and cost centre are one posting; +5 and -5 are none."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "23.80", debtor="10001"),
        leg("8400", "REVENUE", "C", "10.00"),
        leg("8401", "REVENUE", "C", "5.00"),
        leg("8400", "REVENUE", "C", "10.00"),
        leg("8401", "REVENUE", "D", "5.00"),
        leg("1776", "VAT", "C", "3.80"),
    )

    assert postings(invoice) == ["23,80 S 10001/8400 -"]


def test_a_spare_cent_of_vat_goes_to_a_row_that_can_carry_it(
    leg: Leg, entry: Entry, postings: Postings
):
    """2 x 100.55 net: 2 x 19.10 is a cent short of 38.21, but 119.66 holds 19.11 as well."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "239.31", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.55"),
        leg("8401", "REVENUE", "C", "100.55"),
        leg("1776", "VAT", "C", "38.21"),
    )

    assert postings(invoice) == ["119,66 S 10001/8400 -", "119,65 S 10001/8401 -"]


def test_vat_that_cannot_be_divided_stays_in_one_row_and_net_is_moved_with_key_40(
    leg: Leg, entry: Entry, postings: Postings
):
    """100.02 and 100.01 carry 19.00 each and cannot carry 19.01, but 200.03 has 38.01 VAT."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "238.04", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.02"),
        leg("8401", "REVENUE", "C", "100.01"),
        leg("1776", "VAT", "C", "38.01"),
    )

    assert postings(invoice) == ["238,04 S 10001/8400 -", "100,01 S 8400/8401 0040"]


def test_net_moved_between_accounts_without_automatic_needs_no_key(
    leg: Leg, entry: Entry, postings: Postings
):
    """Key 40 would lift nothing there."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "238.04", debtor="10001"),
        leg("8200", "REVENUE", "C", "100.02"),
        leg("8201", "REVENUE", "C", "100.01"),
        leg("1776", "VAT", "C", "38.01"),
    )

    assert postings(invoice) == ["238,04 S 10001/8200 0003", "100,01 S 8200/8201 -"]


def test_net_moved_between_cost_centres_meets_at_the_debtor(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """A row has one cost centre for both of its accounts, so the move takes two rows."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "238.04", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.02", cost_centre="100"),
        leg("8400", "REVENUE", "C", "100.01", cost_centre="200", cost_object="P 7"),
        leg("1776", "VAT", "C", "38.01"),
    )

    (file,) = export(invoice)

    assert [
        (
            row["Umsatz (ohne Soll/Haben-Kz)"],
            row["Soll/Haben-Kennzeichen"],
            row["Konto"],
            row.get("BU-Schlüssel"),
            row["KOST1 - Kostenstelle"],
            row.get("KOST2 - Kostenstelle"),
        )
        for row in records(file)
    ] == [
        ("238,04", "S", "10001", None, "100", None),
        ("100,01", "S", "10001", "0040", "200", "P 7"),
        ("100,01", "H", "10001", "0040", "100", None),
    ]


def test_an_invoice_of_shares_that_cancel_is_only_moved(leg: Leg, entry: Entry, postings: Postings):
    """0.03 on one account, -0.03 on another: no VAT, no debtor, still two accounts moved."""
    swap = entry(
        leg("1400", "RECEIVABLES", "D", "1.00", debtor="10001"),
        leg("1400", "RECEIVABLES", "C", "1.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "0.03"),
        leg("8401", "REVENUE", "D", "0.03"),
    )

    assert postings(swap) == ["0,04 S 10001/8400 -", "0,04 H 10001/8401 -"]


def test_shares_that_cancel_without_dividing_leave_only_the_moves(
    leg: Leg, entry: Entry, postings: Postings
):
    """19.00 twice is a cent short of the 38.01 that 200.04 carries; together there is no VAT."""
    swap = entry(
        leg("1400", "RECEIVABLES", "D", "1.00", debtor="10001"),
        leg("1400", "RECEIVABLES", "C", "1.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.02"),
        leg("8401", "REVENUE", "C", "100.02"),
        leg("8402", "REVENUE", "D", "200.04"),
    )

    assert postings(swap) == ["100,02 S 8402/8400 0040", "100,02 S 8402/8401 0040"]
