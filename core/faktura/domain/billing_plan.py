"""The pure plan of a billing run: which invoices a contract gets on a day, and when it is next due.

Catch-up: each missed interval is an invoice of its own, in order (P5). Nothing here knows a
database or a clock; equal input gives an equal plan.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from faktura.domain.activities import OpenActivity, ReopenedPeriod
from faktura.domain.charges import Charge, activity_charge, recurring_charge
from faktura.domain.contract_discounts import discounted, uses_by
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.customers import Customer
from faktura.domain.discounts import ContractDiscount, DiscountUse
from faktura.domain.service_periods import due_on, period_of, unbilled_periods
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tenants import Tenant
from faktura.kernel.periods import index_at, nth_period
from faktura.kernel.terms import ContractKind

_NOTHING: Mapping[UUID, date] = MappingProxyType({})


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
    reopened: tuple[ReopenedPeriod, ...] = ()
    discounts: tuple[ContractDiscount, ...] = ()
    discount_uses: tuple[DiscountUse, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedInvoice:
    """The charges of one billing interval of one contract; `due_on` is the first day one fell due.

    The charges of a collective invoice are those of several contracts (F053).
    """

    contract: Contract
    customer: Customer
    interval: int
    charges: tuple[Charge, ...]
    due_on: date


@dataclass(frozen=True, slots=True)
class ContractPlan:
    """What a run does with a contract; `next_due_on` is the first day on which more falls due."""

    invoices: tuple[PlannedInvoice, ...] = ()
    next_due_on: date | None = None


@dataclass(slots=True)
class _Schedule:
    """Charges by billing interval while the plan is made.

    What falls due on or before `run_date` is billed, and every period that starts before
    its item's day of `rebill_until`: it was billed already and has been reversed.
    """

    run_date: date
    rebill_until: Mapping[UUID, date]
    by_interval: dict[int, list[Charge]] = field(default_factory=dict)
    due_days: dict[int, date] = field(default_factory=dict)
    next_due_on: date | None = None

    def waits(self, item: SubscriptionItem, start: date, due: date) -> bool:
        """Whether a period of an item that begins on `start` is not billed yet."""
        return due > self.run_date and start >= self.rebill_until.get(item.id, date.min)

    def wait(self, until: date) -> None:
        if self.next_due_on is None or until < self.next_due_on:
            self.next_due_on = until

    def bill(self, number: int, due: date, charge: Charge) -> None:
        self.by_interval.setdefault(number, []).append(charge)
        self.due_days[number] = min(due, self.due_days.get(number, due))


def plan_contract(
    tenant: Tenant,
    view: BillableContract,
    run_date: date,
    *,
    rebill_until: Mapping[UUID, date] = _NOTHING,
) -> ContractPlan:
    """The invoices that fall due on or before `run_date`, oldest interval first.

    An item's periods that start before its day of `rebill_until` (exclusive) are billed whenever
    they fall due. Raises
    the named error of the first charge that cannot be priced or taxed: the caller quarantines the
    contract and goes on with the rest (O19).
    """
    if view.contract.state not in BILLABLE:
        return ContractPlan()
    schedule = _Schedule(run_date, rebill_until)
    for item, billed_until in zip(view.items, view.billed_until, strict=True):
        _plan_item(tenant, view, item, billed_until, schedule)
    if view.reopened:
        _plan_reopened(tenant, view, schedule)
    if view.activities:
        _plan_activities(tenant, view, schedule)
    invoices = tuple(
        PlannedInvoice(
            view.contract, view.customer, number, tuple(charges), schedule.due_days[number]
        )
        for number, charges in sorted(schedule.by_interval.items())
    )
    if view.discounts:
        invoices = tuple(_discounted(view, invoices))
    return ContractPlan(invoices, schedule.next_due_on)


def _discounted(
    view: BillableContract, invoices: Iterable[PlannedInvoice]
) -> Iterator[PlannedInvoice]:
    """The invoices with the contract's discounts; each sees what those before it used (F077)."""
    contract, uses = view.contract, list(view.discount_uses)
    for invoice in invoices:
        start = nth_period(contract.billing_anchor, contract.interval, invoice.interval).start
        charges = discounted(invoice.charges, view.discounts, uses, start)
        uses += [use for charge in charges for use in uses_by(charge)]
        yield replace(invoice, charges=charges)


def _plan_item(
    tenant: Tenant,
    view: BillableContract,
    item: SubscriptionItem,
    billed_until: date | None,
    schedule: _Schedule,
) -> None:
    for period in unbilled_periods(item, view.contract, billed_until):
        number, due = due_on(item, view.contract, period)
        due = put_off(view.contract, due)
        if schedule.waits(item, period.service.start, due):
            schedule.wait(due)
            return
        charge = recurring_charge(tenant, view.customer, view.contract, item, period)
        schedule.bill(number, due, charge)


def put_off(contract: Contract, due: date) -> date:
    """The day on which something is billed that falls due: not before the day set by hand (F036)."""
    return max(due, contract.invoice_not_before or due)


def _plan_reopened(tenant: Tenant, view: BillableContract, schedule: _Schedule) -> None:
    """Periods whose invoice was cancelled: they are due as they were before."""
    items = {item.id: item for item in view.items}
    for reopened in view.reopened:
        item = items[reopened.item_id]
        period = period_of(item, view.contract, reopened.service)
        number, due = due_on(item, view.contract, period)
        due = put_off(view.contract, due)
        if schedule.waits(item, period.service.start, due):
            schedule.wait(due)
            continue
        charge = recurring_charge(tenant, view.customer, view.contract, item, period)
        schedule.bill(number, due, replace(charge, activity_id=reopened.activity_id))


def _plan_activities(tenant: Tenant, view: BillableContract, schedule: _Schedule) -> None:
    regular, next_regular = sorted(schedule.by_interval), schedule.next_due_on
    for activity in view.activities:
        if activity.manual:
            continue
        due = _activity_due(view.contract, activity, regular, next_regular)
        due = None if due is None else put_off(view.contract, due)
        if due is not None and due > schedule.run_date:
            schedule.wait(due)
            continue
        charge = activity_charge(tenant, view.customer, view.contract, activity)
        number = _joined_interval(view.contract, activity, regular)
        schedule.bill(number, due or schedule.due_days[number], charge)


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
