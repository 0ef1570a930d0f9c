"""Where a person comes back to after allowing a connection to an accounting system.

The page is open: the state that only the beginner of the login got is what lets in, once.
"""

import asyncio

from aiohttp import web

from faktura.bootstrap import App
from faktura.domain.tenants import Tenant
from faktura.flows.accounting_links import Linked, finish_login
from faktura.flows.transactions import in_read_tx
from faktura.kernel.clock import zone
from faktura.kernel.errors import FakturaError, NotFound, PluginMissing
from faktura.services.link_view import view_link
from faktura.web.errors import status_of
from faktura.web.keys import APP
from faktura.web.pages import page
from faktura.web.tenant import NUMBER

CONNECT = f"/connect/{{target:[a-z0-9-]{{1,40}}}}/{{tenant:{NUMBER}}}"
# DATEV's review wants it written so.
_MOMENT = "%d.%m.%Y %H:%M"
_LONGEST = 4096


async def connected(request: web.Request) -> web.Response:
    """Finish the login: keep the connection, and show what it may do or why there is none."""
    app = request.app[APP]
    linked, tenant = await asyncio.to_thread(
        _linked, app, request.match_info["target"], request.match_info["tenant"]
    )
    try:
        await finish_login(
            linked,
            state=_given(request, "state"),
            code=_given(request, "code"),
            refusal=_given(request, "error_description") or _given(request, "error"),
        )
    except FakturaError as error:
        return page(
            request, "connect.html", status=status_of(error), error=error, target=linked.target
        )
    view = await in_read_tx(app.database, tenant.id, view_link, linked.target)
    until = view.refresh_until
    return page(
        request,
        "connect.html",
        error=None,
        target=linked.target,
        view=view,
        until=until and until.astimezone(zone(tenant.time_zone)).strftime(_MOMENT),
        manage_url=linked.link.manage_url,
    )


def _linked(app: App, target: str, key: str) -> tuple[Linked, Tenant]:
    try:
        tenant = app.tenant(key)
        link = app.adapters.link(tenant.id, target)
    except PluginMissing as missing:
        raise NotFound(missing.problem) from missing
    return Linked(app.database, app.keys, tenant.id, link), tenant


def _given(request: web.Request, name: str) -> str:
    return request.query.get(name, "")[:_LONGEST]
