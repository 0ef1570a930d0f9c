"""The page on which a customer saves a means of payment for later invoices; nothing is paid (F089)."""

from uuid import UUID

from aiohttp import web

from faktura.flows.means_pages import finish_setup_page, setup_came_back, start_setup
from faktura.flows.pay_desk import page_offers
from faktura.flows.transactions import in_read_tx
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.kernel.terms import PaymentMethod
from faktura.services.means_setups import setup_of
from faktura.services.page_attempts import Refusal
from faktura.services.page_requests import PAGE_ID, Wish, kept_page
from faktura.web.addresses import address, redirect
from faktura.web.forms import form_fields
from faktura.web.pages import page
from faktura.web.pay.links import Linked, absolute, customer_page, language_for, linked
from faktura.web.pay.payment import fields_page, lead_on

_STATUSES = {None: 200, Refusal.NOT_OFFERED: 422}
_UNAVAILABLE = 503


@customer_page
async def means_page(request: web.Request) -> web.StreamResponse:
    """The methods whose means can be saved."""
    return await _shown(request, await linked(request))


@customer_page
async def begin_saving(request: web.Request) -> web.StreamResponse:
    """Begin to save a means, and lead to where that is done."""
    here = await linked(request)
    named = (await form_fields(request)).get("method", "")
    if named not in tuple(PaymentMethod):
        return await _shown(request, here, refusal=Refusal.NOT_OFFERED)
    currency = (await here.view()).record.currency
    back = absolute(request, f"/pay/{here.token}/method/{PAGE_ID}")
    wish = Wish(PaymentMethod(named), save=True, amount=Money.zero(currency), return_url=back)
    begun = await start_setup(here.desk, here.document_id, wish)
    if isinstance(begun, Refusal):
        return await _shown(request, here, refusal=begun)
    fields = address(request, "pay_method_fields", token=here.token, page=str(begun.id))
    return lead_on(request, begun, fields)


@customer_page
async def saving_returned(request: web.Request) -> web.StreamResponse:
    """Ask the provider what became of it, and say so."""
    here = await linked(request)
    saved = await setup_came_back(here.desk, here.document_id, _page_id(request))
    return await _shown(request, here, saved=saved)


@customer_page
async def saving_fields(request: web.Request) -> web.StreamResponse:
    """The provider's fields in a page of ours."""
    here = await linked(request)
    desk = here.desk
    setup = await in_read_tx(
        desk.database, here.tenant.id, setup_of, here.document_id, _page_id(request)
    )
    opened = kept_page(setup)
    if opened is None or opened.embedded is None or opened.result_at is not None:
        return redirect(address(request, "pay_method", token=here.token))
    return fields_page(request, here, await here.view(), opened, paid=None)


@customer_page
async def saving_result(request: web.Request) -> web.StreamResponse:
    """Save what the provider's fields gave, once, and say what became of it."""
    here, page_id = await linked(request), _page_id(request)
    result = (await form_fields(request)).get("result", "")
    if result:
        await finish_setup_page(here.desk, here.document_id, page_id, result)
    return redirect(address(request, "pay_method_return", token=here.token, page=str(page_id)))


async def _shown(
    request: web.Request,
    here: Linked,
    *,
    refusal: Refusal | None = None,
    saved: bool | None = None,
) -> web.Response:
    view = await here.view()
    offers = await page_offers(here.desk, view.record.currency, None)
    return page(
        request,
        "pay/means.html",
        status=_STATUSES.get(refusal, _UNAVAILABLE),
        language=language_for(request, view.customer.language),
        seller=here.tenant.seller,
        view=view,
        methods=[offer.method for offer in offers],
        token=here.token,
        refusal=refusal,
        saved=saved,
    )


def _page_id(request: web.Request) -> UUID:
    try:
        return UUID(request.match_info["page"])
    except ValueError:
        raise NotFound("there is no such page") from None
