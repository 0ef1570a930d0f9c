"""Who asks: every page wants a session, but for the few that are open to all."""

from aiohttp import web

from faktura.flows.transactions import in_read_tx, in_tx
from faktura.services.sign_in import SignedIn, note_seen, who_is_here
from faktura.web.addresses import address, redirect
from faktura.web.cookies import SESSION
from faktura.web.keys import APP, PAY_NAMES, SIGNED_IN

_NO_TENANT = 0
# By the names of their routes. A new page is closed until it stands here.
_OPEN = PAY_NAMES | {
    "health", "live", "ready", "metrics", "sign_in", "sign_in_link", "connect", "stylesheet", "icon", "favicon"
}  # fmt: skip
_READING = frozenset({"GET", "HEAD"})


def is_open(request: web.Request) -> bool:
    """Whether the page of the request is there for everybody."""
    return request.match_info.route.name in _OPEN


async def recognise(request: web.Request) -> None:
    """Put who asks under SIGNED_IN where a session says so; write down now and then that it was seen."""
    found = await _session_of(request)
    if found is not None:
        request[SIGNED_IN] = found


async def _session_of(request: web.Request) -> SignedIn | None:
    token = SESSION.read(request)
    if token is None:
        return None
    app = request.app[APP]
    found = await in_read_tx(app.database, _NO_TENANT, who_is_here, token)
    if found is not None and found.session.is_seen_anew(app.clock.now()):
        await in_tx(app.database, _NO_TENANT, note_seen, found.session)
    return found


def way_to_sign_in(request: web.Request) -> web.Response:
    """The answer to who is not signed in: the sign-in page, which leads back here."""
    wanted = str(request.rel_url) if request.method in _READING else ""
    return redirect(address(request, "sign_in", query={"next": wanted}))
