"""When a contract is next due: the projection that the billing run searches by."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.tenants import Tenant
from faktura.store.billable import views_by_id
from faktura.store.contracts import set_next_due
from faktura.store.transaction import Tx


def next_due_on(tenant: Tenant, view: BillableContract) -> date | None:
    """The first day on which something falls due; None for a draft, and where nothing waits.

    The plan of a run before all time bills nothing and says from when on it would.
    """
    return plan_contract(tenant, view, date.min).next_due_on


def reschedule(tx: Tx, tenant: Tenant, contract_ids: Iterable[UUID]) -> None:
    """Rewrite when contracts are next due; in the transaction that changed what decides about it."""
    views = views_by_id(tx, contract_ids)
    set_next_due(tx, {view.contract.id: next_due_on(tenant, view) for view in views})
