"""The page of a document that is to be paid: shown, begun at the provider, come back to (F089).

It works without script; exactly the open amount is paid, and coming back proves nothing.
"""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

from faktura.domain.attempts import Attempt
from faktura.domain.pay_links import PayState
from faktura.flows.pay_desk import come_back, finish_page, page_offers, start_page
from faktura.kernel.errors import BadInput, NotFound
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, CustomerReason
from faktura.kernel.terms import PaymentMethod
from faktura.services.page_attempts import Refusal
from faktura.services.page_requests import KeptPage, Wish, kept_page
from faktura.services.pay_links import PayView
from faktura.web.addresses import address, redirect
from faktura.web.forms import form_fields
from faktura.web.keys import APP
from faktura.web.pages import page
from faktura.web.pay.links import Linked, absolute, customer_page, language_for, linked
from faktura.web.pay.policy import allow_fields, leave_for, new_nonce

_STATUSES = {
    Refusal.AMOUNT_CHANGED: 409,
    Refusal.NOTHING_OPEN: 409,
    Refusal.UNDER_WAY: 409,
    Refusal.NOT_OFFERED: 422,
    Refusal.UNAVAILABLE: 503,
}


@customer_page
async def pay_page(request: web.Request) -> web.StreamResponse:
    """The document with what is open of it, and how it can be paid."""
    return await _shown(request, await linked(request))


@customer_page
async def begin_payment(request: web.Request) -> web.StreamResponse:
    """Begin to pay exactly what was shown, and lead to where that is done."""
    here = await linked(request)
    wish = _wish(request, here, await form_fields(request), await here.view())
    if isinstance(wish, Refusal):
        return await _shown(request, here, refusal=wish)
    begun = await start_page(here.desk, here.document_id, wish)
    if isinstance(begun, Refusal):
        return await _shown(request, here, refusal=begun)
    return lead_on(request, begun, address(request, "pay_fields", token=here.token))


@customer_page
async def payment_returned(request: web.Request) -> web.StreamResponse:
    """Ask the provider what became of the page, then show the document as it stands."""
    here = await linked(request)
    await come_back(here.desk, here.document_id)
    return redirect(address(request, "pay", token=here.token))


@customer_page
async def payment_fields(request: web.Request) -> web.StreamResponse:
    """The provider's fields in a page of ours, while they wait for the customer."""
    here = await linked(request)
    view = await here.view()
    waiting = _waiting(view)
    if waiting is None or waiting.embedded is None:
        return redirect(address(request, "pay", token=here.token))
    return fields_page(request, here, view, waiting, paid=view.open)


@customer_page
async def payment_result(request: web.Request) -> web.StreamResponse:
    """Charge what the provider's fields gave, once, then show the document as it stands."""
    here = await linked(request)
    result = (await form_fields(request)).get("result", "")
    if result:
        await finish_page(here.desk, here.document_id, result)
    return redirect(address(request, "pay", token=here.token))


@customer_page
async def payment_document(request: web.Request) -> web.StreamResponse:
    """The document's stored file, as it was sent."""
    here = await linked(request)
    view = await here.view()
    if view.file is None:
        raise NotFound("no file was rendered of it")
    content = request.app[APP].content
    stored = await asyncio.to_thread(content.get, here.tenant.id, view.file.sha256)
    return web.Response(
        body=stored,
        content_type=view.file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{view.file_name}"'},
    )


def lead_on(request: web.Request, begun: Attempt, fields: str) -> web.Response:
    """The way to the page that was opened: the provider's, or ours with its `fields`."""
    opened = kept_page(begun)
    if opened is None or opened.embedded is not None:
        return redirect(fields)
    return leave_for(request, opened.url)


def fields_page(
    request: web.Request, here: Linked, view: PayView, opened: KeptPage, *, paid: Money | None
) -> web.Response:
    """A page with the provider's fields and nothing that its adapter does not name.

    Without `paid` they save a means of payment.
    """
    nonce = new_nonce()
    response = page(
        request,
        "pay/fields.html",
        language=language_for(request, view.customer.language),
        seller=here.tenant.seller,
        view=view,
        embedded=opened.embedded,
        nonce=nonce,
        paid=paid,
        token=here.token,
        setup=request.match_info.get("page"),
    )
    if opened.embedded is not None:
        allow_fields(request, response, opened.embedded, nonce)
    return response


async def _shown(
    request: web.Request, here: Linked, *, refusal: Refusal | None = None
) -> web.Response:
    view = await here.view()
    offers = []
    if view.state is PayState.PAYABLE:
        offers = await page_offers(here.desk, view.open.currency, view.open)
    return page(
        request,
        "pay/payment.html",
        status=200 if refusal is None else _STATUSES[refusal],
        language=language_for(request, view.customer.language),
        seller=here.tenant.seller,
        view=view,
        methods=[offer.method for offer in offers],
        token=here.token,
        refusal=refusal,
        failed=_failed(view),
    )


def _wish(
    request: web.Request, here: Linked, fields: Mapping[str, str], view: PayView
) -> Wish | Refusal:
    try:
        method = PaymentMethod(fields.get("method", ""))
        amount = Money.parse(fields.get("amount", ""), view.open.currency)
    except ValueError:
        return Refusal.NOT_OFFERED
    except BadInput:
        return Refusal.AMOUNT_CHANGED
    if view.state is PayState.PAYABLE and amount != view.open:
        return Refusal.AMOUNT_CHANGED
    back = absolute(request, f"/pay/{here.token}/return")
    return Wish(method, fields.get("keep") == "yes", amount, back)


def _waiting(view: PayView) -> KeptPage | None:
    """The page that waits for the customer, for what is open now."""
    last = view.last
    if last is None or view.state is not PayState.PAYABLE or last.amount != view.open:
        return None
    opened = kept_page(last) if last.channel is AttemptChannel.PAGE and last.is_live else None
    return None if opened is None or opened.closing else opened


def _failed(view: PayView) -> CustomerReason | None:
    """Why the customer's last try did not succeed; nothing of what only concerns us."""
    last = view.last
    if last is None or last.channel is not AttemptChannel.PAGE or last.outcome is None:
        return None
    if last.state is not AttemptState.FAILED:
        return None
    told = json.loads(last.outcome)
    said = told.get("reason", "") if isinstance(told, dict) else ""
    return CustomerReason(said) if said in tuple(CustomerReason) else CustomerReason.GENERAL
