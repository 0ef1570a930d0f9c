"""The tenants of who is signed in, and the short addresses that lead into the only one (F135)."""

from aiohttp import web

from faktura.domain.tenants import Tenant
from faktura.flows.transactions import in_read_tx
from faktura.store.users import list_members_tenants
from faktura.web.addresses import address, redirect
from faktura.web.keys import APP, SIGNED_IN
from faktura.web.pages import page

_FOUND = 302


async def tenants_page(request: web.Request) -> web.StreamResponse:
    """Which tenants they are a member of; the only one is entered at once."""
    tenants = await _tenants(request)
    if len(tenants) == 1:
        return _lead(request, tenants[0], "/status")
    return page(request, "admin/tenants.html", tenants=tenants)


async def short_address(request: web.Request) -> web.StreamResponse:
    """`/invoices/RE-1` means the only tenant's; of several the reader chooses one."""
    tenants = await _tenants(request)
    if len(tenants) == 1:
        return _lead(request, tenants[0], request.path)
    return redirect(address(request, "tenants"), _FOUND)


async def _tenants(request: web.Request) -> list[Tenant]:
    asking = request[SIGNED_IN].user.id
    return await in_read_tx(request.app[APP].database, 0, list_members_tenants, asking)


def _lead(request: web.Request, tenant: Tenant, path: str) -> web.Response:
    # The path matched one of our own routes: it holds no host and no second slash at its start.
    target = request.rel_url.with_path(f"/admin/t/{tenant.key}{path}", keep_query=True)
    return redirect(str(target), _FOUND)
