"""What a customer does with a document's page: sees what is offered, begins, comes back (F089)."""

import asyncio
import logging
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.tenants import Tenant
from faktura.flows.pay_pages import (
    close_open_page,
    open_page,
    provider_for,
    read_open_page,
    settle_result,
)
from faktura.flows.providers import Broken, NotSent, Provider, provider_of
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import Conflict
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Absent,
    ActionNeeded,
    Cancelling,
    Capabilities,
    HostedPage,
    PaymentAdapter,
    Unclear,
)
from faktura.services.attempt_requests import reference_of
from faktura.services.outcomes import Report, apply_reports
from faktura.services.page_attempts import (
    Claimed,
    InTheWay,
    Refusal,
    claim_page,
    keep_result,
)
from faktura.services.page_requests import Wish
from faktura.store.attempts import live_attempts
from faktura.store.database import Database
from faktura.store.payment_accounts import list_accounts
from faktura.store.transaction import Tx

_log = logging.getLogger("faktura.payments")

# In the order in which customers see them.
_METHODS = (PaymentMethod.CARD, PaymentMethod.PAYPAL, PaymentMethod.SEPA_DEBIT)
# Each round calls something off; whoever changes their mind more often begins anew.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class PayDesk:
    """A tenant's pages: where they are kept, and who opens them."""

    database: Database
    adapters: Adapters
    tenant: Tenant


@dataclass(frozen=True, slots=True)
class PageOffer:
    """A payment method that a customer may choose, and who opens the page for it."""

    method: PaymentMethod
    provider: Provider


async def page_offers(desk: PayDesk, currency: str, amount: Money | None) -> list[PageOffer]:
    """What the active accounts with pages take; without an amount to save a means of payment.

    Where two accounts take a method, the first by its name does.
    """
    accounts = await in_read_tx(desk.database, desk.tenant.id, list_accounts)
    offers: dict[PaymentMethod, PageOffer] = {}
    for account in accounts:
        if account.state is not ProviderState.ACTIVE:
            continue
        provider = await provider_of(desk.database, desk.adapters, desk.tenant, account)
        if isinstance(provider, Broken) or not isinstance(provider.adapter, HostedPage):
            continue
        able = await asyncio.to_thread(_able, provider.adapter)
        for method in _taken(account, able, currency, amount):
            offers.setdefault(method, PageOffer(method, provider))
    return [offers[method] for method in _METHODS if method in offers]


def _able(adapter: PaymentAdapter) -> Capabilities:
    # It may read what the core keeps for it: not on the event loop.
    try:
        return adapter.capabilities()
    except Exception:  # noqa: BLE001 - a plugin's: what it cannot say is not offered
        _log.exception("capabilities_failed provider=%s", adapter.provider)
        return Capabilities(methods=frozenset())


def _taken(
    account: PaymentAccount, can: Capabilities, currency: str, amount: Money | None
) -> frozenset[PaymentMethod]:
    if not account.takes(currency) or not (can.currencies is None or currency in can.currencies):
        return frozenset()
    if amount is not None:
        least, most = can.minimum.get(currency), can.maximum.get(currency)
        if (least is not None and amount.decimal < least) or (
            most is not None and amount.decimal > most
        ):
            return frozenset()
    return account.methods & can.methods


async def start_page(desk: PayDesk, document_id: UUID, wish: Wish) -> Attempt | Refusal:
    """The attempt whose page the customer pays on; another page of the document is closed before."""
    offers = await page_offers(desk, wish.amount.currency, wish.amount)
    offer = next((one for one in offers if one.method is wish.method), None)
    if offer is None:
        return Refusal.NOT_OFFERED
    for _ in range(_ROUNDS):
        found = await _claimed(desk, document_id, wish, offer)
        if isinstance(found, Refusal):
            return found
        if isinstance(found, InTheWay):
            if not await _call_off(desk, found.attempt):
                return Refusal.UNDER_WAY
            continue
        opened = await _page_of(offer.provider, found.attempt)
        if opened is not None:
            return opened
    return Refusal.UNAVAILABLE


async def come_back(desk: PayDesk, document_id: UUID) -> None:
    """Ask what became of the document's page: no delivery may have come yet, or ever (7, row 18)."""
    live = await in_read_tx(desk.database, desk.tenant.id, _live, document_id)
    if live is not None and live.channel is AttemptChannel.PAGE:
        provider = await provider_for(desk.database, desk.adapters, desk.tenant, live)
        if provider is not None:
            await read_open_page(provider, live)


async def finish_page(desk: PayDesk, document_id: UUID, result: str) -> None:
    """Charge what the provider's fields gave; a result that comes twice is charged once."""
    attempt = await in_tx(
        desk.database, desk.tenant.id, keep_result, desk.tenant, document_id, result
    )
    if attempt is None:
        return
    provider = await provider_for(desk.database, desk.adapters, desk.tenant, attempt)
    if provider is not None:
        await settle_result(provider, attempt, first=True)


async def _claimed(
    desk: PayDesk, document_id: UUID, wish: Wish, offer: PageOffer
) -> Claimed | InTheWay | Refusal:
    instance = offer.provider.account.instance
    try:
        return await in_tx(
            desk.database, desk.tenant.id, claim_page, desk.tenant, document_id, wish, instance
        )
    except Conflict:
        # Another attempt of the document was written at the same moment (P28).
        return Refusal.UNDER_WAY


async def _page_of(provider: Provider, attempt: Attempt) -> Attempt | Refusal | None:
    """The attempt with its page; None where it ended meanwhile."""
    if attempt.page is not None:
        applied = await read_open_page(provider, attempt)
        return attempt if applied.attempt.state is AttemptState.ACTION_NEEDED else None
    opened = await open_page(provider, attempt)
    if isinstance(opened, Attempt):
        return opened if opened.is_live and opened.page is not None else None
    return Refusal.UNAVAILABLE


async def _call_off(desk: PayDesk, attempt: Attempt) -> bool:
    """Whether the live attempt in the way ended, one way or another."""
    provider = await provider_for(desk.database, desk.adapters, desk.tenant, attempt)
    if provider is None:
        return False
    if attempt.channel is AttemptChannel.PAGE:
        return not (await close_open_page(provider, attempt)).attempt.is_live
    adapter = provider.adapter
    if not isinstance(adapter, Cancelling):
        return False
    outcome = await provider.outcome(lambda: adapter.cancel(reference_of(attempt)))
    if isinstance(outcome, NotSent | Broken | ActionNeeded | Absent | Unclear):
        return False
    report = Report(attempt.id, outcome)
    (applied,) = await in_tx(desk.database, desk.tenant.id, apply_reports, desk.tenant, [report])
    return not applied.attempt.is_live


def _live(tx: Tx, document_id: UUID) -> Attempt | None:
    return live_attempts(tx, [document_id]).get(document_id)
