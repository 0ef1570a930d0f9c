"""Deferrals become entries: revenue S to deferred revenue H, and back month by month (F108)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.unit.domain.builders import TENANT

from faktura.domain.costs import CostShare
from faktura.domain.deferral_entries import Deferral, DeferredDocument, deferral_entry
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import Chart, EntryKind, Slot, TaxCase

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
SKR04 = replace(TENANT, chart=Chart.SKR04)
YEAR = Deferral(
    UUID(int=900),
    1,
    DeferralMethod.DAY,
    Money(100_000, "EUR"),
    Period(date(2026, 11, 15), date(2027, 11, 15)),
    NOVEMBER,
    "8400",
    TaxCase.STANDARD,
    Decimal(19),
    "DE",
    due_month=NOVEMBER,
)


def entry(month, *deferrals: Deferral, tenant=TENANT):
    document = DeferredDocument(UUID(int=900), "RE-1001", UUID(int=7), deferrals or (YEAR,))
    return deferral_entry(tenant, document, month)


def legs(found):
    return [(leg.side.value, leg.account, leg.minor) for leg in found.legs]


@pytest.mark.parametrize(
    ("tenant", "revenue", "deferred"), [(TENANT, "8400", "0990"), (SKR04, "4400", "3900")]
)
def test_the_booking_month_defers_and_the_next_releases(tenant, revenue, deferred):
    """956.16 on 30 November, 84.93 back on 31 December, in both charts."""
    own = replace(YEAR, account=revenue)

    accrued = entry(NOVEMBER, own, tenant=tenant)
    released = entry(DECEMBER, own, tenant=tenant)

    assert (accrued.key, accrued.kind) == ("prap:RE-1001:accrue", EntryKind.DEFERRAL)
    assert (accrued.value_date, accrued.service_month) == (date(2026, 11, 30), NOVEMBER)
    assert legs(accrued) == [("D", revenue, 95_616), ("C", deferred, 95_616)]
    assert (released.key, released.kind) == ("prap:RE-1001:202612", EntryKind.RELEASE)
    assert (released.value_date, released.service_month) == (date(2026, 12, 31), DECEMBER)
    assert legs(released) == [("C", revenue, 8493), ("D", deferred, 8493)]
    assert (released.document_id, released.customer_id) == (UUID(int=900), UUID(int=7))
    assert accrued.text == "PRAP RE-1001"
    assert released.text == "PRAP-Auflösung RE-1001 12/2026"


def test_what_takes_revenue_back_stands_on_the_other_sides():
    """A correction mirrors its invoice."""
    back = replace(YEAR, net=Money(-100_000, "EUR"))

    assert legs(entry(NOVEMBER, back)) == [("C", "8400", 95_616), ("D", "0990", 95_616)]
    assert legs(entry(DECEMBER, back)) == [("D", "8400", 8493), ("C", "0990", 8493)]


def test_lines_of_a_document_are_one_entry_netted_by_account_and_cost():
    """60/40 of one line, all of another on the same cost centre: two legs of revenue, one PRAP."""
    split = replace(
        YEAR, costs=(CostShare("100", None, Decimal(60)), CostShare("200", "P", Decimal(40)))
    )
    whole = replace(YEAR, line_no=2, costs=(CostShare("100"),))

    found = entry(DECEMBER, split, whole)

    assert [(leg.cost_centre, leg.cost_object, leg.minor) for leg in found.legs] == [
        ("100", None, 13_589),
        ("200", "P", 3397),
        (None, None, 16_986),
    ]


def test_lines_that_cancel_out_post_nothing():
    """Zero legs are left out, and with them the entry."""
    assert entry(DECEMBER, YEAR, replace(YEAR, line_no=2, net=Money(-100_000, "EUR"))) is None


def test_lines_that_balance_between_cost_centres_go_over_deferred_revenue():
    """From one cost centre to the other: revenue is not moved against itself."""
    one = replace(YEAR, costs=(CostShare("100"),))
    other = replace(YEAR, line_no=2, net=Money(-100_000, "EUR"), costs=(CostShare("200"),))

    assert [
        (leg.account, leg.cost_centre, leg.side.value, leg.minor)
        for leg in entry(DECEMBER, one, other).legs
    ] == [
        ("8400", "100", "C", 8493),
        ("8400", "200", "D", 8493),
        ("0990", None, "D", 8493),
        ("0990", None, "C", 8493),
    ]


def test_a_contra_account_takes_the_place_of_revenue_without_its_tax():
    """So the revenue account times 19 % stays the VAT."""
    tenant = replace(TENANT, accounts={"DEFERRAL_CONTRA": "8200"})

    revenue, _ = entry(NOVEMBER, tenant=tenant).legs

    assert (revenue.slot, revenue.account) == (Slot.DEFERRAL_CONTRA, "8200")
    assert (revenue.tax_case, revenue.tax_rate, revenue.tax_country) == (None, None, None)


def test_missing_accounts_are_named():
    """The revenue account of the line, and in an own chart that of deferred revenue."""
    unknown = replace(YEAR, account=None, tax_rate=Decimal(16), group="relics")

    found = entry(NOVEMBER, unknown, tenant=replace(TENANT, chart=Chart.OWN))

    assert found.missing == ("REVENUE:STANDARD:16", "DEFERRED_REVENUE")
    assert found.legs[0].group == "relics"


def test_months_come_due_one_after_the_other():
    """Booked in September for November: the release begins when the service does."""
    early = replace(YEAR, booked_month=date(2026, 9, 1), due_month=date(2027, 10, 1))

    assert early.due_after(date(2026, 9, 1)) == NOVEMBER
    assert early.due_after(date(2027, 10, 1)) == date(2027, 11, 1)
    assert early.due_after(date(2027, 11, 1)) is None
    assert [f"{one:%m/%y}" for one in early.posted_months()] == [
        "09/26", "11/26", "12/26", "01/27", "02/27", "03/27", "04/27", "05/27", "06/27", "07/27",
        "08/27", "09/27",
    ]  # fmt: skip
    assert list(replace(YEAR, due_month=NOVEMBER).posted_months()) == []
    assert len(list(replace(YEAR, due_month=None).posted_months())) == 13


def test_what_is_open_after_a_month():
    """Nothing before it is booked, 956.16 then, 0.00 at the end."""
    assert YEAR.deferred == 95_616
    assert [
        YEAR.open_after(month)
        for month in (date(2026, 10, 1), NOVEMBER, DECEMBER, date(2027, 11, 1))
    ] == [0, 95_616, 87_123, 0]
    assert YEAR.posted_in(date(2026, 10, 1)) == (0,)


def test_only_what_later_months_earn_has_a_rest():
    """A service that is over with its month has none, nor has an amount of nothing."""
    assert YEAR.has_rest
    assert not replace(YEAR, net=Money(0, "EUR")).has_rest
    assert not replace(YEAR, booked_month=date(2027, 11, 1)).has_rest
