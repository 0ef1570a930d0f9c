"""Which service periods of an item are not billed yet, and on which day each falls due.

Service cycle and billing interval are two things: the cycle cuts periods, the interval says how
often an invoice is made; a period is billed with the interval that contains its start (domain.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from faktura.domain.articles import service_cycle
from faktura.domain.contracts import Contract
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.periods import Period, boundary, start_at
from faktura.kernel.terms import DayCount


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """The billed part `service` of the whole period `nominal` of the item's cycle."""

    nominal: Period
    service: Period

    @property
    def is_whole(self) -> bool:
        """Whether the part is the whole."""
        return self.service == self.nominal


def unbilled_periods(
    item: SubscriptionItem, contract: Contract, billed_until: date | None
) -> Iterator[ServicePeriod]:
    """The item's periods from `billed_until` (exclusive bound, F019) on, in order, without end.

    No period starts on or after the contract's end; the one that contains it is billed whole (P9).
    The end of a term without renewal (F027) and an item's own `until` cut the last period to the
    day: there is no service after them.
    """
    cycle = service_cycle(item.article.unit, contract.interval)
    first = item.first_paid_day
    if billed_until is not None and billed_until > first:
        first = billed_until
    cut = min(_days(item.until, item.subscription.service_end), default=None)
    limit = min(_days(cut, contract.end), default=None)
    k, nominal_start = start_at(item.anchor, cycle, first)
    start = first
    if contract.day_count is DayCount.NONE and item.first_paid_day < start != nominal_start:
        # A period begun elsewhere was billed whole there: nothing is left of it to bill.
        k, start = k + 1, boundary(item.anchor, cycle, k + 1)
        nominal_start = start
    while limit is None or start < limit:
        k += 1
        nominal = Period(nominal_start, boundary(item.anchor, cycle, k))
        end = nominal.end if cut is None else min(nominal.end, cut)
        whole = start == nominal.start and end == nominal.end
        yield ServicePeriod(nominal, nominal if whole else Period(start, end))
        start = nominal_start = nominal.end


def _days(*bounds: date | None) -> list[date]:
    return [bound for bound in bounds if bound is not None]


def due_on(item: SubscriptionItem, contract: Contract, period: ServicePeriod) -> tuple[int, date]:
    """Number of the billing interval the period belongs to, and the day from which it is billed.

    In advance: the interval's start, or the item's first paid day if that is later; what is left
    of a period that was begun elsewhere (F019): its own first day. In arrears: once the interval is
    over, at the contract's end at the latest, and never before the period is.
    """
    number, start = start_at(contract.billing_anchor, contract.interval, period.service.start)
    if contract.in_advance:
        begun_inside = period.service.start != period.nominal.start
        first = period.service.start if begun_inside else item.first_paid_day
        return number, max(start, first)
    over = boundary(contract.billing_anchor, contract.interval, number + 1)
    if contract.end is not None and contract.end < over:
        over = contract.end
    return number, max(over, period.service.end)
