"""A means of payment saved without a payment: kept beside the attempts, but never one that is live.

Its row has no amount and is CANCELLED from the beginning: it blocks no collection, nobody asks about
it, and whatever a provider reports of it moves no money.
"""

from dataclasses import replace
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound
from faktura.kernel.payment_terms import AttemptChannel, AttemptState
from faktura.plugin import OpenedPage, PageResult, Pending, Succeeded
from faktura.services.page_attempts import locked_payer, new_attempt
from faktura.services.page_requests import KeptPage, Wish, is_for, kept_page, page_text
from faktura.services.saved_means import keep_saved
from faktura.store.attempts import (
    AttemptFilter,
    list_attempts,
    lock_attempts,
    read_attempt,
    rewrite_attempts,
    write_attempts,
)
from faktura.store.customers import lock_customers
from faktura.store.transaction import Tx

_LOOKED_THROUGH = 20


def begin_setup(tx: Tx, tenant: Tenant, document_id: UUID, wish: Wish, instance: str) -> Attempt:
    """Write a set-up for the document's customer, or find one that waits; its amount is nothing."""
    payer = locked_payer(tx, tenant, document_id)
    for waiting, _ in list_attempts(
        tx, AttemptFilter(document_id=document_id), limit=_LOOKED_THROUGH
    ):
        if _waits(waiting) and is_for(waiting, wish, instance, tx.now()):
            return waiting
    new = replace(
        new_attempt(tx, payer, wish, instance),
        state=AttemptState.CANCELLED,
        ended_at=tx.now(),
        next_check_at=None,
    )
    write_attempts(tx, [new])
    return new


def setup_of(tx: Tx, document_id: UUID, setup_id: UUID) -> Attempt:
    """A set-up that was begun from that document; raises NotFound for anything else."""
    found = read_attempt(tx, setup_id)
    is_one = found.channel is AttemptChannel.PAGE and not found.amount
    if not is_one or found.document_id != document_id:
        raise NotFound("there is no such page")
    return found


def keep_setup_page(tx: Tx, setup_id: UUID, opened: OpenedPage) -> Attempt:
    """Keep the page that waits for the customer."""
    setup = lock_attempts(tx, [setup_id])[setup_id]
    page = KeptPage(opened.reference, opened.url, opened.embedded, opened.customer)
    return _kept(tx, replace(setup, page=setup.page or page_text(page)))


def keep_setup_result(tx: Tx, setup_id: UUID, result: str) -> Attempt | None:
    """Keep what the provider's fields gave; None where a result is there already."""
    setup = lock_attempts(tx, [setup_id])[setup_id]
    page = kept_page(setup)
    if page is None or page.embedded is None or page.result_at is not None:
        return None
    done = replace(page, result=result, result_at=tx.now())
    return _kept(tx, replace(setup, page=page_text(done)))


def finish_setup(tx: Tx, setup_id: UUID, result: PageResult) -> bool:
    """Keep the means that was saved; whether one is."""
    lock_customers(tx, [read_attempt(tx, setup_id).customer_id])
    setup = lock_attempts(tx, [setup_id])[setup_id]
    if setup.means_id is not None:
        return True
    if result.saved is None or not isinstance(result.outcome, Succeeded | Pending):
        return False
    means = keep_saved(tx, setup, result.saved, result.customer)
    if means is not None:
        _kept(tx, replace(setup, means_id=means.id, fingerprint=means.fingerprint))
    return means is not None


def _waits(setup: Attempt) -> bool:
    page = kept_page(setup) if setup.channel is AttemptChannel.PAGE else None
    return page is not None and page.result_at is None and setup.means_id is None


def _kept(tx: Tx, setup: Attempt) -> Attempt:
    rewrite_attempts(tx, [setup])
    return replace(setup, changes=setup.changes + 1)
