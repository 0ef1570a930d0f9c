"""Serves one address for the figures of rest.py: faktura on a database, or a bare handler.

`rest_server.py faktura DATABASE_URL` or `rest_server.py bare FILE`; prints its port, then serves
until it is killed.
"""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

from faktura.bootstrap import open_app
from faktura.web.application import create_app

HOST = "127.0.0.1"


async def _serve(application: web.Application) -> None:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def _bare(body: bytes) -> web.Application:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    return application


def main(kind: str, what: str) -> None:
    """Serve."""
    if kind == "bare":
        asyncio.run(_serve(_bare(Path(what).read_bytes())))
    else:
        asyncio.run(_serve(create_app(open_app({"FAKTURA_DATABASE_URL": what}))))


if __name__ == "__main__":
    main(*sys.argv[1:])
