"""Losses, other countries' VAT, historic rates, charts of one's own, and general reversals."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Chart
from faktura.plugin import ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource
from faktura_datev.accounts import Functions

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Postings = Callable[..., list[str]]
Export = Callable[..., list[ExportFile]]
Records = Callable[[ExportFile], list[dict[str, str]]]

STANDARD = {"tax_case": "STANDARD", "tax_rate": Decimal(19), "tax_country": "DE"}
AUSTRIA = {"tax_case": "OSS", "tax_rate": Decimal(20), "tax_country": "AT"}
GREECE = {"tax_case": "OSS", "tax_rate": Decimal(24), "tax_country": "GR"}


@pytest.mark.parametrize(
    ("chart", "owed", "loss", "vat"),
    [("SKR03", "1400", "2406", "1776"), ("SKR04", "1200", "6936", "3806")],
)
def test_a_write_off_is_gross_and_its_undoing_is_the_same_row_the_other_way_round(
    leg: Leg, entry: Entry, postings: Postings, chart: str, owed: str, loss: str, vat: str
):
    """§ 17 (2) no. 1 UStG: DATEV corrects 190.00 by itself; recovered, it is due again."""
    lost = entry(
        leg(loss, "WRITE_OFF", "D", "1000.00", **STANDARD),
        leg(vat, "VAT", "D", "190.00", **STANDARD),
        leg(owed, "RECEIVABLES", "C", "1190.00", debtor="10001"),
        kind="WRITE_OFF",
    )
    recovered = entry(
        leg(loss, "WRITE_OFF", "C", "1000.00", **STANDARD),
        leg(vat, "VAT", "C", "190.00", **STANDARD),
        leg(owed, "RECEIVABLES", "D", "1190.00", debtor="10001"),
        kind="RECOVERY",
        seq=2,
        reverses_key="wo:1",
    )

    assert postings(lost, recovered, chart=chart) == [
        f"1190,00 H 10001/{loss} -",
        f"1190,00 S 10001/{loss} -",
    ]


@pytest.mark.parametrize(
    ("chart", "owed", "given", "vat"),
    [("SKR03", "1400", "8736", "1776"), ("SKR04", "1200", "4736", "3806")],
)
def test_cash_discount_is_gross_and_the_account_corrects_its_vat(
    leg: Leg, entry: Entry, postings: Postings, chart: str, owed: str, given: str, vat: str
):
    """§ 17 (1) UStG: 23.80 of 1190.00; DATEV takes the 3.80 out of it by itself."""
    discount = entry(
        leg(given, "CASH_DISCOUNT", "D", "20.00", **STANDARD),
        leg(vat, "VAT", "D", "3.80", **STANDARD),
        leg(owed, "RECEIVABLES", "C", "23.80", debtor="10001"),
        kind="CASH_DISCOUNT",
    )

    assert postings(discount, chart=chart) == [f"23,80 H 10001/{given} -"]


def test_a_part_of_a_discount_a_cent_beside_its_vat_is_two_rows(
    leg: Leg, entry: Entry, postings: Postings
):
    """As of a write-off: of 3.97 DATEV finds 0.63; in 3.93 and 0.04 the 0.64 of the journal."""
    discount = entry(
        leg("8736", "CASH_DISCOUNT", "D", "3.33", **STANDARD),
        leg("1776", "VAT", "D", "0.64", **STANDARD),
        leg("1400", "RECEIVABLES", "C", "3.97", debtor="10001"),
        kind="CASH_DISCOUNT",
    )

    assert postings(discount) == ["3,93 H 10001/8736 -", "0,04 H 10001/8736 -"]


def test_a_write_off_without_vat_of_an_opening_item_has_no_key(
    leg: Leg, entry: Entry, postings: Postings
):
    """2400 has no function of its own."""
    lost = entry(
        leg("2400", "WRITE_OFF", "D", "5.00"),
        leg("1400", "RECEIVABLES", "C", "5.00", debtor="10001"),
        kind="WRITE_OFF",
    )

    assert postings(lost) == ["5,00 H 10001/2400 -"]


def test_a_part_written_off_a_cent_beside_its_vat_is_two_rows(
    leg: Leg, entry: Entry, postings: Postings
):
    """Of 3.97 DATEV finds 0.63; in 3.93 and 0.04 it finds the 0.64 of the journal."""
    lost = entry(
        leg("2406", "WRITE_OFF", "D", "3.33", **STANDARD),
        leg("1776", "VAT", "D", "0.64", **STANDARD),
        leg("1400", "RECEIVABLES", "C", "3.97", debtor="10001"),
        kind="WRITE_OFF",
    )

    assert postings(lost) == ["3,93 H 10001/2406 -", "0,04 H 10001/2406 -"]


def test_income_from_written_off_debts_is_taxed_by_key(leg: Leg, entry: Entry, postings: Postings):
    """2732 has no function of its own: key 3."""
    income = entry(
        leg("1200", "BANK", "D", "119.00"),
        leg("2732", "RECOVERED", "C", "100.00", **STANDARD),
        leg("1776", "VAT", "C", "19.00", **STANDARD),
        kind="RECOVERY",
    )

    assert postings(income) == ["119,00 S 1200/2732 0003"]


@pytest.fixture
def abroad(leg: Leg, entry: Entry) -> JournalEntryData:
    """Electronic services of 120.00 to Austria and 124.00 to Greece."""
    return entry(
        leg("1400", "RECEIVABLES", "D", "244.00", debtor="10001"),
        leg("8331", "REVENUE", "C", "100.00", **AUSTRIA),
        leg("8331", "REVENUE", "C", "100.00", **GREECE),
        leg("1768", "VAT", "C", "20.00", **AUSTRIA),
        leg("1768", "VAT", "C", "24.00", **GREECE),
    )


def test_oss_names_country_and_rate_under_the_key_the_adviser_gave(
    abroad: JournalEntryData, exporter, batch, records: Records
):
    """§ 18j UStG: columns 40 and 41; Greece is EL."""
    (file,) = exporter(oss_key="0010").export(batch(), GivenSource([abroad]))

    assert [
        (
            row["Umsatz (ohne Soll/Haben-Kz)"],
            row["Gegenkonto (ohne BU-Schlüssel)"],
            row["BU-Schlüssel"],
            row["EU-Land u. UStID (Bestimmung)"],
            row["EU-Steuersatz (Bestimmung)"],
        )
        for row in records(file)
    ] == [("120,00", "8331", "0010", "AT", "20,00"), ("124,00", "8331", "0010", "EL", "24,00")]


def test_oss_without_a_key_or_on_an_account_datev_does_not_know_is_refused(
    abroad: JournalEntryData, leg: Leg, entry: Entry, exporter, batch
):
    """Nothing is guessed; an account of one's own is named in `oss_accounts`."""
    own = entry(
        leg("1400", "RECEIVABLES", "D", "120.00", debtor="10001"),
        leg("8332", "REVENUE", "C", "100.00", **AUSTRIA),
        leg("1769", "VAT", "C", "20.00", **AUSTRIA),
    )
    automatic = entry(
        leg("1400", "RECEIVABLES", "D", "120.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.00", **AUSTRIA),
        leg("1768", "VAT", "C", "20.00", **AUSTRIA),
    )

    def refusal(entry: JournalEntryData, **settings: object) -> str:
        with pytest.raises(ExportRefused) as refused:
            list(exporter(**settings).export(batch(), GivenSource([entry])))
        return f"{refused.value.place}: {refused.value.problem}"

    assert refusal(abroad) == (
        "entry inv:RE-1001, account 8331: VAT of another country (OSS) has no tax key"
    )
    assert refusal(own, oss_key="0010").endswith(
        "DATEV taxes it at no rate of another country (OSS)"
    )
    assert refusal(automatic, oss_key="0010", oss_accounts={"8400": "1768"}).endswith(
        "account 8400: DATEV taxes it at 19 % by itself, the entry has 20 %"
    )
    settings = {"oss_key": "0010", "oss_accounts": {"8332": "1769"}}
    assert len(list(exporter(**settings).export(batch(), GivenSource([own])))) == 1


def test_sixteen_per_cent_has_keys_and_an_account_the_adviser_names(
    leg: Leg, entry: Entry, exporter, batch, records: Records
):
    """Key 5 on revenue, key 7 on input VAT: corrections of documents of 2020."""
    historic = {"tax_case": "STANDARD", "tax_rate": Decimal(16), "tax_country": "DE"}
    correction = entry(
        leg("1400", "RECEIVABLES", "C", "116.00", debtor="10001"),
        leg("8200", "REVENUE", "D", "100.00", **historic),
        leg("1775", "VAT", "D", "16.00", **historic),
        kind="CORRECTION",
    )
    credit = entry(
        leg("1400", "RECEIVABLES", "C", "116.00", debtor="10001"),
        leg("4760", "COMMISSION", "D", "100.00", **historic),
        leg("1575", "INPUT_VAT", "D", "16.00", **historic),
        kind="CREDIT_NOTE",
        seq=2,
    )
    own = exporter(vat_accounts={"16": "1775"}, input_vat_accounts={"16": "1575"})

    (file,) = own.export(batch(), GivenSource([correction, credit]))

    assert [row["BU-Schlüssel"] for row in records(file)] == ["0005", "0007"]


def test_a_chart_of_ones_own_has_no_functions_but_the_settings(
    leg: Leg, entry: Entry, exporter, batch, records: Records
):
    """Header field 27 is empty; 8400 means nothing until somebody says so."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "238.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.00"),
        leg("8500", "REVENUE", "C", "100.00"),
        leg("3999", "VAT", "C", "38.00"),
    )
    own = exporter(vat_accounts={"19": "3999"}, automatic_accounts={"8500": "19"})

    (file,) = own.export(batch(chart="OWN"), GivenSource([invoice]))

    header = file.content.decode("cp1252").split("\r\n")[0]
    assert header.split(";")[26] == '""'
    assert [row.get("BU-Schlüssel") for row in records(file)] == ["0003", None]


@pytest.mark.parametrize(
    ("kind", "asked", "written"),
    [
        ("CANCELLATION", True, "1"),
        ("CANCELLATION", False, None),
        ("CORRECTION", True, None),
    ],
)
def test_only_a_full_cancellation_is_a_general_reversal_and_only_where_asked(
    leg: Leg, entry: Entry, exporter, batch, records: Records, kind, asked, written
):
    """The row is on the other side as ever; column 118 changes how DATEV shows it."""
    cancelled = entry(
        leg("1400", "RECEIVABLES", "C", "119.00", debtor="10001"),
        leg("8400", "REVENUE", "D", "100.00"),
        leg("1776", "VAT", "D", "19.00"),
        kind="CORRECTION",
        document_kind=kind,
    )

    (file,) = exporter(general_reversal=asked).export(batch(), GivenSource([cancelled]))
    (row,) = records(file)

    assert row["Soll/Haben-Kennzeichen"] == "H"
    assert row.get("Generalumkehr (GU)") == written


def test_a_row_names_the_image_of_its_document(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """F105: Beleglink, with its quotes doubled on disk."""
    link = "cb6a8f8f-099a-43a9-8baa-0cb64e299ba1"
    payment = entry(
        leg("1200", "BANK", "D", "10.00"),
        leg("1400", "RECEIVABLES", "C", "10.00", debtor="10001"),
        kind="PAYMENT",
        document_link=UUID(link),
        value_date=date(2026, 11, 3),
    )

    (file,) = export(payment)

    assert records(file)[0]["Beleglink"] == f'BEDI "{link}"'
    assert f'"BEDI ""{link}"""'.encode() in file.content


def test_every_automatic_account_of_the_charts_is_known():
    """datev.md 2: the lists of both charts; ranges count."""
    accounts = {
        Chart.SKR03: (
            "1711 1712 1714 1717 1718 2401 2402 2403 2406 2408 2431 2436 8100 8105 8110 8120 8125 "
            "8130 8135 8140 8150 8160 8165 8191 8192 8194 8198 8199 8290 8300 8310 8315 8334 8335 "
            "8336 8337 8338 8339 8340 8400 8401 8405 8410 8449 8514 8515 8519 8609 8625 8630 8640 "
            "8649 8701 8705 8710 8719 8720 8724 8725 8726 8750 8760 8780 8790 3300 3400"
        ),
        Chart.SKR04: (
            "3260 3261 3264 3270 3272 4100 4105 4110 4120 4125 4130 4133 4134 4135 4136 4139 4140 "
            "4150 4160 4165 4184 4290 4300 4310 4315 4334 4337 4340 4400 4410 4449 4564 4565 4569 "
            "4701 4710 4719 4720 4724 4726 4750 4760 4780 4790 4834 4836 6281 6286 6931 6932 6933 "
            "6936 6938 5300 5400"
        ),
    }

    for chart, listed in accounts.items():
        functions = Functions(chart)
        assert [each for each in listed.split() if functions.automatic(each) is None] == []
    assert Functions(Chart.SKR03).automatic("8200") is None
    assert Functions(Chart.SKR04).automatic("4331") is None
