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
from faktura.kernel.periods import Period, index_at, nth_period


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

    Ends where service ends: no period starts on or after the contract's end (P9) or the end of a
    term without renewal (F027); the one that contains it is billed whole. An item's own `until`
    cuts the last period to the day.
    """
    cycle = service_cycle(item.article.unit, contract.interval)
    first = item.first_paid_day
    if billed_until is not None and billed_until > first:
        first = billed_until
    limit = _service_limit(item, contract)
    k = index_at(item.anchor, cycle, first)
    nominal = nth_period(item.anchor, cycle, k)
    start = max(nominal.start, first)
    while limit is None or start < limit:
        end = nominal.end if item.until is None else min(nominal.end, item.until)
        whole = start == nominal.start and end == nominal.end
        yield ServicePeriod(nominal, nominal if whole else Period(start, end))
        k += 1
        nominal = nth_period(item.anchor, cycle, k)
        start = nominal.start


def _service_limit(item: SubscriptionItem, contract: Contract) -> date | None:
    """The first day on which no period may start any more."""
    bounds = [
        bound
        for bound in (contract.end, item.subscription.service_end, item.until)
        if bound is not None
    ]
    return min(bounds, default=None)


def due_on(item: SubscriptionItem, contract: Contract, period: ServicePeriod) -> tuple[int, date]:
    """Number of the billing interval the period belongs to, and the day from which it is billed.

    In advance: the interval's start, or the item's first paid day if that is later. In arrears:
    once the interval is over, at the contract's end at the latest, and never before the period is.
    """
    number = index_at(contract.billing_anchor, contract.interval, period.service.start)
    interval = nth_period(contract.billing_anchor, contract.interval, number)
    if contract.in_advance:
        return number, max(interval.start, item.first_paid_day)
    over = interval.end
    if contract.end is not None and contract.end < over:
        over = contract.end
    return number, max(over, period.service.end)
