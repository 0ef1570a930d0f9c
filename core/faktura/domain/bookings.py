"""Bookings: subscription items, one-offs and usage in one list, with what each brings in (F043)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum, unique
from typing import assert_never

from faktura.domain.articles import pick_price, service_cycle
from faktura.domain.contracts import BILLABLE, FINAL, Contract
from faktura.domain.discounts import Discount
from faktura.domain.service_periods import service_end_of, unbilled_periods
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.decimals import SCALE, scaled
from faktura.kernel.money import Money, minor_digits
from faktura.kernel.periods import Interval
from faktura.kernel.rounding import round_ratio
from faktura.kernel.terms import IntervalUnit

_ALL_PERCENT = Decimal(100)
# Price, quantity and per cent each come as a whole number of millionths; per cent as of a hundred.
_PARTS = 10**18 * 100


@unique
class BookingKind(StrEnum):
    """ITEM: of a subscription, it recurs; ACTIVITY: a one-off or usage."""

    ITEM = "ITEM"
    ACTIVITY = "ACTIVITY"


@unique
class BookingStatus(StrEnum):
    """OPEN (grey): it runs or waits to be billed; DONE (green): it is billed or has ended."""

    OPEN = "OPEN"
    DONE = "DONE"


def item_status(
    item: SubscriptionItem, contract: Contract, billed_until: date | None, today: date
) -> BookingStatus:
    """DONE once the item has ended and nothing of it is left to bill, or its contract is final."""
    if contract.state in FINAL:
        return BookingStatus.DONE
    end = end_of(item, contract)
    if end is None or today < end:
        return BookingStatus.OPEN
    left = next(unbilled_periods(item, contract, billed_until), None)
    return BookingStatus.DONE if left is None else BookingStatus.OPEN


def end_of(item: SubscriptionItem, contract: Contract) -> date | None:
    """The first day without service of the item; None while no end is set (F027, F037)."""
    ends = (item.until, contract.end, item.subscription.terminated_as_of, service_end_of(item))
    return min((day for day in ends if day is not None), default=None)


def runs_on(item: SubscriptionItem, contract: Contract, day: date) -> bool:
    """Whether the item is billed for that day: paid, not ended, not paused, of a billed contract."""
    end = end_of(item, contract)
    return (
        contract.state in BILLABLE
        and item.first_paid_day <= day
        and (end is None or day < end)
        and not any(day in pause for pause in item.subscription.pauses)
    )


def monthly_amount(item: SubscriptionItem, contract: Contract, on: date) -> Money:
    """What the item brings in a month, net, at the price that is valid `on`.

    Price x quantity less its discount, as a year / 12, a week x 52 / 12, a day x 365 / 12: an exact
    fraction that is rounded once. Raises PriceMissing.
    """
    picked = pick_price(
        item.article,
        item.special_prices,
        on=on,
        currency=contract.currency,
        quantity=item.quantity,
    )
    percent, fixed = _discounts(item.discount)
    gross = scaled(picked.price.unit_price) * scaled(item.quantity)
    period = gross * scaled(_ALL_PERCENT - percent) - scaled(fixed) * (_PARTS // SCALE)
    times, by = _months(service_cycle(item.article.unit, contract.interval))
    minor = 10 ** minor_digits(contract.currency)
    return Money(round_ratio(period * times * minor, _PARTS * by), contract.currency)


def _discounts(discount: Discount | None) -> tuple[Decimal, Decimal]:
    """Per cent and fixed amount a period."""
    if discount is None:
        return Decimal(0), Decimal(0)
    return discount.percent or Decimal(0), discount.amount or Decimal(0)


def _months(cycle: Interval) -> tuple[int, int]:
    """How often a cycle fits into a month, as a fraction."""
    match cycle.unit:
        case IntervalUnit.DAY:
            return 365, 12 * cycle.count
        case IntervalUnit.WEEK:
            return 52, 12 * cycle.count
        case IntervalUnit.MONTH:
            return 1, cycle.count
        case IntervalUnit.YEAR:
            return 1, 12 * cycle.count
        case _ as never:
            assert_never(never)
