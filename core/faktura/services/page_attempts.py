"""Payments on a page: an attempt is written before the page is opened, as before every charge (F089).

There is one live attempt a document (P28): a second tab gets the same page, and whoever wants
another one has it closed first.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.attempts import Attempt, moves
from faktura.domain.pay_links import PayState, pay_state
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.payment_terms import AttemptChannel, AttemptState
from faktura.plugin import Cancelled, OpenedPage, PageResult, Pending, Succeeded
from faktura.services.outcomes import Applied, Report, apply_reports
from faktura.services.page_requests import (
    KeptPage,
    Payer,
    Wish,
    is_for,
    is_under_way,
    kept_page,
    page_request,
    page_text,
    request_text,
)
from faktura.services.saved_means import keep_saved
from faktura.store.attempts import (
    live_attempts,
    lock_attempts,
    read_attempt,
    rewrite_attempts,
    write_attempts,
)
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.document_links import taken_back
from faktura.store.documents import read_documents
from faktura.store.payable import read_document_states
from faktura.store.payment_means import means_of_customers
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

# Longer than a call may take: then nobody waits for its answer any more.
_CALL_IS_OVER = timedelta(minutes=3)
_UNCLEAR_FOR = timedelta(days=1)


@unique
class Refusal(StrEnum):
    """Why no page is opened; people are told by it."""

    AMOUNT_CHANGED = "AMOUNT_CHANGED"
    NOT_OFFERED = "NOT_OFFERED"
    NOTHING_OPEN = "NOTHING_OPEN"
    UNDER_WAY = "UNDER_WAY"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Claimed:
    """The attempt whose page is the customer's: a new one, or the one that is there."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A live attempt that must be called off first."""

    attempt: Attempt


def claim_page(
    tx: Tx, tenant: Tenant, document_id: UUID, wish: Wish, instance: str
) -> Claimed | InTheWay | Refusal:
    """Write the attempt for a page, or find the one that is there; nothing is asked for yet."""
    payer = locked_payer(tx, tenant, document_id)
    record = payer.record
    live = live_attempts(tx, [document_id]).get(document_id)
    if live is not None and is_under_way(live):
        return Refusal.UNDER_WAY
    (state,) = read_document_states(tx, [record.number])
    if live is not None:
        fits = is_for(live, wish, instance, tx.now()) and live.amount == state.open
        return Claimed(live) if fits else InTheWay(live)
    back = taken_back(tx, [document_id]).get(document_id)
    if pay_state(record.kind, state.open, back, under_way=False) is not PayState.PAYABLE:
        return Refusal.NOTHING_OPEN
    if state.open != wish.amount:
        return Refusal.AMOUNT_CHANGED
    new = new_attempt(tx, payer, wish, instance)
    write_attempts(tx, [new])
    return Claimed(new)


def locked_payer(tx: Tx, tenant: Tenant, document_id: UUID) -> Payer:
    """Whose page it is, their account locked."""
    (record,) = read_documents(tx, [document_id])
    lock_customers(tx, [record.customer_id])
    customer = read_customers_by_id(tx, [record.customer_id])[record.customer_id]
    means = means_of_customers(tx, [customer.id]).get(customer.id, [])
    return Payer(tenant, record, customer, tuple(means))


def new_attempt(tx: Tx, payer: Payer, wish: Wish, instance: str) -> Attempt:
    """An attempt over what the customer saw as open, with its frozen request."""
    attempt_id, now = tx.new_id(), tx.now()
    request = payer.request(attempt_id, instance, wish, now, wish.amount or None)
    return Attempt(
        attempt_id,
        payer.record.id,
        payer.customer.id,
        instance,
        wish.method,
        AttemptChannel.PAGE,
        wish.amount,
        request_text(request),
        local_date(tx.clock, payer.tenant.time_zone),
        now,
        next_check_at=now + _CALL_IS_OVER,
    )


def mark_page_sent(tx: Tx, attempt_id: UUID) -> Attempt:
    """Note that the page is asked for, before it is; one that is not live any more stays as it is."""
    attempt = _locked(tx, attempt_id)
    if not attempt.is_live:
        return attempt
    now = tx.now()
    sent = replace(
        attempt,
        state=AttemptState.SENT if attempt.state is AttemptState.CREATED else attempt.state,
        first_sent_at=attempt.first_sent_at or now,
        last_sent_at=now,
        tries=attempt.tries + 1,
        next_check_at=now + _CALL_IS_OVER,
    )
    return _kept(tx, sent)


def keep_page(tx: Tx, attempt_id: UUID, opened: OpenedPage) -> Attempt:
    """Keep the page that waits for the customer; one that is not live any more stays as it is."""
    attempt = _locked(tx, attempt_id)
    if not attempt.is_live or attempt.page is not None:
        return attempt
    page = KeptPage(opened.reference, opened.url, opened.embedded, opened.customer)
    waits = moves(attempt.state, AttemptState.ACTION_NEEDED)
    return _kept(
        tx,
        replace(
            attempt,
            page=page_text(page),
            state=AttemptState.ACTION_NEEDED if waits else attempt.state,
            next_check_at=page_request(attempt).expires_at,
        ),
    )


def give_up_page(
    tx: Tx, tenant: Tenant, attempt_id: UUID, refused: str = "", *, asked: bool = True
) -> Applied:
    """Call off an attempt whose page surely was not opened: never asked for, or asked for in vain.

    Where somebody else asked for it as well, or at all where we never `asked`, it may be open: then
    it stays, but for what the provider `refused`, which a person must look at.
    """
    lock_customers(tx, [read_attempt(tx, attempt_id).customer_id])
    attempt = _locked(tx, attempt_id)
    once = attempt.state is AttemptState.CREATED or (asked and attempt.tries == 1)
    if not attempt.is_live or attempt.page is not None or not (once or refused):
        return Applied(attempt, moved=False)
    if refused:
        ask_once(
            tx,
            TaskKind.PAYMENT_REJECTED,
            f"pages of {attempt.instance}",
            f"{attempt.instance} opens no page for {attempt.method}: {refused}",
        )
    return apply_reports(tx, tenant, [Report(attempt_id, Cancelled())])[0]


def begin_closing(tx: Tx, attempt_id: UUID) -> Attempt | None:
    """Take no result of the page any more; None where there is one, which may be charged now."""
    attempt = _locked(tx, attempt_id)
    page = kept_page(attempt)
    if page is None or page.result_at is not None or not attempt.is_live:
        return None
    return _kept(tx, replace(attempt, page=page_text(replace(page, closing=True))))


def keep_result(tx: Tx, tenant: Tenant, document_id: UUID, result: str) -> Attempt | None:
    """Keep what the provider's fields gave, once, before it is charged.

    None where it must not be: another result is there, the page is being closed, or the open
    amount is not the page's any more.
    """
    payer = locked_payer(tx, tenant, document_id)
    live = live_attempts(tx, [document_id]).get(document_id)
    if live is None or live.channel is not AttemptChannel.PAGE:
        return None
    attempt = _locked(tx, live.id)
    page = kept_page(attempt)
    (state,) = read_document_states(tx, [payer.record.number])
    taken = page is None or page.embedded is None or page.closing or page.result_at is not None
    if taken or page is None or state.open != attempt.amount:
        return None
    now = tx.now()
    done = replace(page, result=result, result_at=now)
    return _kept(
        tx,
        replace(attempt, page=page_text(done), last_sent_at=now, next_check_at=now + _CALL_IS_OVER),
    )


def apply_page(tx: Tx, tenant: Tenant, attempt_id: UUID, result: PageResult) -> Applied:
    """What became of a page: the payment, and the means that the customer let us keep.

    A means counts only with a payment that is made or accepted, never by coming back (F089).
    """
    lock_customers(tx, [read_attempt(tx, attempt_id).customer_id])
    attempt = _locked(tx, attempt_id)
    paid = isinstance(result.outcome, Succeeded | Pending)
    if paid and result.saved is not None and page_request(attempt).save:
        means = keep_saved(tx, attempt, result.saved, result.customer)
        if means is not None:
            _kept(tx, replace(attempt, means_id=means.id, fingerprint=means.fingerprint))
    return apply_reports(tx, tenant, [Report(attempt_id, result.outcome)])[0]


def look_again(tx: Tx, attempt_id: UUID, after: timedelta) -> Attempt:
    """Ask about a live attempt again after so long; one that is unclear for a day is a task."""
    attempt = _locked(tx, attempt_id)
    if not attempt.is_live:
        return attempt
    if attempt.state is not AttemptState.PENDING and tx.now() > attempt.created_at + _UNCLEAR_FOR:
        ask_once(
            tx,
            TaskKind.PAYMENT_UNCLEAR,
            f"attempt {attempt.id}",
            f"Nobody can say whether a customer paid on a page of {attempt.instance}. Nothing else"
            " is collected of its document until then: look at the provider's own pages",
        )
    return _kept(tx, replace(attempt, next_check_at=tx.now() + after))


def _locked(tx: Tx, attempt_id: UUID) -> Attempt:
    return lock_attempts(tx, [attempt_id])[attempt_id]


def _kept(tx: Tx, attempt: Attempt) -> Attempt:
    rewrite_attempts(tx, [attempt])
    return replace(attempt, changes=attempt.changes + 1)
