"""What must be billed of an item, day by day, worked out from the contract's facts alone.

Nothing here imports code that bills: calendar, day counting and rounding are written once more, from
the page on the domain, so that the two can be held against each other. Days are kept as stretches,
runs of days inside one nominal period; all spans are half-open.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

CENTS = 100
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cycle:
    """So many days, weeks, months or years."""

    count: int
    unit: str

    def from_anchor(self, anchor: date, k: int) -> date:
        """The start of period k, clamped to the end of a shorter month; never chained."""
        steps = k * self.count
        if self.unit == "DAY":
            return anchor + steps * _DAY
        if self.unit == "WEEK":
            return anchor + 7 * steps * _DAY
        months = anchor.year * 12 + anchor.month - 1 + steps * (12 if self.unit == "YEAR" else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(anchor.day, monthrange(year, month)[1]))

    def around(self, anchor: date, day: date) -> tuple[date, date]:
        """The period that contains a day."""
        length = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}[self.unit] * self.count
        k = (day - anchor).days // length
        while self.from_anchor(anchor, k) > day:
            k -= 1
        while self.from_anchor(anchor, k + 1) <= day:
            k += 1
        return self.from_anchor(anchor, k), self.from_anchor(anchor, k + 1)


@dataclass(frozen=True, slots=True)
class Rest:
    """The subscription rests; without an end until somebody resumes it."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What was agreed for an item; prices are (first day, euros), the earliest first.

    `elsewhere_until` is the end of what another system billed. `later` and `whole_only` are what
    the article makes of a pause: billed when it is over; nothing for the rest of a begun period.
    """

    cycle: Cycle
    anchor: date
    start: date
    until: date | None
    quantity: Fraction
    prices: tuple[tuple[date, Fraction], ...]
    elsewhere_until: date | None = None
    later: bool = False
    whole_only: bool = False
    percent_off: Fraction | None = None

    def price_on(self, day: date) -> Fraction:
        """The price of the period that begins on that day."""
        return [price for first, price in self.prices if first <= day][-1]


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What was agreed for all items; `convention` is ACTUAL, THIRTY_360 or NONE.

    No period begins on or after `end`; service ends with `service_end` to the day.
    """

    convention: str
    paid_from: date
    end: date | None = None
    service_end: date | None = None
    rests: tuple[Rest, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Days of one nominal period that are billed together."""

    start: date
    end: date
    nominal: tuple[date, date] = field(compare=False)

    def days(self) -> Iterator[date]:
        """Each of its days."""
        day = self.start
        while day < self.end:
            yield day
            day += _DAY


def stretches(item: ItemFacts, contract: ContractFacts, horizon: date) -> list[Stretch]:
    """What must be billed of an item, as far as it begins before the horizon."""
    last = min(d for d in (item.until, contract.service_end, date.max) if d is not None)
    no_start = min(d for d in (last, contract.end, horizon) if d is not None)
    day = max(item.start, contract.paid_from)
    first_of_all = day
    if item.elsewhere_until is not None and item.elsewhere_until > day:
        day = item.elsewhere_until
    found = []
    while day < no_start:
        nominal = item.cycle.around(item.anchor, day)
        if contract.convention == "NONE" and first_of_all < day != nominal[0]:
            day = nominal[1]
            continue
        rest = _rest_on(contract, day)
        if rest is not None and (rest.end is None or not item.later):
            if rest.end is None:
                break
            day = rest.end
            if item.whole_only and day != item.cycle.around(item.anchor, day)[0]:
                day = item.cycle.around(item.anchor, day)[1]
            continue
        found.append(Stretch(day, min(nominal[1], last), nominal))
        day = nominal[1]
    return found


def _rest_on(contract: ContractFacts, day: date) -> Rest | None:
    for rest in contract.rests:
        if rest.start <= day and (rest.end is None or day < rest.end):
            return rest
    return None


def share(convention: str, nominal: tuple[date, date], start: date, end: date) -> Fraction:
    """Which part of a nominal period days of it are."""
    if convention == "NONE":
        return Fraction(1)
    return Fraction(
        _days(convention, start, end),
        _days(convention, *nominal),
    )


def _days(convention: str, start: date, end: date) -> int:
    if convention == "ACTUAL":
        return (end - start).days
    return _day_of_360(end) - _day_of_360(start)


def _day_of_360(day: date) -> int:
    ends_february = day.month == 2 and (day + _DAY).month == 3
    return day.year * 360 + day.month * 30 + (30 if ends_february else min(day.day, 30))


def exact(item: ItemFacts, contract: ContractFacts, stretch: Stretch) -> Fraction:
    """What the days of a stretch cost in euros, before any discount and not rounded."""
    part = share(contract.convention, stretch.nominal, stretch.start, stretch.end)
    return item.price_on(stretch.start) * item.quantity * part


def cents(item: ItemFacts, contract: ContractFacts, stretch: Stretch) -> int:
    """What is billed for a stretch: rounded up to its last day, less rounded up to its first.

    So the stretches of one nominal period sum to its rounded whole.
    """
    price = item.price_on(stretch.start) * item.quantity * CENTS
    if contract.convention == "NONE":
        return _less(item, price)
    upto = (
        _less(item, price * share(contract.convention, stretch.nominal, stretch.nominal[0], day))
        for day in (stretch.start, stretch.end)
    )
    before, after = upto
    return after - before


def _less(item: ItemFacts, amount: Fraction) -> int:
    """Rounded to cents, less a discount of so many per cent, which is rounded by itself."""
    whole = rounded(amount)
    if item.percent_off is None:
        return whole
    return whole - rounded(whole * item.percent_off / 100)


def rounded(amount: Fraction) -> int:
    """To whole cents, halves away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * int(abs(amount) + Fraction(1, 2))
