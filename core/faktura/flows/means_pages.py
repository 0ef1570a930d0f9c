"""Saving a means of payment without paying anything: the same pages, without an amount (F089)."""

from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.flows.pay_desk import PayDesk, page_offers
from faktura.flows.pay_pages import opened_or_not, provider_for
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.plugin import EmbeddedPage, HostedPage, OpenedPage, PageResult
from faktura.services.means_setups import (
    begin_setup,
    finish_setup,
    keep_setup_page,
    keep_setup_result,
    setup_of,
)
from faktura.services.page_attempts import Refusal
from faktura.services.page_requests import Wish, kept_page, page_request


async def start_setup(desk: PayDesk, document_id: UUID, wish: Wish) -> Attempt | Refusal:
    """The set-up whose page the customer saves a means on; `{page}` in its return address is its id."""
    offers = await page_offers(desk, wish.amount.currency, None)
    offer = next((one for one in offers if one.method is wish.method), None)
    if offer is None or not isinstance(offer.provider.adapter, HostedPage):
        return Refusal.NOT_OFFERED
    provider, adapter = offer.provider, offer.provider.adapter
    setup = await _begun(desk, document_id, wish, provider.account.instance)
    if setup.page is not None and await setup_came_back(desk, document_id, setup.id):
        # Saved there meanwhile: this one is another.
        setup = await _begun(desk, document_id, wish, provider.account.instance)
    if setup.page is not None:
        return setup
    request = page_request(setup)
    opened = await provider.guarded(lambda: opened_or_not(adapter, request), OpenedPage)
    if not isinstance(opened, OpenedPage):
        return Refusal.UNAVAILABLE
    return await in_tx(desk.database, desk.tenant.id, keep_setup_page, setup.id, opened)


async def _begun(desk: PayDesk, document_id: UUID, wish: Wish, instance: str) -> Attempt:
    return await in_tx(
        desk.database, desk.tenant.id, begin_setup, desk.tenant, document_id, wish, instance
    )


async def setup_came_back(desk: PayDesk, document_id: UUID, setup_id: UUID) -> bool:
    """Ask what became of a set-up; whether a means is saved."""
    setup = await in_read_tx(desk.database, desk.tenant.id, setup_of, document_id, setup_id)
    provider = await provider_for(desk.database, desk.adapters, desk.tenant, setup)
    page = kept_page(setup)
    if provider is None or page is None or not isinstance(provider.adapter, HostedPage):
        return False
    adapter, request = provider.adapter, page_request(setup)
    answer = await provider.guarded(lambda: adapter.read_page(request, page.reference), PageResult)
    if not isinstance(answer, PageResult):
        return False
    return await in_tx(desk.database, desk.tenant.id, finish_setup, setup.id, answer)


async def finish_setup_page(desk: PayDesk, document_id: UUID, setup_id: UUID, result: str) -> bool:
    """Save what the provider's fields gave; whether a means is saved."""
    found = await in_read_tx(desk.database, desk.tenant.id, setup_of, document_id, setup_id)
    setup = await in_tx(desk.database, desk.tenant.id, keep_setup_result, found.id, result)
    if setup is None:
        return await setup_came_back(desk, document_id, setup_id)
    provider = await provider_for(desk.database, desk.adapters, desk.tenant, setup)
    if provider is None or not isinstance(provider.adapter, EmbeddedPage):
        return False
    adapter, request = provider.adapter, page_request(setup)
    answer = await provider.guarded(lambda: adapter.finish_page(request, result), PageResult)
    if not isinstance(answer, PageResult):
        return False
    return await in_tx(desk.database, desk.tenant.id, finish_setup, setup.id, answer)
