"""Cancelling an invoice and issuing it again at once, from the data of today (F064, F067).

One transaction: one cancellation, one new invoice a contract, and the credit pays the new ones.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from faktura.domain.billing_plan import BillableContract
from faktura.domain.invoices import DraftDocument, Original, draft_invoice
from faktura.domain.rebilling import billed_again
from faktura.kernel.errors import Conflict
from faktura.kernel.terms import DocumentKind, DocumentLinkKind
from faktura.services.billed_lines import write_billed_lines
from faktura.services.cancelling import (
    BilledAgain,
    Cancelling,
    cancellable,
    cancellation,
    views_of_contracts,
    wait_again,
    waiting_again,
)
from faktura.services.contract_dues import reschedule
from faktura.services.issuing import Desk, issue
from faktura.services.originals import LockedOriginal
from faktura.services.run_decisions import checked_total, is_free
from faktura.store.facts import FrozenDocument
from faktura.store.standing import activities_of, mark_reversed
from faktura.store.transaction import Tx


def rebill_invoice(
    tx: Tx, desk: Desk, number: str, given: Cancelling, projects: Collection[UUID] | None = None
) -> list[FrozenDocument]:
    """Cancel an invoice and issue it anew, priced, taxed and addressed as of today.

    Returns the cancellation, then one invoice for each contract; none for one that owes nothing of
    it any more. Raises as `cancel_invoice`, and what cannot be priced, taxed or issued: nothing is
    half-applied then.
    """
    original = cancellable(tx, number, projects)
    _check_repeatable(original)
    cancelled = cancellation(tx, desk, original, given)
    views = views_of_contracts(tx, original)
    rows = activities_of(tx, [original.record.id])
    again = waiting_again(tx, rows, views)
    gone = {row.id for row in rows}
    drafts = [
        draft
        for contract in original.contracts
        for draft in _again(desk, _without(views[contract.id], gone), again, cancelled.issued_on)
    ]
    owed = [
        replace(checked_total(draft), originals=(_replaced(original),))
        for draft in drafts
        if not is_free(desk.tenant, draft)
    ]
    free = [draft for draft in drafts if is_free(desk.tenant, draft)]
    prepared = [desk.prepare(draft) for draft in (cancelled, *owed)]
    documents = issue(tx, desk.tenant, prepared, on=cancelled.issued_on, run_id=None)
    mark_reversed(tx, [(activity_id, documents[0].id) for activity_id in gone])
    wait_again(tx, again)
    write_billed_lines(tx, documents[1:], free, None)
    reschedule(tx, desk.tenant, [contract.id for contract in original.contracts])
    return documents


def _again(desk: Desk, view: BillableContract, again: BilledAgain, on: date) -> list[DraftDocument]:
    contract_id = view.contract.id
    planned = billed_again(
        desk.tenant,
        view,
        again.periods_of(contract_id),
        again.activities.get(contract_id, []),
    )
    return [] if planned is None else [draft_invoice(desk.tenant, planned, on)]


def _without(view: BillableContract, gone: Collection[UUID]) -> BillableContract:
    """The view with the discounts free again that reversed activities used."""
    left = tuple(use for use in view.discount_uses if use.activity_id not in gone)
    return replace(view, discount_uses=left)


def _replaced(original: LockedOriginal) -> Original:
    record = original.record
    return Original(
        record.id, record.number, record.issued_on, DocumentLinkKind.REBILLS, record.kind
    )


def _check_repeatable(original: LockedOriginal) -> None:
    record = original.record
    if record.kind is not DocumentKind.INVOICE:
        raise Conflict(
            f"{record.number} is of kind {record.kind}: it is not made again by itself (F067)",
            place="invoiceNumber",
            mend="Cancel it, then make the right one",
        )
