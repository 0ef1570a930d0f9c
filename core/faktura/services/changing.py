"""Carrying out a change of mind: corrections, new items, one new invoice a contract (F071, F072).

All of it is one transaction, and the credit of the change pays its own invoices first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from uuid import UUID

from faktura.domain.billing_plan import BillableContract, PlannedInvoice, plan_contract
from faktura.domain.contract_life import Change, ContractLife, changed_view
from faktura.domain.invoices import DraftDocument, draft_invoice
from faktura.domain.tenants import Tenant
from faktura.services.billed_lines import write_billed_lines
from faktura.services.contract_dues import reschedule
from faktura.services.issuing import Desk, issue
from faktura.services.reversals import Reversal, reversal_of
from faktura.services.run_decisions import checked_total, is_free
from faktura.store.billable import view_of
from faktura.store.contracts import update_states
from faktura.store.documents import latest_issue
from faktura.store.facts import FrozenDocument
from faktura.store.standing import drop_waiting, mark_reversed, standing_periods
from faktura.store.subscriptions import end_items, update_terms, write_items
from faktura.store.transaction import Tx


def life_of(tx: Tx, contract_id: UUID) -> ContractLife:
    """The contract with all its billed periods; the caller holds its customer's lock."""
    return ContractLife(view_of(tx, contract_id), tuple(standing_periods(tx, contract_id)))


def carry_out(
    tx: Tx,
    desk: Desk,
    life: ContractLife,
    change: Change,
    on: date,
    *,
    successor: BillableContract | None = None,
) -> list[FrozenDocument]:
    """Write a change with its documents: corrections first, then one invoice for each contract.

    What falls due until `on` is billed along, as interim billing does (F071); so is what a
    `successor` owes, which is written already (F072). The documents bear that date, or that of the
    latest document they take back: none is dated before its original. Raises what cannot be priced,
    taxed or issued; nothing is half-applied then.
    """
    view = changed_view(life, change)
    taken = {one.document_id for one in change.reversed if one.document_id is not None}
    dated = max(on, latest_issue(tx, taken) or on)
    reversal = reversal_of(tx, view.contract, view.customer, change.reversed, dated)
    rebilled = rebill(desk.tenant, view, on, change.rebill_until)
    if successor is not None:
        rebilled += rebill(desk.tenant, successor, on, {})
    invoices = [draft_invoice(desk.tenant, planned, dated) for planned in rebilled]
    update_states(tx, [change.contract])
    end_items(tx, change.items)
    if change.subscription is not None:
        update_terms(tx, change.subscription)
    write_items(tx, [(change.contract.id, item) for item in change.added])
    # First, for what waits holds its period as much as what is billed does.
    drop_waiting(tx, [one.activity_id for one in change.dropped])
    documents = issue_change(tx, desk, reversal, invoices, dated)
    changed = [change.contract.id, *([successor.contract.id] if successor else [])]
    reschedule(tx, desk.tenant, changed)
    return documents


def rebill(
    tenant: Tenant, view: BillableContract, on: date, rebill_until: Mapping[UUID, date]
) -> list[PlannedInvoice]:
    """At most one invoice: all that a contract's items owe until then."""
    return merged(plan_contract(tenant, view, on, rebill_until=rebill_until).invoices)


def merged(planned: Sequence[PlannedInvoice]) -> list[PlannedInvoice]:
    """The charges of several intervals as one invoice, in their order; none of none."""
    if not planned:
        return []
    charges = tuple(chain.from_iterable(one.charges for one in planned))
    return [replace(planned[0], charges=charges)]


def issue_change(
    tx: Tx, desk: Desk, reversal: Reversal, invoices: Sequence[DraftDocument], on: date
) -> list[FrozenDocument]:
    """Issue corrections and invoices under one seal, and record what they reverse and bill."""
    free = [draft for draft in invoices if is_free(desk.tenant, draft)]
    owed = [checked_total(draft) for draft in invoices if not is_free(desk.tenant, draft)]
    prepared = [
        *(desk.prepare(draft) for draft, _ in reversal.corrections),
        *(desk.prepare(draft) for draft in owed),
    ]
    documents = issue(tx, desk.tenant, prepared, on=on, run_id=None)
    corrections = documents[: len(reversal.corrections)]
    change_id = tx.new_id()
    reversed_by = [(activity_id, change_id) for activity_id in reversal.free]
    for frozen, (_, activity_ids) in zip(corrections, reversal.corrections, strict=True):
        reversed_by += [(activity_id, frozen.id) for activity_id in activity_ids]
    mark_reversed(tx, reversed_by)
    write_billed_lines(tx, documents[len(corrections) :], free, None)
    return documents
