"""Where a bank feed says that something changed: an address nobody can guess, and nothing that is believed.

The answer is the same whatever comes: a stranger learns nothing, and a feed reads it not. What
stands in the body is not read; the feed is asked instead (P55).
"""

from aiohttp import web

from faktura.domain.jobs import JobName
from faktura.flows.bank_feeds import CALLBACKS
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.store.feed_errands import errand_of, errand_of_token
from faktura.store.jobs import enqueue
from faktura.store.tenants import find_tenant_id
from faktura.store.transaction import Tx
from faktura.web.keys import APP
from faktura.web.tenant import NUMBER

PREFIX = CALLBACKS
_ADDRESS = f"/{{tenant:{NUMBER}}}/{{token:[A-Za-z0-9_-]{{20,128}}}}"
_LARGEST_BODY = 64 * 1024
_NO_TENANT = 0
# Of calls in a row one look comes.
_IN_A_ROW_SECONDS = 5


def create_callbacks() -> web.Application:
    """The application to be put under /bank-callbacks; it finds the App in the one above."""
    application = web.Application(client_max_size=_LARGEST_BODY)
    for address in (_ADDRESS, f"{_ADDRESS}/"):
        application.router.add_post(address, called)
    return application


async def called(request: web.Request) -> web.Response:
    """Have the errand of that token looked at; 200 for any other token as well."""
    app = request.config_dict[APP]
    key, token = request.match_info["tenant"], request.match_info["token"]
    tenant_id = await in_read_tx(app.database, _NO_TENANT, find_tenant_id, key)
    # Most that comes a second time needs no write.
    if tenant_id is not None and await in_read_tx(app.database, tenant_id, _is_awaited, token):
        await in_tx(app.database, tenant_id, _have_looked, token)
    return _thanks()


def _is_awaited(tx: Tx, token: str) -> bool:
    found = errand_of_token(tx, token)
    return found is not None and errand_of(tx, found).ended_at is None


def _have_looked(tx: Tx, token: str) -> None:
    found = errand_of_token(tx, token)
    if found is not None:
        times = int(tx.now().timestamp()) // _IN_A_ROW_SECONDS
        key = f"feed-callback:{found}:{times}"
        enqueue(tx, JobName.SYNC_BANK, {"errand": str(found)}, key=key)


def _thanks() -> web.Response:
    return web.Response(text="OK")
