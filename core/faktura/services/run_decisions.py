"""What a run does with contracts: their documents, what costs nothing, what a person has to mend.

Nothing is written here, so that a dry run asks the same as the run. A contract gets all of its
documents or, where one fails, none (O19).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from faktura.domain.billing_plan import (
    BillableContract,
    ContractPlan,
    PlannedInvoice,
    plan_contract,
)
from faktura.domain.collective import collective_invoice, grouped
from faktura.domain.invoices import DraftDocument, draft_invoice, draft_summary
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import (
    FakturaError,
    FinaliseRefused,
    NegativeTotal,
    UnexpectedFailure,
)
from faktura.services.issuing import Desk, Prepared
from faktura.store.drafts import StoredDraft


@dataclass(slots=True)
class Outcome:
    """What a run will write, gathered contract by contract; `free` are drafts of no amount."""

    prepared: list[Prepared] = field(default_factory=list)
    free: list[DraftDocument] = field(default_factory=list)
    next_due: dict[UUID, date | None] = field(default_factory=dict)
    failures: list[tuple[UUID, FakturaError]] = field(default_factory=list)
    drafts: list[StoredDraft] = field(default_factory=list)

    def add(self, desk: Desk, draft: DraftDocument) -> None:
        """Add a document; raises what keeps it from being issued."""
        if is_free(desk.tenant, draft):
            self.free.append(draft)
        else:
            self.prepared.append(desk.prepare(checked_total(draft)))


def preview_contract(
    tenant: Tenant, view: BillableContract, run_date: date
) -> tuple[list[DraftDocument], ContractPlan]:
    """The drafts of a contract on that day; raises what cannot be priced, taxed or written.

    Whether a draft is complete and above zero is decided when it is issued (`decide`).
    """
    plan = plan_contract(tenant, view, run_date)
    return [draft_invoice(tenant, planned, run_date) for planned in plan.invoices], plan


def preview_shared(
    tenant: Tenant, view: BillableContract, beside: Sequence[BillableContract], run_date: date
) -> list[DraftDocument]:
    """The drafts that a contract is on, with what other contracts of its customer add (F053).

    Others that cannot be priced or taxed are left out, as a run leaves them; raises where it is
    the contract itself.
    """
    planned = list(preview_contract(tenant, view, run_date)[1].invoices)
    for other in beside:
        with suppress(FakturaError):
            planned += preview_contract(tenant, other, run_date)[1].invoices
    return [
        collective_invoice(tenant, group, run_date)
        for group in grouped(tenant, planned)
        if any(invoice.contract.id == view.contract.id for invoice in group)
    ]


def decide(desk: Desk, views: Iterable[BillableContract], run_date: date) -> Outcome:
    """What a run of that day does with contracts, given customer by customer."""
    outcome = Outcome()
    if desk.tenant.collective_invoices:
        for _, own in groupby(views, key=attrgetter("customer.id")):
            _decide_customer(desk, list(own), run_date, outcome)
        return outcome
    for view in views:
        try:
            _decide_contract(desk, view, run_date, outcome)
        except Exception as error:  # noqa: BLE001 - a defect in one contract must not stop the run (O19)
            outcome.failures.append(
                (view.contract.id, _named(error, f"contract {view.contract.number}"))
            )
    return outcome


def _named(error: Exception, place: str) -> FakturaError:
    if isinstance(error, FakturaError):
        return error
    return UnexpectedFailure(f"{type(error).__name__}: {error}").at(place)


def _decide_contract(desk: Desk, view: BillableContract, run_date: date, outcome: Outcome) -> None:
    drafts, plan = preview_contract(desk.tenant, view, run_date)
    made = Outcome()
    try:
        for draft in drafts:
            made.add(desk, draft)
    except FinaliseRefused as error:
        outcome.drafts.extend(
            _waiting(view.contract.id, no, draft, error) for no, draft in enumerate(drafts, 1)
        )
        raise
    outcome.prepared.extend(made.prepared)
    outcome.free.extend(made.free)
    outcome.next_due[view.contract.id] = plan.next_due_on


def _waiting(contract_id: UUID, no: int, draft: DraftDocument, error: FakturaError) -> StoredDraft:
    return StoredDraft(contract_id, no, canonical_json(draft_summary(draft)), error.problem)


def _decide_customer(
    desk: Desk, views: Sequence[BillableContract], run_date: date, outcome: Outcome
) -> None:
    """Add a customer's collective invoices (F053).

    What fails takes every contract of its document out; the others are joined anew without them.
    """
    plans = _plans(desk, views, run_date, outcome)
    held: dict[UUID, FakturaError] = {}
    while True:
        left = [view for view in views if view.contract.id in plans.keys() - held.keys()]
        made, failed = _joined(desk, _invoices(plans, left), run_date)
        if not failed:
            break
        held |= failed
    outcome.prepared.extend(made.prepared)
    outcome.free.extend(made.free)
    outcome.next_due.update((one.contract.id, plans[one.contract.id].next_due_on) for one in left)
    outcome.failures.extend(held.items())
    refused = [view for view in views if isinstance(held.get(view.contract.id), FinaliseRefused)]
    outcome.drafts.extend(_held_drafts(desk, _invoices(plans, refused), run_date, held))


def _plans(
    desk: Desk, views: Sequence[BillableContract], run_date: date, outcome: Outcome
) -> dict[UUID, ContractPlan]:
    """The plans of the contracts that can be billed at all; the others are failures."""
    plans = {}
    for view in views:
        try:
            plans[view.contract.id] = preview_contract(desk.tenant, view, run_date)[1]
        except Exception as error:  # noqa: BLE001 - a defect in one contract must not stop the run (O19)
            outcome.failures.append(
                (view.contract.id, _named(error, f"contract {view.contract.number}"))
            )
    return plans


def _invoices(
    plans: dict[UUID, ContractPlan], views: Sequence[BillableContract]
) -> list[PlannedInvoice]:
    return [invoice for view in views for invoice in plans[view.contract.id].invoices]


def _joined(
    desk: Desk, planned: Sequence[PlannedInvoice], run_date: date
) -> tuple[Outcome, dict[UUID, FakturaError]]:
    """The documents of one customer, and the contracts of those that cannot be issued."""
    made, failed = Outcome(), dict[UUID, FakturaError]()
    for group in grouped(desk.tenant, planned):
        try:
            made.add(desk, collective_invoice(desk.tenant, group, run_date))
        except Exception as error:  # noqa: BLE001 - a defect in one document must not stop the run (O19)
            named = _named(error, f"contract {group[0].contract.number}")
            for invoice in group:
                failed.setdefault(invoice.contract.id, named)
    return made, failed


def _held_drafts(
    desk: Desk,
    planned: Sequence[PlannedInvoice],
    run_date: date,
    held: dict[UUID, FakturaError],
) -> list[StoredDraft]:
    """The drafts of contracts that lack something, each kept once, with its first contract."""
    return [
        _waiting(
            group[0].contract.id,
            no,
            collective_invoice(desk.tenant, group, run_date),
            held[group[0].contract.id],
        )
        for no, group in enumerate(grouped(desk.tenant, planned), 1)
    ]


def is_free(tenant: Tenant, draft: DraftDocument) -> bool:
    """Whether nothing is owed: periods count as billed, no document unless configured (P17)."""
    return not draft.gross and not draft.net and not tenant.zero_documents


def checked_total(draft: DraftDocument) -> DraftDocument:
    """The draft; raises NegativeTotal for an invoice below zero (P18)."""
    if draft.gross.minor < 0:
        raise NegativeTotal(
            f"the invoice would come to {draft.gross}",
            place=draft.place,
            mend="Credit it with a correction of the invoice it belongs to",
        )
    return draft
