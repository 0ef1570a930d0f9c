"""What a booking brings in and where it stands (F043)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.builders import MONTHLY, QUARTERLY, YEARLY, article, contract, day, item

from faktura.domain.articles import Price
from faktura.domain.bookings import BookingStatus, end_of, item_status, monthly_amount, runs_on
from faktura.domain.discounts import Discount
from faktura.domain.pauses import Pause, PausePolicy
from faktura.kernel.errors import PriceMissing
from faktura.kernel.money import Money
from faktura.kernel.periods import Interval
from faktura.kernel.terms import ArticleUnit, ContractState, IntervalUnit, Renewal

TODAY = day("31.10.2026")
WEEKLY = Interval(1, IntervalUnit.WEEK)
DAILY = Interval(1, IntervalUnit.DAY)


@pytest.mark.parametrize(
    ("price", "unit", "interval", "cents"),
    [
        ("30.00", ArticleUnit.MONTH, QUARTERLY, 3000),
        ("365.00", ArticleUnit.YEAR, YEARLY, 3042),  # 30.416...
        ("7.00", ArticleUnit.WEEK, WEEKLY, 3033),  # 364 / 12 = 30.333...
        ("1.00", ArticleUnit.DAY, DAILY, 3042),  # 365 / 12
        ("100.00", ArticleUnit.PIECE, QUARTERLY, 3333),
        ("10.00", ArticleUnit.NONE, Interval(2, IntervalUnit.YEAR), 42),  # 10 / 24 = 0.4166...
        ("2.00", ArticleUnit.PIECE, Interval(3, IntervalUnit.WEEK), 289),  # 104 / 36 = 2.888...
        ("0.10", ArticleUnit.PIECE, Interval(10, IntervalUnit.DAY), 30),  # 36.5 / 120 = 0.304...
    ],
)
def test_a_month_is_a_twelfth_of_a_year(price, unit, interval, cents):
    """A year has 12 months, 52 weeks and 365 days; the exact fraction is rounded once."""
    own = item("15.05.2026", article(price, unit=unit))

    found = monthly_amount(own, contract("15.05.2026", interval), TODAY)

    assert found == Money(cents, "EUR")


@pytest.mark.parametrize(
    ("discount", "cents"),
    [
        (Discount(percent=Decimal(10)), 6750),
        # 75.00 x 0.6667 = 50.0025
        (Discount(percent=Decimal("33.33")), 5000),
        (Discount(amount=Decimal("5.50")), 6950),
        (Discount(percent=Decimal(100)), 0),
    ],
)
def test_quantity_and_discount_count(discount, cents):
    """2.5 at 30.00 is 75.00, less what is taken off a full period."""
    own = item("15.05.2026", quantity=Decimal("2.5"), discount=discount)

    assert monthly_amount(own, contract("15.05.2026"), TODAY) == Money(cents, "EUR")


def test_the_price_of_the_day_counts():
    """A special price from November on is none today."""
    later = Price(Decimal("20.00"), "EUR", valid_from=day("01.11.2026"))
    own = item("15.05.2026", special_prices=(later,))

    assert monthly_amount(own, contract("15.05.2026"), TODAY) == Money(3000, "EUR")
    assert monthly_amount(own, contract("15.05.2026"), day("01.11.2026")) == Money(2000, "EUR")


def test_an_item_without_a_price_has_no_amount():
    own = item("15.05.2026", article(prices=()))

    with pytest.raises(PriceMissing):
        monthly_amount(own, contract("15.05.2026"), TODAY)


@pytest.mark.parametrize(
    ("billed", "status"),
    [(None, BookingStatus.OPEN), ("01.09.2026", BookingStatus.OPEN), ("15.10.2026", BookingStatus.DONE)],
)  # fmt: skip
def test_an_item_that_ended_is_done_once_it_is_billed(billed, status):
    own = item("15.05.2026", until=day("15.10.2026"))

    found = item_status(own, contract("15.05.2026"), billed and day(billed), TODAY)

    assert found is status


@pytest.mark.parametrize("until", [None, "01.11.2026"])
def test_an_item_that_goes_on_is_open(until):
    """Also when all of it is billed: it ends tomorrow."""
    own = item("15.05.2026", until=until and day(until))

    found = item_status(own, contract("15.05.2026"), day("01.11.2026"), TODAY)

    assert found is BookingStatus.OPEN


@pytest.mark.parametrize("state", [ContractState.ENDED, ContractState.VOIDED])
def test_an_item_of_a_final_contract_is_done(state):
    frame = contract("15.05.2026", state=state)

    assert item_status(item("15.05.2026"), frame, None, TODAY) is BookingStatus.DONE


def test_the_first_end_counts():
    """Of the item, the contract, the subscription's termination, and a term without renewal."""
    term = {"terminated_as_of": day("01.12.2026")}
    limited = {"renewal": Renewal.NONE, "minimum_term": Interval(1, IntervalUnit.MONTH)}
    frame = contract("15.05.2026")
    ended = contract("15.05.2026", state=ContractState.TERMINATED, end=day("01.11.2026"))

    assert end_of(item("15.05.2026"), frame) is None
    assert end_of(item("15.05.2026", until=day("01.01.2027"), term=term), frame) == day(
        "01.12.2026"
    )
    assert end_of(item("15.05.2026", until=day("01.01.2027"), term=term), ended) == day(
        "01.11.2026"
    )
    assert end_of(item("15.05.2026", term=limited), frame) == day("15.06.2026")


def test_a_term_grows_by_a_pause_where_the_article_says_so():
    """One month from 15.05., and ten days of pause."""
    grows = article(pause_policy=PausePolicy(extends_term=True))
    limited = {
        "renewal": Renewal.NONE,
        "minimum_term": MONTHLY,
        "pauses": (Pause(day("20.05.2026"), day("30.05.2026")),),
    }

    assert end_of(item("15.05.2026", grows, term=limited), contract("15.05.2026")) == day(
        "25.06.2026"
    )


@pytest.mark.parametrize(
    ("changes", "runs"),
    [
        ({}, True),
        ({"until": day("01.11.2026")}, True),
        ({"until": day("31.10.2026")}, False),
        ({"term": {"payment_start": day("01.11.2026")}}, False),
        ({"term": {"pauses": (Pause(day("15.10.2026")),)}}, False),
        ({"term": {"pauses": (Pause(day("15.10.2026"), day("31.10.2026")),)}}, True),
    ],
)
def test_an_item_runs_while_its_days_are_paid(changes, runs):
    assert runs_on(item("15.05.2026", **changes), contract("15.05.2026"), TODAY) is runs


def test_an_item_runs_from_its_own_start():
    own = item("15.05.2026")

    assert runs_on(replace(own, start=TODAY), contract("15.05.2026"), TODAY)
    assert not runs_on(replace(own, start=day("01.11.2026")), contract("15.05.2026"), TODAY)


@pytest.mark.parametrize(
    ("state", "runs"),
    [
        (ContractState.DRAFT, False),
        (ContractState.ACTIVE, True),
        (ContractState.TERMINATED, True),
        (ContractState.ENDED, False),
        (ContractState.VOIDED, False),
    ],
)
def test_an_item_runs_on_a_contract_that_is_billed(state, runs):
    frame = contract("15.05.2026", state=state)

    assert runs_on(item("15.05.2026"), frame, TODAY) is runs
