"""How the net of a service period is spread over its months (F108, P45; HGB § 250 Abs. 2).

Rounding is cumulative: C(m, k) = round(net x months up to m x splits up to k), and a cell is what
C gains with its month and its split. So months add up to the net, splits to each month and to their
share of the net, and a negative net mirrors the positive one to the cent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.periods import Period, add_months, last_of_month
from faktura.kernel.rounding import round_ratio

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DeferralPolicy:
    """Whether and how a tenant defers revenue.

    Lines are deferred of documents dated `since` (None = whatever their date) or later, and only
    those whose net is at least `threshold` in the tenant's currency, whatever its sign (EStG § 5
    Abs. 5 Satz 2).
    """

    method: DeferralMethod = DeferralMethod.NONE
    since: date | None = None
    threshold: Decimal = Decimal(0)

    def wants(self, net: Money, issued_on: date) -> bool:
        """Whether a line of that net on a document of that date is deferred."""
        if self.method is DeferralMethod.NONE or not net:
            return False
        return (self.since is None or self.since <= issued_on) and (
            abs(net.decimal) >= self.threshold
        )


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after that of `month`."""
    return add_months(month_of(month), 1)


def last_month_over(today: date) -> date:
    """The first day of the latest month that is over before today."""
    return month_of(month_of(today) - _DAY)


def postable_month(month: date, today: date) -> date:
    """The first day of a month that may be posted: it is over, or today is its last day.

    Raises OutOfRange.
    """
    if last_of_month(month) > today:
        raise OutOfRange(
            f"{month:%Y-%m} is not over on {today}",
            place="month",
            mend=f"Post up to {last_month_over(today):%Y-%m}, or this month on its last day",
        )
    return month_of(month)


@dataclass(frozen=True, slots=True)
class Spread:
    """A service period in equal parts: days, months or half months, as the method counts them.

    MONTH counts the first month as a whole one and the last only if the period ends with it.
    HALF_MONTH counts half a month where the period begins or ends within one. A period within one
    month is that month. Raises OutOfRange for NONE, which spreads nothing.
    """

    method: DeferralMethod
    service: Period
    whole: int = field(init=False)
    last_month: date = field(init=False)
    _head: int = field(init=False)

    def __post_init__(self) -> None:
        """Count the parts once."""
        head, whole, last = self._parts()
        object.__setattr__(self, "_head", head)
        object.__setattr__(self, "whole", whole)
        object.__setattr__(self, "last_month", last)

    def _parts(self) -> tuple[int, int, date]:
        """The parts of the first month, those of all, and the last month that has any."""
        service = self.service
        last = month_of(service.last_day)
        months = self._index(last) + 1
        ends_whole = service.last_day == last_of_month(last)
        if self.method is DeferralMethod.NONE:
            raise OutOfRange(
                "the method NONE spreads nothing", place="method", mend="Use DAY, MONTH, HALF_MONTH"
            )
        if self.method is DeferralMethod.DAY:
            return 0, service.days, last
        if months == 1:
            return 1, 1, last
        if self.method is DeferralMethod.MONTH:
            whole = months if ends_whole else months - 1
            return 1, whole, add_months(self.first_month, whole - 1)
        head = 2 if service.start.day == 1 else 1
        return head, head + 2 * (months - 2) + (2 if ends_whole else 1), last

    @property
    def first_month(self) -> date:
        """The first day of the month in which the service begins."""
        return month_of(self.service.start)

    def _index(self, month: date) -> int:
        start = self.service.start
        return (month.year - start.year) * 12 + month.month - start.month

    def upto(self, month: date) -> int:
        """How many parts lie in the months up to that one (inclusive)."""
        if month >= self.last_month:
            return self.whole
        if month < self.first_month:
            return 0
        if self.method is DeferralMethod.DAY:
            return (next_month(month) - self.service.start).days
        return self._head + self._index(month) * self._whole_month

    @property
    def _whole_month(self) -> int:
        return 2 if self.method is DeferralMethod.HALF_MONTH else 1

    def months(self) -> Iterator[date]:
        """The first days of the months that have parts, in order."""
        month = self.first_month
        while month <= self.last_month:
            yield month
            month = next_month(month)


@lru_cache(maxsize=4096)
def spread_of(method: DeferralMethod, service: Period) -> Spread:
    """The spread of a period; the documents of a run share few of them."""
    return Spread(method, service)


def cells(
    net: int, spread: Spread, weights: Sequence[int], parts: tuple[int, int]
) -> tuple[int, ...]:
    """What falls on the parts parts[0]..parts[1] (half-open) of a period, for each split.

    `net` is in minor units and may be negative; `weights` of the splits are >= 0 with a positive
    sum. The cells of all months add up to the net, those of a month to what it has without splits.
    """
    whole = spread.whole * sum(weights)
    found = []
    seen = done = 0
    for weight in weights:
        seen += weight
        upto = round_ratio(net * parts[1] * seen, whole) - round_ratio(net * parts[0] * seen, whole)
        found.append(upto - done)
        done = upto
    return tuple(found)


@dataclass(frozen=True, slots=True)
class MonthShare:
    """What a month earns of a net, by split, and what is deferred when it is over."""

    month: date
    cells: tuple[int, ...]
    open: int

    @property
    def amount(self) -> int:
        """What it earns of all splits together."""
        return sum(self.cells)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a net is earned: `accrued` by split is what its booking month defers, `months` earn it.

    What months up to that of the booking earn is never deferred. Amounts are in minor units.
    """

    accrued: tuple[int, ...]
    months: tuple[MonthShare, ...]


def schedule(
    net: int, spread: Spread, booked_month: date, weights: Sequence[int] = (1,)
) -> Schedule:
    """The schedule of a line that is booked in the month of `booked_month`.

    A period that is over by then defers nothing, one that begins later is deferred whole.
    """
    booked = month_of(booked_month)
    months = []
    before = 0
    for month in spread.months():
        upto = spread.upto(month)
        rest = sum(cells(net, spread, weights, (upto, spread.whole))) if month >= booked else 0
        months.append(MonthShare(month, cells(net, spread, weights, (before, upto)), rest))
        before = upto
    return Schedule(cells(net, spread, weights, (spread.upto(booked), spread.whole)), tuple(months))
