"""Contracts as a person looks at them: found, opened, with their activities (F018, F058-F060)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique

from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.charges import Charge, activity_charge
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError, NotFound
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import Origin
from faktura.store.billable import view_of
from faktura.store.billed_activities import read_billed
from faktura.store.catalogue import read_catalogue
from faktura.store.contract_overview import ContractOverview, find_contracts
from faktura.store.contracts import read_contract
from faktura.store.customers import read_customer
from faktura.store.quarantine import Quarantined, read_quarantine
from faktura.store.transaction import Tx


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


@dataclass(frozen=True, slots=True)
class ContractDetails:
    """A contract with its items, what is billed of each, and why it is in quarantine."""

    overview: ContractOverview
    billable: BillableContract
    quarantined: Quarantined | None


def list_contracts(
    tx: Tx, *, customer_number: str | None = None, internal_identifier: str | None = None
) -> list[ContractOverview]:
    """Contracts by number, of a customer, with an internal identifier, or both (F018)."""
    customer_id = None if customer_number is None else read_customer(tx, customer_number).id
    return find_contracts(tx, customer_id=customer_id, internal_identifier=internal_identifier)


def show_contract(tx: Tx, number: str) -> ContractDetails:
    """One contract; raises NotFound."""
    found = find_contracts(tx, number=number)
    if not found:
        raise NotFound(f"there is no contract {number}", place="contractNumber")
    overview = found[0]
    contract_id = overview.contract.id
    isolated = read_quarantine(tx, contract_id=contract_id)
    return ContractDetails(
        overview,
        view_of(tx, contract_id, read_catalogue(tx)),
        isolated[0] if isolated else None,
    )


def contract_activities(
    tx: Tx,
    tenant: Tenant,
    number: str,
    on: date,
    origins: Collection[Origin] = tuple(Origin),
) -> list[ActivityView]:
    """Billed, due and waiting activities of these origins (F058); due are those a run of `on` bills.

    Raises NotFound.
    """
    contract = read_contract(tx, number)
    view = view_of(tx, contract.id, read_catalogue(tx))
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
        )
        for billed in read_billed(tx, contract.id, origins)
    ]
    unbilled = (*_due(tenant, view, on), *_waiting(tenant, view))
    return found + [activity for activity in unbilled if activity.origin in origins]


def _due(tenant: Tenant, view: BillableContract, on: date) -> Iterator[ActivityView]:
    """What a run of that day would bill of the subscriptions; raises what the run would."""
    recurring = BillableContract(view.contract, view.customer, view.items, view.billed_until)
    for planned in plan_contract(tenant, recurring, on).invoices:
        for charge in planned.charges:
            yield _charged(ActivityState.DUE, charge, view)


def _waiting(tenant: Tenant, view: BillableContract) -> Iterator[ActivityView]:
    for activity in view.activities:
        try:
            charge = activity_charge(tenant, view.customer, view.contract, activity)
        except FakturaError as error:
            yield ActivityView(
                ActivityState.WAITING,
                activity.origin,
                activity.article.number,
                activity.article.name,
                activity.service,
                activity.quantity,
                None,
                None,
                view.contract.number,
                problem=str(error),
            )
        else:
            yield _charged(ActivityState.WAITING, charge, view)


def _charged(state: ActivityState, charge: Charge, view: BillableContract) -> ActivityView:
    return ActivityView(
        state,
        charge.origin,
        charge.article.number,
        charge.article.name,
        charge.service,
        charge.item_quantity,
        charge.net,
        charge.net + percent_of(charge.net, charge.tax.rate),
        view.contract.number,
    )
