"""Billing again what a cancelled invoice billed: from the data of today (F064).

Only what still is to be billed is: an item that ended meanwhile is billed until its end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, takewhile

from faktura.domain.activities import OpenActivity, ReopenedPeriod
from faktura.domain.billing_plan import BillableContract, PlannedInvoice
from faktura.domain.charges import Charge, activity_charge, recurring_charge
from faktura.domain.contract_discounts import discounted, uses_by
from faktura.domain.contracts import Contract
from faktura.domain.service_periods import due_on, period_of, unbilled_periods
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tenants import Tenant
from faktura.kernel.periods import Period, index_at, nth_period


def owed_again(item: SubscriptionItem, contract: Contract, service: Period) -> list[Period]:
    """What of a cancelled period is to be billed as the item is now, in order (half-open)."""
    periods = takewhile(
        lambda one: one.service.start < service.end,
        unbilled_periods(item, contract, service.start),
    )
    return [Period(one.service.start, min(one.service.end, service.end)) for one in periods]


def billed_again(
    tenant: Tenant,
    view: BillableContract,
    periods: Sequence[ReopenedPeriod],
    activities: Sequence[OpenActivity],
) -> PlannedInvoice | None:
    """One invoice of these periods and activities, whenever they fell due; None of none.

    The view's discounts count as far as they are not used. Raises what cannot be priced or taxed.
    """
    by_interval: dict[int, list[Charge]] = {}
    items = {item.id: item for item in view.items}
    for reopened in periods:
        item = items[reopened.item_id]
        period = period_of(item, view.contract, reopened.service)
        charge = recurring_charge(tenant, view.customer, view.contract, item, period)
        number, _ = due_on(item, view.contract, period)
        by_interval.setdefault(number, []).append(replace(charge, activity_id=reopened.activity_id))
    for activity in activities:
        charge = activity_charge(tenant, view.customer, view.contract, activity)
        number = index_at(
            view.contract.billing_anchor, view.contract.interval, activity.service.start
        )
        by_interval.setdefault(number, []).append(charge)
    if not by_interval:
        return None
    charges = tuple(chain.from_iterable(_discounted(view, sorted(by_interval.items()))))
    first = min(by_interval)
    return PlannedInvoice(
        view.contract, view.customer, first, charges, _start(view.contract, first)
    )


def _discounted(
    view: BillableContract, intervals: Iterable[tuple[int, Sequence[Charge]]]
) -> Iterator[tuple[Charge, ...]]:
    uses = list(view.discount_uses)
    for number, charges in intervals:
        billed = discounted(charges, view.discounts, uses, _start(view.contract, number))
        uses += [use for charge in billed for use in uses_by(charge)]
        yield billed


def _start(contract: Contract, number: int) -> date:
    return nth_period(contract.billing_anchor, contract.interval, number).start
