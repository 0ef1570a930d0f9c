"""Contracts as a person looks at them: found, opened, with their activities (F018, F058-F060)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.charges import Charge, activity_charge
from faktura.domain.contracts import Contract
from faktura.domain.costs import Costs
from faktura.domain.customers import Customer
from faktura.domain.external_links import ExternalLink
from faktura.domain.subscriptions import Subscription, SubscriptionItem, subscriptions_of
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import FakturaError
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import ContractState, Origin
from faktura.services.visible_contracts import visible_contract
from faktura.store.billable import view_of
from faktura.store.billed_activities import read_billed
from faktura.store.contract_overview import ContractFilter, ContractOverview, find_contracts
from faktura.store.contracts import no_contract
from faktura.store.customers import read_customer, read_customers_by_id
from faktura.store.discounts import with_discounts
from faktura.store.quarantine import Quarantined, Which, read_quarantine
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx
from faktura.store.unbilled import contracts_with_unbilled


@unique
class ActivityState(StrEnum):
    """BILLED; DUE: of a subscription, not billed yet; WAITING: recorded, not billed yet."""

    BILLED = "BILLED"
    DUE = "DUE"
    WAITING = "WAITING"


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity with its service period; `gross` is reserved until it is billed (F059).

    Amounts are None with origin MIGRATION, and where `problem` says why there is no price or tax.
    `activity_id` is None for what is DUE: it comes into being by being billed. Ledger account,
    links and costs are the activity's own (F042).
    """

    state: ActivityState
    origin: Origin
    article_number: str
    article_name: str
    service: Period
    quantity: Decimal
    net: Money | None
    gross: Money | None
    contract_number: str
    invoice_number: str | None = None
    problem: str = ""
    activity_id: UUID | None = None
    ledger_account: str | None = None
    links: tuple[ExternalLink, ...] = ()
    costs: Costs = ()


@dataclass(frozen=True, slots=True)
class ContractDetails:
    """A contract with its items, what is billed of each, and why it is in quarantine."""

    overview: ContractOverview
    billable: BillableContract
    quarantined: Quarantined | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item and the exclusive end of what is billed of it (None = nothing, F019)."""

    item: SubscriptionItem
    billed_until: date | None


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription with its items, in the order in which they were added (F023)."""

    subscription: Subscription
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class ContractQuery:
    """What a person looks for; what is None filters nothing.

    `search` is part of a number or internal identifier, letters A to Z in either case.
    """

    customer_number: str | None = None
    internal_identifier: str | None = None
    states: Collection[ContractState] | None = None
    search: str | None = None


_ALL = ContractQuery()


def list_contracts(
    tx: Tx,
    wanted: ContractQuery = _ALL,
    *,
    projects: Collection[UUID] | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[ContractOverview]:
    """Contracts of these projects (None: all) by number, of those behind `after` (F018).

    Raises NotFound for a customer that does not exist.
    """
    number = wanted.customer_number
    found = ContractFilter(
        projects=projects,
        customer_id=None if number is None else read_customer(tx, number).id,
        internal_identifier=wanted.internal_identifier,
        states=wanted.states,
        search=wanted.search,
    )
    return _told_of_today(tx, find_contracts(tx, found, after=after, limit=limit))


def _told_of_today(tx: Tx, found: Sequence[ContractOverview]) -> list[ContractOverview]:
    """Contracts with what depends on the tenant's today.

    Whether they have discounts from then on (F076), and services that nobody has billed (F021).
    """
    today = local_date(tx.clock, read_tenant(tx).time_zone)
    ids = [one.contract.id for one in found]
    having = with_discounts(tx, ids, today)
    owing = contracts_with_unbilled(tx, ids, today)
    return [
        replace(
            one,
            has_discounts=one.contract.id in having,
            unbilled_services=one.contract.id in owing,
        )
        for one in found
    ]


def show_contract(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> ContractDetails:
    """One contract; raises NotFound, also for one outside `projects` (None: all)."""
    found = find_contracts(tx, ContractFilter(projects=projects, number=number))
    if not found:
        raise no_contract(number)
    overview = _told_of_today(tx, found)[0]
    contract_id = overview.contract.id
    isolated = read_quarantine(tx, Which(contract_id=contract_id))
    return ContractDetails(overview, view_of(tx, contract_id), isolated[0] if isolated else None)


def contract_subscriptions(
    tx: Tx, number: str, projects: Collection[UUID] | None = None
) -> list[SubscriptionView]:
    """The recurring part of a contract; raises NotFound, also outside `projects` (None: all)."""
    view = view_of(tx, visible_contract(tx, number, projects).id)
    items: dict[UUID, list[ItemView]] = {}
    for item, until in zip(view.items, view.billed_until, strict=True):
        items.setdefault(item.subscription.id, []).append(ItemView(item, until))
    return [SubscriptionView(one, tuple(items[one.id])) for one in subscriptions_of(view.items)]


def contract_activities(
    tx: Tx,
    tenant: Tenant,
    number: str,
    on: date,
    *,
    origins: Collection[Origin] = tuple(Origin),
    projects: Collection[UUID] | None = None,
) -> list[ActivityView]:
    """Billed, due and waiting activities of these origins (F058); due are those a run of `on` bills.

    Raises NotFound, also for a contract outside `projects` (None: all).
    """
    contract = visible_contract(tx, number, projects)
    view = view_of(tx, contract.id)
    found = [
        ActivityView(
            ActivityState.BILLED,
            billed.origin,
            billed.article_number,
            billed.article_name,
            billed.service,
            billed.quantity,
            None if billed.net is None else Money(billed.net, contract.currency),
            None if billed.gross is None else Money(billed.gross, contract.currency),
            number,
            billed.invoice_number,
            activity_id=billed.id,
            ledger_account=billed.ledger_account,
            links=billed.links,
            costs=billed.costs,
        )
        for billed in read_billed(tx, contract.id, origins)
    ]
    waiting = (_waiting(tenant, view.customer, contract, one) for one in view.activities)
    unbilled = (*_due(tenant, view, on), *waiting)
    return found + [activity for activity in unbilled if activity.origin in origins]


def waiting_view(tx: Tx, tenant: Tenant, number: str, activity: OpenActivity) -> ActivityView:
    """One activity that waits on the contract of that number; raises NotFound."""
    contract = visible_contract(tx, number)
    customer = read_customers_by_id(tx, [contract.customer_id])[contract.customer_id]
    return _waiting(tenant, customer, contract, activity)


def _due(tenant: Tenant, view: BillableContract, on: date) -> Iterator[ActivityView]:
    """What a run of that day would bill of the subscriptions; raises what the run would."""
    recurring = replace(view, activities=())
    for planned in plan_contract(tenant, recurring, on).invoices:
        for charge in planned.charges:
            yield _charged(ActivityState.DUE, charge, view.contract)


def _waiting(
    tenant: Tenant, customer: Customer, contract: Contract, activity: OpenActivity
) -> ActivityView:
    view = ActivityView(
        ActivityState.WAITING,
        activity.origin,
        activity.article.number,
        activity.article.name,
        activity.service,
        activity.quantity,
        None,
        None,
        contract.number,
        activity_id=activity.id,
        ledger_account=activity.ledger_account,
        links=activity.links,
        costs=activity.costs,
    )
    try:
        charge = activity_charge(tenant, customer, contract, activity)
    except FakturaError as error:
        return replace(view, problem=str(error))
    return replace(view, net=charge.net, gross=_gross(charge))


def _charged(state: ActivityState, charge: Charge, contract: Contract) -> ActivityView:
    return ActivityView(
        state,
        charge.origin,
        charge.article.number,
        charge.article.name,
        charge.service,
        charge.item_quantity,
        charge.net,
        _gross(charge),
        contract.number,
    )


def _gross(charge: Charge) -> Money:
    return charge.net + percent_of(charge.net, charge.tax.rate)
