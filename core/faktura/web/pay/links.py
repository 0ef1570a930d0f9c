"""From a token to its tenant and document; who guesses waits, and learns nothing."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from aiohttp import web

from faktura.domain.pay_links import tenant_of_token
from faktura.domain.tenants import Tenant
from faktura.flows.pay_desk import PayDesk
from faktura.flows.transactions import in_read_tx
from faktura.kernel.errors import FakturaError, NotFound
from faktura.kernel.request_errors import RateLimited
from faktura.services.pay_links import PayView, linked_document, view_payment
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx
from faktura.web.attempts import Attempts
from faktura.web.doors import own_origin
from faktura.web.errors import status_of
from faktura.web.keys import APP
from faktura.web.language import Language, asked_language, language_of
from faktura.web.pages import page
from faktura.web.pay.policy import discreet
from faktura.web.peer import peer_address

WRONG_LINKS = web.AppKey("wrong_links", Attempts)
# The page of a token that is none must look like that of one that nobody has.
TOKEN = "{token:[^/]{1,100}}"  # noqa: S105 - a pattern

_log = logging.getLogger("faktura.web")
_UNAVAILABLE = 503

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Linked:
    """The document that a token opens, in its tenant."""

    desk: PayDesk
    document_id: UUID
    token: str

    @property
    def tenant(self) -> Tenant:
        """Whose customer pays."""
        return self.desk.tenant

    async def view(self) -> PayView:
        """The document as it stands now."""
        return await in_read_tx(self.desk.database, self.tenant.id, view_payment, self.document_id)


async def linked(request: web.Request) -> Linked:
    """What the token of the address opens; raises NotFound, RateLimited."""
    app, attempts = request.app[APP], request.app[WRONG_LINKS]
    token, address = request.match_info["token"], peer_address(request)
    attempts.begin(address)
    tenant_id = tenant_of_token(token)
    if tenant_id is None:
        raise NotFound("there is no such link")
    document_id, tenant = await in_read_tx(app.database, tenant_id, _opened, token)
    attempts.succeeded(address)
    return Linked(PayDesk(app.database, app.adapters, tenant), document_id, token)


def _opened(tx: Tx, token: str) -> tuple[UUID, Tenant]:
    return linked_document(tx, token), read_tenant(tx)


def customer_page(handler: Handler) -> Handler:
    """A handler whose errors tell customers nothing of ours, and whose answers nobody indexes."""

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except FakturaError as error:
            response = _error_page(request, error)
        return discreet(request, response)

    return answer


def language_for(request: web.Request, customer_language: str) -> Language:
    """The language of the address, else the customer's, else what the browser prefers."""
    asked = asked_language(request)
    if asked is not None:
        return asked
    known = customer_language in tuple(Language)
    return Language(customer_language) if known else language_of(request)


def absolute(request: web.Request, path: str) -> str:
    """An address of ours, as others need it."""
    return f"{own_origin(request)}{path}"


def _error_page(request: web.Request, error: FakturaError) -> web.Response:
    status = status_of(error)
    if status not in (404, 429):
        _log.error("payment_page_failed error=%s", error)
        status = _UNAVAILABLE
    response = page(request, "pay/error.html", status=status, seller=None)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
