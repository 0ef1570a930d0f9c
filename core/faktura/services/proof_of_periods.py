"""Proof of what was billed and what is derived: periods without gap or overlap, true projections."""

from collections.abc import Iterator
from datetime import date

from faktura.domain.billing_plan import plan_contract
from faktura.domain.contracts import BILLABLE
from faktura.domain.violations import Proof, Violation
from faktura.store.billed_facts import billed_periods, planned_contracts, wrong_open_items
from faktura.store.catalogue import read_catalogue
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx


def periods_are_continuous(tx: Tx) -> Iterator[Violation]:
    """Each item is billed from its first paid day on, day after day, once."""
    item, until = None, date.min
    for period in billed_periods(tx):
        if period.item_id != item:
            item, until = period.item_id, period.first_paid_day
        if period.start != until:
            place = f"activity of item {period.item_id} of contract {period.contract}"
            what = "a gap" if period.start > until else "an overlap"
            days = sorted((until, period.start))
            yield Violation(Proof.PERIODS, place, f"{what} from {days[0]} until before {days[1]}")
        until = max(until, period.end)


def projections_are_true(tx: Tx) -> Iterator[Violation]:
    """Open items and due days are what the facts and the plan say."""
    for number in wrong_open_items(tx):
        problem = "it is not the document's amount less what is allocated to it"
        yield Violation(Proof.PROJECTIONS, f"open_item of document {number}", problem)
    tenant = read_tenant(tx)
    for batch in planned_contracts(tx, read_catalogue(tx)):
        for view, stored in batch:
            if view.contract.state not in BILLABLE:
                continue
            # Before all days nothing is due, so the plan only says from when on something is.
            due = plan_contract(tenant, view, date.min).next_due_on
            if due != stored:
                yield Violation(
                    Proof.PROJECTIONS,
                    f"contract {view.contract.number}",
                    f"next_due_on is {stored}, the plan says {due}",
                )
