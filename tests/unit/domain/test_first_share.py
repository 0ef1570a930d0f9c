"""The days between the start of payment and the regular billing as one-offs (F038)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    MONTHLY,
    QUARTERLY,
    TENANT,
    contract,
    day,
    item,
    view,
)

from faktura.domain.billing_plan import plan_contract
from faktura.domain.discounts import Discount
from faktura.domain.first_share import ItemShare, check_share, item_share
from faktura.domain.subscriptions import Subscription
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import DayCount

# Concluded on 15.05., billed by calendar months.
FRAME = contract("15.05.2026", billing_anchor=day("01.05.2026"))


def share(frame=FRAME, until="01.06.2026", **changes: Any) -> ItemShare | None:
    """The share of an item from 15.05. on whose periods begin with the months."""
    own = item("15.05.2026", **{"anchor": day("01.05.2026"), **changes})
    return item_share(TENANT, COMPANY, frame, own, day(until))


def test_the_days_up_to_the_month_cost_their_part_of_it():
    """17 of 31 days at 30.00."""
    found = share()

    assert found is not None
    assert (found.service.start, found.service.end) == (day("15.05.2026"), day("01.06.2026"))
    assert found.net == Money(1645, "EUR")
    assert found.parts == "1 × 30.00 EUR × 17/31"


def test_share_and_rest_make_what_the_plan_would_have_billed():
    """10 days are 9.68, the 7 that are left 6.77: together 17 days, 16.45 (P16)."""
    found = share(until="25.05.2026")
    rest = item("15.05.2026", anchor=day("01.05.2026"), term={"payment_start": day("25.05.2026")})

    assert found is not None
    assert found.net == Money(968, "EUR")
    (may,) = plan_contract(TENANT, view(FRAME, rest), day("25.05.2026")).invoices
    assert [charge.net for charge in may.charges] == [Money(677, "EUR")]


def test_a_share_may_hold_a_part_and_whole_periods():
    """A quarter from 01.04.: 16.45 for the rest of May and 30.00 for June, less 10 per cent."""
    quarter = contract("15.05.2026", QUARTERLY, billing_anchor=day("01.04.2026"))

    found = share(quarter, "01.07.2026", discount=Discount(percent=Decimal(10)))

    assert found is not None
    assert (found.service.start, found.service.end) == (day("15.05.2026"), day("01.07.2026"))
    # May: 30.00 - 13.55 = 16.45, less 3.00 - R(10 % of 13.55) = 1.64: 14.81; June: 27.00.
    assert found.net == Money(4181, "EUR")
    assert found.parts == "1 × 30.00 EUR × 17/31, 1 × 30.00 EUR"


def test_an_item_that_begins_later_has_no_share():
    later = replace(item("15.05.2026", anchor=day("01.05.2026")), start=day("01.06.2026"))

    assert item_share(TENANT, COMPANY, FRAME, later, day("01.06.2026")) is None


def test_an_item_that_ends_before_is_in_the_share_with_its_own_days():
    """15.-19.05.: R(30 x 19/31) - R(30 x 14/31) = 18.39 - 13.55."""
    own = item("15.05.2026", anchor=day("01.05.2026"), until=day("20.05.2026"))

    found = item_share(TENANT, COMPANY, FRAME, own, day("01.06.2026"))

    assert found is not None
    assert found.service.end == day("20.05.2026")
    assert found.net == Money(484, "EUR")


@pytest.mark.parametrize("until", ["16.05.2026", "31.05.2026", "01.06.2026"])
def test_a_share_ends_with_the_interval_at_the_latest(until):
    check_share(
        Subscription(item("15.05.2026").subscription.id, day("15.05.2026")), FRAME, day(until)
    )


@pytest.mark.parametrize("until", ["14.05.2026", "15.05.2026", "02.06.2026"])
def test_other_days_are_refused_with_those_that_are_possible(until):
    subscription = item("15.05.2026").subscription

    with pytest.raises(OutOfRange, match="F038") as refused:
        check_share(subscription, FRAME, day(until))

    assert refused.value.place == "until"
    assert refused.value.mend == "Give a day after 2026-05-15, 2026-06-01 at the latest"


def test_payment_that_starts_later_moves_what_is_possible():
    """Payment from 10.06.: up to 01.07."""
    subscription = item("15.05.2026", term={"payment_start": day("10.06.2026")}).subscription

    check_share(subscription, FRAME, day("01.07.2026"))
    with pytest.raises(OutOfRange):
        check_share(subscription, FRAME, day("10.06.2026"))


def test_where_only_whole_periods_count_there_is_no_share():
    frame = contract("15.05.2026", MONTHLY, day_count=DayCount.NONE)

    with pytest.raises(TransitionRefused, match="F038"):
        check_share(item("15.05.2026").subscription, frame, day("01.06.2026"))
