"""The rows of deferrals and releases: net moved off and onto revenue, never taxed again (F108, F109)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.plugin import ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Postings = Callable[..., list[str]]
Export = Callable[..., list[ExportFile]]
Records = Callable[[ExportFile], list[dict[str, str]]]


@pytest.mark.parametrize(
    ("chart", "revenue", "deferred"), [("SKR03", "8400", "0990"), ("SKR04", "4400", "3900")]
)
def test_a_deferral_and_its_release_lift_the_automatic_function(
    leg: Leg, entry: Entry, postings: Postings, chart: str, revenue: str, deferred: str
):
    """1,000.00 net of November 2026 to November 2027: without key 40 DATEV would take VAT out again."""
    deferral = entry(
        leg(revenue, "REVENUE", "D", "956.16"),
        leg(deferred, "DEFERRED_REVENUE", "C", "956.16"),
        kind="DEFERRAL",
    )
    release = entry(
        leg(deferred, "DEFERRED_REVENUE", "D", "84.93"),
        leg(revenue, "REVENUE", "C", "84.93"),
        kind="RELEASE",
        seq=2,
    )
    written = deferred.lstrip("0")

    assert postings(deferral, release, chart=chart) == [
        f"956,16 S {revenue}/{written} 0040",
        f"84,93 S {written}/{revenue} 0040",
    ]


def test_a_contra_account_without_function_needs_no_key(leg: Leg, entry: Entry, postings: Postings):
    """The other way of datev.md: account 8200 keeps the revenue account at its VAT."""
    deferral = entry(
        leg("8200", "DEFERRAL_CONTRA", "D", "956.16"),
        leg("0990", "DEFERRED_REVENUE", "C", "956.16"),
        kind="DEFERRAL",
    )

    assert postings(deferral) == ["956,16 S 8200/990 -"]


def test_turnover_that_is_reported_is_not_reported_twice(
    leg: Leg, entry: Entry, postings: Postings
):
    """8336 goes into the recapitulative statement by itself: its deferral is lifted too."""
    services = {"tax_case": "REVERSE_CHARGE", "tax_rate": Decimal(0), "buyer_vat_id": "ATU12345678"}
    deferral = entry(
        leg("8336", "REVENUE", "D", "50.00", **services),
        leg("0990", "DEFERRED_REVENUE", "C", "50.00"),
        kind="DEFERRAL",
    )

    assert postings(deferral) == ["50,00 S 8336/990 0040"]


def test_a_deferral_over_cost_centres_is_one_row_each(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """F108: both sides have the cost centres; each of them is an entry of its own."""
    deferral = entry(
        leg("8400", "REVENUE", "D", "60.00", cost_centre="100", cost_object="A"),
        leg("8400", "REVENUE", "D", "40.00", cost_centre="200"),
        leg("0990", "DEFERRED_REVENUE", "C", "60.00", cost_centre="100", cost_object="A"),
        leg("0990", "DEFERRED_REVENUE", "C", "40.00", cost_centre="200"),
        kind="DEFERRAL",
    )

    (file,) = export(deferral)

    assert [
        (
            row["Umsatz (ohne Soll/Haben-Kz)"],
            row["Konto"],
            row["KOST1 - Kostenstelle"],
            row.get("KOST2 - Kostenstelle"),
        )
        for row in records(file)
    ] == [("60,00", "8400", "100", "A"), ("40,00", "8400", "200", None)]


def test_a_late_release_names_its_month_and_the_day_it_belongs_to(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """P24: October was locked, so it is booked on 1 November; both stay readable."""
    release = entry(
        leg("0990", "DEFERRED_REVENUE", "D", "84.93"),
        leg("8400", "REVENUE", "C", "84.93"),
        kind="RELEASE",
        key="prap:1",
        value_date=date(2026, 10, 31),
        booked_on=date(2026, 11, 1),
        service_month=date(2026, 10, 1),
    )

    (file,) = export(release)
    (row,) = records(file)

    assert row["Belegdatum"] == "0111"
    assert [(row[f"Beleginfo - Art {n}"], row[f"Beleginfo - Inhalt {n}"]) for n in (1, 2, 3)] == [
        ("Journal", "prap:1"),
        ("Wertstellung", "31.10.2026"),
        ("Leistungsmonat", "10.2026"),
    ]


def test_a_deferral_over_many_accounts_is_read_off_its_own(
    leg: Leg, entry: Entry, postings: Postings
):
    """Two accounts up and one down: each against the deferral, none against another."""
    deferral = entry(
        leg("8400", "REVENUE", "D", "100.00"),
        leg("8401", "REVENUE", "D", "50.00"),
        leg("8300", "REVENUE", "C", "20.00", tax_case="REDUCED", tax_rate=Decimal(7)),
        leg("0990", "DEFERRED_REVENUE", "C", "130.00"),
        kind="DEFERRAL",
    )

    assert postings(deferral) == [
        "100,00 S 8400/990 0040",
        "50,00 S 8401/990 0040",
        "20,00 S 990/8300 0040",
    ]


def test_a_release_that_only_changes_cost_centres_is_rows_against_deferred_revenue(
    leg: Leg, entry: Entry, exporter, batch, records: Records
):
    """A cent between the shares of a small line: 0990 gives what it takes, nobody is asked."""
    release = entry(
        leg("8400", "REVENUE", "C", "0.01", cost_centre="100"),
        leg("8400", "REVENUE", "D", "0.01", cost_centre="200"),
        leg("0990", "DEFERRED_REVENUE", "D", "0.01"),
        leg("0990", "DEFERRED_REVENUE", "C", "0.01"),
        kind="RELEASE",
    )

    (file,) = exporter().export(batch(), GivenSource([release]))

    assert [
        (row["Konto"], row["Gegenkonto (ohne BU-Schlüssel)"], row["KOST1 - Kostenstelle"])
        for row in records(file)
    ] == [("990", "8400", "100"), ("8400", "990", "200")]


def test_revenue_that_only_changes_its_cost_centre_goes_over_the_clearing_account(
    leg: Leg, entry: Entry, exporter, batch, records: Records
):
    """Nothing is left to defer, and no row can move an account against itself."""
    release = entry(
        leg("8400", "REVENUE", "D", "10.00", cost_centre="100"),
        leg("8400", "REVENUE", "C", "10.00", cost_centre="200"),
        kind="RELEASE",
    )

    with pytest.raises(ExportRefused, match="account 8400: several accounts"):
        list(exporter().export(batch(), GivenSource([release])))
    (file,) = exporter(clearing_account="1590").export(batch(), GivenSource([release]))

    assert [
        (row["Konto"], row["Gegenkonto (ohne BU-Schlüssel)"], row["KOST1 - Kostenstelle"])
        for row in records(file)
    ] == [("8400", "1590", "100"), ("1590", "8400", "200")]
