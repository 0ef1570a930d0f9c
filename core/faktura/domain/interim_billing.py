"""Interim billing: what is due on one contract, outside the regular run, as a person asks (F021).

It bills what a run of the day would, and what a run leaves alone: activities without a date or left
to a person whose service has begun (F001, F040), and what was put off by hand (F036).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from faktura.domain.activities import OpenActivity
from faktura.domain.billing_plan import (
    BillableContract,
    ContractPlan,
    PlannedInvoice,
    plan_contract,
)
from faktura.domain.charges import Charge
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.terms import ContractState

# Of an ended contract usage may arrive later; no run looks at it any more (domain.md).
INTERIM = BILLABLE | {ContractState.ENDED}


def check_interim(contract: Contract) -> None:
    """Raise TransitionRefused for a draft or a voided contract: nothing is owed on it (F005)."""
    if contract.state not in INTERIM:
        raise TransitionRefused(
            f"contract {contract.number} is {contract.state}: nothing is billed on it (F005, F021)",
            place="contract.state",
            mend="Activate the contract first"
            if contract.state is ContractState.DRAFT
            else "Bill the services on another contract",
        )


def interim_plan(tenant: Tenant, view: BillableContract, day: date) -> tuple[PlannedInvoice, ...]:
    """What is due until that day (inclusive) by billing interval, oldest first; empty for nothing.

    Raises TransitionRefused, and the error of the first charge that cannot be priced or taxed.
    """
    check_interim(view.contract)
    asked = replace(
        view,
        contract=replace(view.contract, state=ContractState.ACTIVE, invoice_not_before=None),
        activities=tuple(_due_now(one, day) for one in view.activities if is_owed(one, day)),
    )
    plan: ContractPlan = plan_contract(tenant, asked, day)
    return tuple(replace(one, contract=view.contract) for one in plan.invoices)


def is_owed(activity: OpenActivity, day: date) -> bool:
    """Whether interim billing of that day bills an activity that waits (F040, F001)."""
    if activity.invoice_on is not None and not activity.manual:
        return activity.invoice_on <= day
    return activity.service.start <= day


def _due_now(activity: OpenActivity, day: date) -> OpenActivity:
    return replace(activity, manual=False, invoice_on=min(activity.invoice_on or day, day))


def after_billing(view: BillableContract, charges: Iterable[Charge]) -> BillableContract:
    """The contract as the plan sees it once these charges of it are billed."""
    own = tuple(charges)
    done = {charge.activity_id for charge in own}
    # A period that is billed again counted as billed before.
    until = dict(zip((item.id for item in view.items), view.billed_until, strict=True))
    for charge in own:
        if charge.item_id is not None and charge.activity_id is None:
            until[charge.item_id] = charge.service.end
    return replace(
        view,
        billed_until=tuple(until[item.id] for item in view.items),
        activities=tuple(one for one in view.activities if one.id not in done),
        reopened=tuple(one for one in view.reopened if one.activity_id not in done),
    )
