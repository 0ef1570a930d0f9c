"""Interim billing as an act: one invoice for all that is due on a contract, or nothing (F021)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

from faktura.domain.billing_plan import BillableContract
from faktura.domain.interim_billing import after_billing, interim_plan
from faktura.domain.invoices import DraftDocument, draft_invoice
from faktura.domain.tenants import Tenant
from faktura.services.changing import issue_change, merged
from faktura.services.contract_dues import next_due_on, reschedule
from faktura.services.issuing import Desk
from faktura.services.reversals import Reversal
from faktura.services.run_decisions import checked_total, is_free
from faktura.services.visible_contracts import locked_contracts, visible_contract
from faktura.store.billable import view_of
from faktura.store.drafts import discard_drafts
from faktura.store.facts import FrozenDocument
from faktura.store.quarantine import release
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class InterimBilled:
    """What interim billing issued: one document, or none where nothing is due or owed.

    `next_due_on` is the first day on which a run bills more.
    """

    documents: tuple[FrozenDocument, ...]
    nothing_due: bool
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class InterimPreview:
    """What interim billing would issue, in the shape of `InterimBilled`."""

    drafts: tuple[DraftDocument, ...]
    nothing_due: bool
    next_due_on: date | None


def bill_interim(
    tx: Tx, desk: Desk, number: str, on: date, projects: Collection[UUID] | None = None
) -> InterimBilled:
    """Bill what is due on a contract until that day, its invoice date; what is billed stays.

    Raises NotFound, TransitionRefused, and what cannot be priced, taxed or issued: nothing is
    written then. Asked again, it bills nothing twice.
    """
    contract = locked_contracts(tx, [number], projects)[0]
    view = view_of(tx, contract.id)
    drafts, after = _planned(desk.tenant, view, on)
    if not drafts:
        return InterimBilled((), nothing_due=True, next_due_on=after)
    documents = issue_change(tx, desk, Reversal(), drafts, on)
    reschedule(tx, desk.tenant, [contract.id])
    # Whatever kept a run from billing the contract is overcome.
    release(tx, [contract.id])
    discard_drafts(tx, [contract.id])
    return InterimBilled(tuple(documents), nothing_due=False, next_due_on=after)


def preview_interim(
    tx: Tx, desk: Desk, number: str, on: date, projects: Collection[UUID] | None = None
) -> InterimPreview:
    """What interim billing of that day would issue; raises what it would raise, writes nothing."""
    contract = visible_contract(tx, number, projects)
    drafts, after = _planned(desk.tenant, view_of(tx, contract.id), on)
    owed = [draft for draft in drafts if not is_free(desk.tenant, draft)]
    for draft in owed:
        desk.prepare(checked_total(draft))
    return InterimPreview(tuple(owed), nothing_due=not drafts, next_due_on=after)


def _planned(
    tenant: Tenant, view: BillableContract, on: date
) -> tuple[Sequence[DraftDocument], date | None]:
    """At most one draft with all that is due, and when more falls due once that is billed."""
    planned = interim_plan(tenant, view, on)
    charges = chain.from_iterable(one.charges for one in planned)
    after = next_due_on(tenant, after_billing(view, charges))
    return [draft_invoice(tenant, one, on) for one in merged(planned)], after
