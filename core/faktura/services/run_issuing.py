"""Issuing the documents of a run: numbers and seal are locked at the end of a chunk, for the writing alone.

On PostgreSQL many workers bill at once and meet at the number range and the chain's head. So whatever
does not hang on a number is done before it is taken: postings, hashes' texts, rows as the driver takes
them. SQLite has one writer at a time, and nobody who waits.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from faktura.domain.invoices import DraftDocument
from faktura.domain.tenants import Tenant
from faktura.services.billed_lines import billed_lines, write_billed_lines
from faktura.services.deferrals import revenue_to_defer
from faktura.services.document_events import events_of
from faktura.services.issuing import (
    Prepared,
    frozen_document,
    gather_document,
    issue,
    render,
)
from faktura.services.outbox import announce
from faktura.store.accounts import account_heads
from faktura.store.deferrals import write_deferrals
from faktura.store.document_numbers import document_numbers
from faktura.store.facts import Facts
from faktura.store.facts_ahead import facts_ahead
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx


def issue_run(
    tx: Tx,
    tenant: Tenant,
    prepared: Sequence[Prepared],
    free: Sequence[DraftDocument],
    *,
    on: date,
    run_id: UUID,
) -> int:
    """Issue a run's documents under one seal and record what they bill; how many documents.

    `free` are drafts of no amount: their lines count as billed. The last thing a transaction does.
    """
    if tx.is_postgresql and prepared and all(_stands_alone(ready.draft) for ready in prepared):
        return _issue_ahead(tx, tenant, prepared, free, on, run_id)
    documents = issue(tx, tenant, prepared, on=on, run_id=run_id)
    write_billed_lines(tx, documents, free, run_id)
    return len(documents)


def _stands_alone(draft: DraftDocument) -> bool:
    """Whether a document touches no other one, by its text or by its money."""
    return not (draft.originals or draft.deposits or draft.paid_by)


def _issue_ahead(
    tx: Tx,
    tenant: Tenant,
    prepared: Sequence[Prepared],
    free: Sequence[DraftDocument],
    on: date,
    run_id: UUID,
) -> int:
    tenant = holding_accounts(tx, tenant)
    heads = account_heads(tx, {ready.draft.customer.id for ready in prepared})
    stand_in = tx.new_id().hex
    facts = Facts()
    for ready in prepared:
        gather_document(facts, tenant, frozen_document(tx, ready, stand_in, run_id), heads)
    facts.events.extend(events_of(tx, facts.documents))
    ahead = facts_ahead(tx, facts, stand_in)
    billed = billed_lines(tx, facts.documents, free, run_id)
    deferrals = revenue_to_defer(tx, tenant, facts.documents)
    render(tx, prepared, facts.documents)
    # From here to the commit everybody else who issues for the tenant waits.
    numbers = document_numbers(tx, [ready.draft.kind for ready in prepared], on)
    announce(tx, ahead.write(tx, numbers))
    billed.write(tx)
    if deferrals:
        write_deferrals(tx, deferrals)
    return len(prepared)
