"""When a contract is next due: the projection that the billing run searches by."""

from datetime import date

from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.tenants import Tenant


def next_due_on(tenant: Tenant, view: BillableContract) -> date | None:
    """The first day on which something falls due; None for a draft, and where nothing waits.

    The plan of a run before all time bills nothing and says from when on it would.
    """
    return plan_contract(tenant, view, date.min).next_due_on
