"""Which service periods of an item are not billed yet, and on which day each falls due.

Service cycle and billing interval are two things: the cycle cuts periods, the interval says how
often an invoice is made; a period is billed with the interval that contains its start (domain.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from faktura.domain.articles import service_cycle
from faktura.domain.contracts import Contract
from faktura.domain.pauses import grown, running_from
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.periods import Period, boundary, period_at, start_at
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

    No period starts on or after the contract's end or the day as of which the subscription is
    terminated (F037); the one that contains it is billed whole (P9). The end of a term without
    renewal (F027) and an item's own `until` cut the last period to the day: there is no service
    after them. None starts while the subscription rests: what follows is the article's pause
    policy (P10).
    """
    first = item.first_paid_day
    if billed_until is not None and billed_until > first:
        first = billed_until
    if item.subscription.pauses:
        return _between_pauses(item, contract, first)
    return _periods(item, contract, first)


def _periods(item: SubscriptionItem, contract: Contract, first: date) -> Iterator[ServicePeriod]:
    """All periods from the day `first` on, as if there were no pauses."""
    cycle = service_cycle(item.article.unit, contract.interval)
    subscription = item.subscription
    cut = min(_days(item.until, service_end_of(item)), default=None)
    limit = min(_days(cut, contract.end, subscription.terminated_as_of), default=None)
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


def _between_pauses(
    item: SubscriptionItem, contract: Contract, first: date
) -> Iterator[ServicePeriod]:
    """The periods from `first` on that start while the subscription runs (F030, P10).

    Those that a pause held up are left out, or come whole when the article bills them later.
    """
    policy, pauses = item.article.pause_policy, item.subscription.pauses
    start = first
    while True:
        for period in _periods(item, contract, start):
            resumed = running_from(pauses, period.service.start)
            if resumed is None:
                return
            if resumed != period.service.start and not policy.billed_later:
                break
            yield period
        else:
            return
        start = _whole_from(item, contract, resumed) if policy.whole_periods_only else resumed


def _whole_from(item: SubscriptionItem, contract: Contract, day: date) -> date:
    """The first start of a whole period on that day or behind it."""
    cycle = service_cycle(item.article.unit, contract.interval)
    k, start = start_at(item.anchor, cycle, day)
    return start if start == day else boundary(item.anchor, cycle, k + 1)


def service_end_of(item: SubscriptionItem) -> date | None:
    """Exclusive end of service for lack of renewal (F027), later by what a pause adds to it."""
    end = item.subscription.service_end
    if end is None or not item.article.pause_policy.extends_term:
        return end
    return grown(end, item.subscription.pauses)


def _days(*bounds: date | None) -> list[date]:
    return [bound for bound in bounds if bound is not None]


def due_on(item: SubscriptionItem, contract: Contract, period: ServicePeriod) -> tuple[int, date]:
    """Number of the billing interval the period belongs to, and the day from which it is billed.

    In advance: the interval's start, or the item's first paid day if that is later; what is left
    of a period that was begun elsewhere (F019): its own first day. In arrears: once the interval is
    over, at the contract's end at the latest, and never before the period is. What a pause held up
    and the article bills later: never before the pause is over (P10).
    """
    number, due = _usually_due(item, contract, period)
    if item.subscription.pauses and item.article.pause_policy.billed_later:
        due = max(due, running_from(item.subscription.pauses, period.service.start) or due)
    return number, due


def _usually_due(
    item: SubscriptionItem, contract: Contract, period: ServicePeriod
) -> tuple[int, date]:
    number, start = start_at(contract.billing_anchor, contract.interval, period.service.start)
    if contract.in_advance:
        begun_inside = period.service.start != period.nominal.start
        first = period.service.start if begun_inside else item.first_paid_day
        return number, max(start, first)
    over = boundary(contract.billing_anchor, contract.interval, number + 1)
    if contract.end is not None and contract.end < over:
        over = contract.end
    return number, max(over, period.service.end)


def period_of(item: SubscriptionItem, contract: Contract, service: Period) -> ServicePeriod:
    """The part `service` with the whole period of the item's cycle that it lies in."""
    cycle = service_cycle(item.article.unit, contract.interval)
    nominal = period_at(item.anchor, cycle, service.start)
    return ServicePeriod(nominal, nominal if service == nominal else service)
