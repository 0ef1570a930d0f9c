"""Serves the address of receiver.py: the application, the same with a commit for each, a bare handler.

`receiver_server.py faktura DATABASE_URL`, `receiver_server.py each DATABASE_URL` or
`receiver_server.py bare -`; prints its port, then serves until it is killed.
"""

import asyncio
import sys
from dataclasses import replace

from aiohttp import web
from deliveries import HOST

from faktura.bootstrap import App, open_app
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.store.adapters import AdapterStore
from faktura.testing.payment_double import DoubleProvider
from faktura.testing.webhook_double import DoubleSource
from faktura.web import group_commit
from faktura.web.application import create_app


async def _serve(application: web.Application) -> None:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def _bare() -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="OK")

    application = web.Application()
    application.router.add_post("/{path:.*}", answer)
    return application


def _app(url: str) -> App:
    """The application as it is served, with the double for a plugin."""
    app = open_app({"FAKTURA_DATABASE_URL": url})
    registry = Registry(
        payments={"double": Offer("double", "double", DoubleProvider)},
        webhooks={"double": Offer("double", "double", DoubleSource)},
    )
    kept = AdapterStore(app.database, app.keys)
    adapters = Adapters(registry, kept, app.clock, Installation())
    return replace(app, registry=registry, adapters=adapters)


def main(kind: str, url: str) -> None:
    """Serve."""
    if kind == "bare":
        asyncio.run(_serve(_bare()))
        return
    if kind == "each":
        group_commit._MOST_TOGETHER = 1  # noqa: SLF001 - what a commit for each would be
    asyncio.run(_serve(create_app(_app(url))))


if __name__ == "__main__":
    main(*sys.argv[1:])
