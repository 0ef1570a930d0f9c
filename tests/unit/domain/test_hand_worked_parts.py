"""Documents worked out by hand: parts of periods, and what their days cost."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    QUARTERLY,
    TENANT,
    YEARLY,
    article,
    contract,
    day,
    drafts,
    item,
    lines,
    only,
    totals,
    view,
)

from faktura.domain.billing_plan import plan_contract
from faktura.kernel.terms import (
    ArticleUnit,
    DayCount,
)


def test_billed_until_inside_a_period_leaves_a_prorated_rest():
    """Start 15.05., billed until 01.01.: 01.-14.01. is 14 of the 31 days of 15.12.-14.01.

    30.00 less the 16.45 of the 17 days before = 13.55; 14 x 30 / 31 = 13.548.
    """
    billable = view(contract("15.05.2026"), item("15.05.2026"), until="01.01.2027")

    invoice = only(drafts(billable, "01.01.2027"))

    assert lines(invoice) == [("01.01.2027-14.01.2027", "13.55")]
    assert totals(invoice) == ("13.55", "2.57", "16.12")  # 2.5745
    assert invoice.charges[0].quantity == Decimal(14)


def test_the_rest_of_a_period_waits_for_its_first_day():
    """F019: billing starts only from billed-until on, though the interval of 15.12. has begun."""
    billable = view(contract("15.05.2026"), item("15.05.2026"), until="01.01.2027")

    plan = plan_contract(TENANT, billable, day("20.12.2026"))

    assert plan.invoices == ()
    assert plan.next_due_on == day("01.01.2027")


def test_an_item_added_inside_a_quarter_is_billed_from_its_start():
    """From 10.11. at the old anchor: 21 of November's 30 days = 21.00, then December."""
    late = item("10.11.2026", anchor=day("01.10.2026"))

    invoice = only(drafts(view(contract("01.10.2026", QUARTERLY), late), "10.11.2026"))

    assert lines(invoice) == [
        ("10.11.2026-30.11.2026", "21.00"),
        ("01.12.2026-31.12.2026", "30.00"),
    ]
    assert totals(invoice) == ("51.00", "9.69", "60.69")


def test_the_free_time_before_payment_start_is_not_billed():
    """F035: term from 01.09., payment from 11.09.: 20 of 30 days = 20.00, VAT 3.80."""
    billable = view(
        contract("01.09.2026"), item("01.09.2026", term={"payment_start": day("11.09.2026")})
    )

    assert drafts(billable, "10.09.2026") == ()
    invoice = only(drafts(billable, "11.09.2026"))

    assert lines(invoice) == [("11.09.2026-30.09.2026", "20.00")]
    assert totals(invoice) == ("20.00", "3.80", "23.80")


def test_a_changed_quantity_splits_the_month_to_the_cent():
    """G1: 30.00 a month, 1 -> 2 on 10.08.: 9/31 = 8.71 and 2 x 22/31 = 42.58.

    With the reversal of 30.00 there are 21.29 to pay.
    """
    old = item("01.08.2026", until=day("10.08.2026"))
    new = item("10.08.2026", anchor=day("01.08.2026"), quantity=Decimal(2), id=UUID(int=601))

    invoice = only(drafts(view(contract("01.08.2026"), old, new), "10.08.2026"))

    assert lines(invoice) == [
        ("01.08.2026-09.08.2026", "8.71"),
        ("10.08.2026-31.08.2026", "42.58"),
    ]
    assert invoice.net.minor - 30_00 == 21_29
    assert invoice.charges[1].quantity == Decimal(44)  # 2 x 22 days at 30.00 per 31


def test_an_unchanged_quantity_splits_the_month_into_the_whole():
    """G1's identity: 9/31 = 8.71 and 22/31 = 21.29 are 30.00."""
    old = item("01.08.2026", until=day("10.08.2026"))
    new = item("10.08.2026", anchor=day("01.08.2026"))

    invoice = only(drafts(view(contract("01.08.2026"), old, new), "10.08.2026"))

    assert [net for _, net in lines(invoice)] == ["8.71", "21.29"]


def test_without_proration_a_period_begun_elsewhere_is_not_billed_again():
    """F019 under DayCount.NONE: it was billed whole there; the next whole period is 01.10."""
    frame = contract("01.08.2026", day_count=DayCount.NONE)
    billable = replace(view(frame, item("01.08.2026")), billed_until=(day("10.09.2026"),))

    invoice = only(drafts(billable, "01.10.2026"))

    assert lines(invoice) == [("01.10.2026-31.10.2026", "30.00")]


@pytest.mark.parametrize(
    ("convention", "net"),
    [(DayCount.ACTUAL, "8.98"), (DayCount.THIRTY_360, "9.13"), (DayCount.NONE, "365.00")],
)
def test_the_convention_of_the_contract_decides_about_a_part_of_a_year(convention, net):
    """G2: 365.00 a year, 01.-09.08. of a year of 366 days: 9/366 = 8.975; 9/360 = 9.125; or whole."""
    yearly = item("01.08.2019", article("365.00", unit=ArticleUnit.YEAR), until=day("10.08.2019"))
    frame = contract("01.08.2019", YEARLY, day_count=convention)

    invoice = only(drafts(view(frame, yearly), "01.08.2019"))

    assert lines(invoice) == [("01.08.2019-09.08.2019", net)]


def test_a_part_that_cannot_be_multiplied_out_is_printed_as_one_with_its_fraction():
    """10.00 for 11.-20.06.: 6.67 less 3.33 = 3.34, but 10 x 10.00 / 30 = 3.33: the line says why."""
    rest = item("01.06.2026", article("10.00"), until=day("21.06.2026"))

    invoice = only(drafts(view(contract("01.06.2026"), rest, until="11.06.2026"), "11.06.2026"))

    (charge,) = invoice.charges
    assert (charge.quantity, charge.unit, charge.price) == (
        Decimal(1),
        ArticleUnit.NONE,
        Decimal("3.34"),
    )
    assert charge.text == "1 × 10.00 EUR × 10/30"
