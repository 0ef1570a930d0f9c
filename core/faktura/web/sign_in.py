"""The sign-in page, the link that signs in once, and signing out."""

import logging

from aiohttp import web

from faktura.flows.bank_feeds import update_at_sign_in
from faktura.flows.sign_in import PasswordSignIn
from faktura.flows.transactions import in_tx
from faktura.services.sign_in import NewSession, begin_session_by_link, end_session
from faktura.web.addresses import address, own_address, redirect
from faktura.web.attempts import Attempts
from faktura.web.cookies import FORM, SESSION
from faktura.web.forms import form_fields
from faktura.web.keys import APP, SIGNED_IN
from faktura.web.pages import page
from faktura.web.peer import attendance_of, peer_address

ATTEMPTS = web.AppKey("attempts", Attempts)
PASSWORD_SIGN_IN = web.AppKey("password_sign_in", PasswordSignIn)

_log = logging.getLogger("faktura.web")

_NO_TENANT = 0
_REFUSED = 422
# What a browser says of an address that was typed, pasted or opened from a terminal.
_OPENED_BY_HAND = ("none", "same-origin")


async def sign_in_page(request: web.Request) -> web.StreamResponse:
    """The form for address and password; `?next=` is where to go afterwards."""
    return _form(request, wanted=request.query.get("next", ""))


async def sign_in(request: web.Request) -> web.StreamResponse:
    """Begin a session, or show the form again without saying which of the two was wrong."""
    fields = await form_fields(request)
    email, wanted = fields.get("email", ""), fields.get("next", "")
    attempts, peer = request.app[ATTEMPTS], peer_address(request)
    attempts.begin(peer, email)
    new = await request.app[PASSWORD_SIGN_IN](
        email, fields.get("password", ""), instead_of=SESSION.read(request)
    )
    if new is None:
        _log.warning("sign_in_refused peer=%s", peer)
        return _form(request, wanted=wanted, email=email, status=_REFUSED)
    attempts.succeeded(peer, email)
    return await _entered(request, new, own_address(wanted))


async def link_opened(request: web.Request) -> web.StreamResponse:
    """Sign in who opened a link by hand; who was led here by another site is asked first.

    Else any page could sign its readers in as somebody else, and whoever previews links for its
    users would use them up.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in _OPENED_BY_HAND:
        return page(request, "sign_in_link.html", token=request.query.get("token", ""))
    return await _by_link(request, request.query.get("token", ""))


async def link_confirmed(request: web.Request) -> web.StreamResponse:
    """Sign in by the link that was asked about."""
    return await _by_link(request, (await form_fields(request)).get("token", ""))


async def sign_out(request: web.Request) -> web.StreamResponse:
    """End the session, here and in the database."""
    here = request[SIGNED_IN]
    await in_tx(request.app[APP].database, _NO_TENANT, end_session, here.session)
    _log.info("signed_out user=%s", here.user.id)
    response = redirect(address(request, "sign_in"))
    SESSION.drop(request, response)
    return response


async def _by_link(request: web.Request, token: str) -> web.StreamResponse:
    attempts, peer = request.app[ATTEMPTS], peer_address(request)
    attempts.begin(peer)
    new = await in_tx(
        request.app[APP].database,
        _NO_TENANT,
        begin_session_by_link,
        token,
        instead_of=SESSION.read(request),
    )
    if new is None:
        _log.warning("sign_in_refused peer=%s", peer)
        return _form(request, wanted="", status=_REFUSED, refused="sign_in.link_refused")
    attempts.succeeded(peer)
    return await _entered(request, new, address(request, "tenants"))


async def _entered(request: web.Request, new: NewSession, location: str) -> web.Response:
    _log.info("signed_in user=%s", new.user.id)
    # A person is there now, as banks want to see one.
    await update_at_sign_in(request.app[APP].database, new.user.id, attendance_of(request))
    response = redirect(location)
    SESSION.write(request, response, new.token)
    FORM.drop(request, response)
    return response


def _form(
    request: web.Request,
    *,
    wanted: str,
    email: str = "",
    status: int = 200,
    refused: str = "sign_in.refused",
) -> web.Response:
    return page(
        request,
        "sign_in.html",
        status=status,
        wanted=own_address(wanted) if wanted else "",
        email=email,
        refused=refused if status == _REFUSED else None,
    )
