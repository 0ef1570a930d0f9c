"""The pure plan of a billing run: which invoices a contract gets on a day, and when it is next due.

Catch-up: each missed interval is an invoice of its own, in order (P5). Nothing here knows a
database or a clock; equal input gives an equal plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from faktura.domain.activities import OpenActivity
from faktura.domain.charges import Charge, activity_charge, recurring_charge
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.customers import Customer
from faktura.domain.service_periods import due_on, unbilled_periods
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tenants import Tenant
from faktura.kernel.periods import index_at, nth_period
from faktura.kernel.terms import ContractKind


@dataclass(frozen=True, slots=True)
class BillableContract:
    """A contract with all that decides about its next invoices, as read for one run.

    `billed_until` holds, per item in order, the exclusive end of what is billed (None = nothing).
    """

    contract: Contract
    customer: Customer
    items: tuple[SubscriptionItem, ...] = ()
    billed_until: tuple[date | None, ...] = ()
    activities: tuple[OpenActivity, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedInvoice:
    """The charges of one billing interval of one contract."""

    contract: Contract
    customer: Customer
    interval: int
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class ContractPlan:
    """What a run does with a contract; `next_due_on` is the first day on which more falls due."""

    invoices: tuple[PlannedInvoice, ...] = ()
    next_due_on: date | None = None


@dataclass(slots=True)
class _Schedule:
    """Charges by billing interval while the plan is made."""

    by_interval: dict[int, list[Charge]] = field(default_factory=dict)
    next_due_on: date | None = None

    def wait(self, until: date) -> None:
        if self.next_due_on is None or until < self.next_due_on:
            self.next_due_on = until


def plan_contract(tenant: Tenant, view: BillableContract, run_date: date) -> ContractPlan:
    """The invoices that fall due on or before `run_date`, oldest interval first.

    Raises the named error of the first charge that cannot be priced or taxed: the caller
    quarantines the contract and goes on with the rest (O19).
    """
    if view.contract.state not in BILLABLE:
        return ContractPlan()
    schedule = _Schedule()
    for item, billed_until in zip(view.items, view.billed_until, strict=True):
        _plan_item(tenant, view, item, billed_until, run_date, schedule)
    _plan_activities(tenant, view, run_date, schedule)
    invoices = tuple(
        PlannedInvoice(view.contract, view.customer, number, tuple(charges))
        for number, charges in sorted(schedule.by_interval.items())
    )
    return ContractPlan(invoices, schedule.next_due_on)


def _plan_item(
    tenant: Tenant,
    view: BillableContract,
    item: SubscriptionItem,
    billed_until: date | None,
    run_date: date,
    schedule: _Schedule,
) -> None:
    for period in unbilled_periods(item, view.contract, billed_until):
        number, due = due_on(item, view.contract, period)
        if due > run_date:
            schedule.wait(due)
            return
        charge = recurring_charge(tenant, view.customer, view.contract, item, period)
        schedule.by_interval.setdefault(number, []).append(charge)


def _plan_activities(
    tenant: Tenant, view: BillableContract, run_date: date, schedule: _Schedule
) -> None:
    regular, next_regular = sorted(schedule.by_interval), schedule.next_due_on
    for activity in view.activities:
        if activity.manual:
            continue
        due = _activity_due(view.contract, activity, regular, next_regular)
        if due is not None and due > run_date:
            schedule.wait(due)
            continue
        charge = activity_charge(tenant, view.customer, view.contract, activity)
        number = _joined_interval(view.contract, activity, regular)
        schedule.by_interval.setdefault(number, []).append(charge)


def _activity_due(
    contract: Contract, activity: OpenActivity, regular: list[int], next_regular: date | None
) -> date | None:
    """The day from which an activity is billed; None when it goes with this run's invoice.

    Without a date: with the contract's next regular invoice; where there is none, at the end of
    the billing interval in which it was rendered (F040, F001).
    """
    if activity.invoice_on is not None:
        return activity.invoice_on
    if regular:
        return None
    if contract.kind is ContractKind.SUBSCRIPTION and next_regular is not None:
        return next_regular
    number = index_at(contract.billing_anchor, contract.interval, activity.service.start)
    return nth_period(contract.billing_anchor, contract.interval, number).end


def _joined_interval(contract: Contract, activity: OpenActivity, regular: Iterable[int]) -> int:
    """The regular invoice an activity goes with: the first from its own interval on, else the last."""
    own = index_at(contract.billing_anchor, contract.interval, activity.service.start)
    joined = own
    for number in regular:
        joined = number
        if number >= own:
            break
    return joined
