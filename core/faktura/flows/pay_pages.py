"""Pages that wait for customers at providers: read, closed, never left open for ever (payments 6.5).

What a browser says is never believed: what became of a page is asked for at the provider. A page is
closed before anything else charges its document, and whoever was faster there has paid.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from faktura.domain.attempts import Attempt
from faktura.domain.tenants import Tenant
from faktura.flows.providers import Broken, Lost, NotSent, Provider, provider_of
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import BadInput, DatabaseUnreachable, Refused
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, CustomerReason, ProviderState
from faktura.plugin import (
    Absent,
    ActionNeeded,
    Cancelled,
    Declined,
    EmbeddedPage,
    HostedPage,
    OpenedPage,
    Outcome,
    PageRequest,
    PageResult,
    Unclear,
)
from faktura.services.outcomes import Applied
from faktura.services.page_attempts import (
    apply_page,
    begin_closing,
    give_up_page,
    keep_page,
    look_again,
    mark_page_sent,
)
from faktura.services.page_requests import is_over, is_under_way, kept_page, page_request
from faktura.store.database import Database
from faktura.store.pay_links import live_pages
from faktura.store.payment_accounts import find_account

# A key is believed in for so much less than its provider says: clocks differ.
_KEY_RESERVE = timedelta(hours=4)
# After so long a page that its provider does not know of cannot be paid on.
_SURELY_GONE = timedelta(hours=1)
_WAITING, _PENDING, _UNCLEAR = timedelta(minutes=10), timedelta(days=1), timedelta(minutes=5)

log = logging.getLogger("faktura.payments")

Answer = PageResult | NotSent | Broken | Lost


@dataclass(frozen=True, slots=True)
class NotOpened:
    """The provider refused to open a page."""

    problem: str


async def close_open_page(provider: Provider, attempt: Attempt) -> Applied:
    """Close the page of a live attempt; where the customer was faster, what they did counts.

    The attempt is live afterwards where it may be taking the money now, or where nobody could say:
    then nothing else may be charged.
    """
    adapter = provider.adapter
    if not isinstance(adapter, HostedPage) or is_under_way(attempt):
        return Applied(attempt, moved=False)
    if attempt.page is None:
        attempt = await _found_again(provider, attempt)
    if attempt.page is None or not attempt.is_live:
        return Applied(attempt, moved=False)
    closing = await in_tx(provider.database, provider.tenant.id, begin_closing, attempt.id)
    page = None if closing is None else kept_page(closing)
    if page is None:
        return Applied(attempt, moved=False)
    request = page_request(attempt)
    answer = await _asked(provider, lambda: adapter.close_page(request, page.reference))
    return await _applied(provider, attempt, answer)


async def resolve_page(provider: Provider, attempt: Attempt) -> Applied:
    """Ask what became of a live attempt on a page, and close the page when its time is over."""
    page = kept_page(attempt)
    if attempt.state is AttemptState.PENDING:
        # The same request again would give the first answer for ever.
        return await read_open_page(provider, attempt)
    if page is not None and page.result_at is not None:
        return await settle_result(provider, attempt, first=False)
    if page is None or page.closing or is_over(attempt, _now(provider)):
        return await close_open_page(provider, attempt)
    return await read_open_page(provider, attempt)


async def read_open_page(provider: Provider, attempt: Attempt) -> Applied:
    """Ask what became of a page that was opened."""
    adapter, page = provider.adapter, kept_page(attempt)
    if not isinstance(adapter, HostedPage) or page is None:
        return Applied(attempt, moved=False)
    if page.result_at is not None and attempt.state is not AttemptState.PENDING:
        # It may be charged right now: "nothing there" would not be the last word.
        return Applied(attempt, moved=False)
    request = page_request(attempt)
    answer = await _asked(provider, lambda: adapter.read_page(request, page.reference))
    return await _applied(provider, attempt, answer)


async def settle_result(provider: Provider, attempt: Attempt, *, first: bool) -> Applied:
    """Charge what the provider's fields gave: the same request again, while its key is known.

    After that, where the provider knows no keys, and over a paused account it is only asked for.
    """
    adapter, page = provider.adapter, kept_page(attempt)
    if not isinstance(adapter, EmbeddedPage) or page is None or page.result_at is None:
        return Applied(attempt, moved=False)
    request, result = page_request(attempt), page.result or ""
    is_repeated = not first and provider.account.state is ProviderState.ACTIVE
    window = adapter.capabilities().key_window if is_repeated else None
    age = _now(provider) - page.result_at
    if first or (window is not None and age < window - _KEY_RESERVE):
        answer = _ended(await _asked(provider, lambda: adapter.finish_page(request, result)))
    else:
        answer = await _asked(provider, lambda: adapter.read_page(request, page.reference))
        if _is_unknown_there(answer):
            # Lists lag behind: what was asked for just now may still come.
            gone = age > _SURELY_GONE
            answer = PageResult(outcome=Cancelled() if gone else Unclear(why="not listed yet"))
    return await _applied(provider, attempt, answer)


async def expire_pages(database: Database, adapters: Adapters, tenant: Tenant) -> int:
    """Close pages whose time is over, or whose amount is not what is open any more; how many ended."""
    ended = 0
    for attempt, still_open in await in_read_tx(database, tenant.id, live_pages):
        try:
            if not _is_superfluous(attempt, still_open, database.clock.now()):
                continue
            provider = await provider_for(database, adapters, tenant, attempt)
            if provider is not None:
                applied = await close_open_page(provider, attempt)
                ended += not applied.attempt.is_live
        except DatabaseUnreachable:
            raise
        except (
            Exception
        ):  # one bad row must not keep the others open: it is tried again, and blocks
            log.exception("page_not_closed attempt=%s", attempt.id)
    return ended


def _is_superfluous(attempt: Attempt, still_open: Money, now: datetime) -> bool:
    return not is_under_way(attempt) and (still_open != attempt.amount or is_over(attempt, now))


async def provider_for(
    database: Database, adapters: Adapters, tenant: Tenant, attempt: Attempt
) -> Provider | None:
    """Who is asked about an attempt; None where its account is gone or cannot be built.

    A paused account is asked, too: what was begun over it must come to an end.
    """
    account = await in_read_tx(database, tenant.id, find_account, attempt.instance)
    if account is None:
        return None
    provider = await provider_of(database, adapters, tenant, account)
    return provider if isinstance(provider, Provider) else None


async def open_page(
    provider: Provider, attempt: Attempt
) -> Attempt | NotOpened | NotSent | Broken | Lost:
    """Have the page opened, once it is written that we ask; the same request gives the same page.

    What surely was not opened is called off.
    """
    adapter, tenant_id = provider.adapter, provider.tenant.id
    if not isinstance(adapter, HostedPage):
        return Lost("it has no pages")
    sent = await in_tx(provider.database, tenant_id, mark_page_sent, attempt.id)
    if not sent.is_live:
        return sent
    request = page_request(sent)
    answer: OpenedPage | NotOpened | NotSent | Broken | Lost = await provider.guarded(
        lambda: opened_or_not(adapter, request), OpenedPage, NotOpened
    )
    if isinstance(answer, OpenedPage):
        return await in_tx(provider.database, tenant_id, keep_page, sent.id, answer)
    if not isinstance(answer, Lost):
        refused = answer.problem if isinstance(answer, NotOpened) else ""
        tenant = provider.tenant
        await in_tx(provider.database, tenant_id, give_up_page, tenant, sent.id, refused)
    return answer


async def opened_or_not(adapter: HostedPage, request: PageRequest) -> OpenedPage | NotOpened:
    """The page, or why the provider said no: then there is none."""
    try:
        return await adapter.open_page(request)
    except (Refused, BadInput) as refusal:
        return NotOpened(refusal.problem)


async def _found_again(provider: Provider, attempt: Attempt) -> Attempt:
    """An attempt whose page nobody knows: never asked for, or the answer was lost.

    A lost one is asked for again by the same key, so that it can be closed. After its time nobody
    can pay on it, and nobody knows its address.
    """
    database, tenant = provider.database, provider.tenant
    if attempt.state is AttemptState.CREATED:
        # Its own tab may be asking by now: then its page is open, or will be.
        gone = await in_tx(database, tenant.id, give_up_page, tenant, attempt.id, asked=False)
        return gone.attempt
    opened = await open_page(provider, attempt)
    if isinstance(opened, Attempt):
        return opened
    if _now(provider) > page_request(attempt).expires_at + _SURELY_GONE:
        over = PageResult(outcome=Cancelled())
        return (await in_tx(database, tenant.id, apply_page, tenant, attempt.id, over)).attempt
    return attempt


async def _asked(provider: Provider, call: Callable[[], Awaitable[object]]) -> Answer:
    return await provider.guarded(call, PageResult)


async def _applied(provider: Provider, attempt: Attempt, answer: Answer) -> Applied:
    """Keep what the provider said; what is no news is asked for again later."""
    database, tenant = provider.database, provider.tenant
    if isinstance(answer, PageResult) and _is_news(answer.outcome):
        return await in_tx(database, tenant.id, apply_page, tenant, attempt.id, answer)
    after = _UNCLEAR
    if isinstance(answer, PageResult) and isinstance(answer.outcome, ActionNeeded):
        after = min(_WAITING, _left(attempt, _now(provider)))
    if attempt.state is AttemptState.PENDING:
        after = _PENDING
    return Applied(await in_tx(database, tenant.id, look_again, attempt.id, after), moved=False)


def _ended(answer: Answer) -> Answer:
    """What a result came to: nobody can confirm afterwards what the fields gave, so they begin anew."""
    if not (isinstance(answer, PageResult) and isinstance(answer.outcome, ActionNeeded)):
        return answer
    declined = Declined(
        reference=answer.outcome.reference,
        hard=False,
        code=answer.outcome.reason or "authentication_required",
        reason=CustomerReason.CONFIRM,
    )
    return answer.model_copy(update={"outcome": declined, "saved": None})


def _is_news(outcome: Outcome) -> bool:
    return not isinstance(outcome, ActionNeeded | Absent | Unclear)


def _is_unknown_there(answer: Answer) -> bool:
    return isinstance(answer, PageResult) and isinstance(
        answer.outcome, ActionNeeded | Absent | Cancelled
    )


def _left(attempt: Attempt, now: datetime) -> timedelta:
    return max(page_request(attempt).expires_at - now, _UNCLEAR)


def _now(provider: Provider) -> datetime:
    return provider.database.clock.now()
