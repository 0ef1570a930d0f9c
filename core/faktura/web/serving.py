"""The web server as a process: listens, serves until a signal, stops in good order."""

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage
from typing_extensions import override

from faktura.bootstrap import App
from faktura.bootstrap.instruments import Instruments
from faktura.kernel.errors import Conflict, Misconfigured
from faktura.web.application import create_app
from faktura.web.doors import address_of, check_serving
from faktura.web.monitoring import create_monitoring

# What is being answered may finish for so long; a page takes far less.
_GRACE_SECONDS = 5


class _Unquoted(logging.Filter):
    """Bytes that are no HTTP are counted by their line, not quoted: they may hold anything."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        broken = BadHttpMessage | web.RequestPayloadError
        if record.exc_info and isinstance(record.exc_info[1], broken):
            record.msg, record.args = "request_unreadable", ()
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


_http_log = logging.getLogger("faktura.web.http")
_http_log.addFilter(_Unquoted())


async def serve_until_signalled(
    app: App, host: str, port: int, announce: Callable[[str], None]
) -> None:
    """Serve until SIGINT or SIGTERM; `announce` is told the address once it answers.

    Port 0 takes any free one. Raises ServingRefused for a host that others reach while no public
    address is set, Conflict when the port is taken and Misconfigured when the host is none of this
    machine's.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with serving(app, host, port) as address:
            announce(address)
            await stop.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@asynccontextmanager
async def serving(app: App, host: str, port: int) -> AsyncIterator[str]:
    """The address at which the pages answer while this is open; raises as above."""
    check_serving(host, app.settings.public_url)
    # The log lines are our own (exchange.py): aiohttp's would hold the query string.
    runner = web.AppRunner(
        create_app(app), access_log=None, logger=_http_log, shutdown_timeout=_GRACE_SECONDS
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise _not_bound(host, port, error) from None
        yield address_of(host, runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def monitored(
    app: App, instruments: Instruments, host: str, port: int
) -> AsyncIterator[None]:
    """`/live`, `/ready` and `/metrics` of this process answer while this is open.

    Raises Conflict when the port is taken and Misconfigured when the host is none of this machine's.
    """
    runner = web.AppRunner(create_monitoring(app, instruments), access_log=None, logger=_http_log)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            refused = _not_bound(host, port, error)
            refused.place = "--monitor"
            raise refused from None
        yield
    finally:
        await runner.cleanup()


def check_free(host: str, port: int) -> None:
    """Raise as `serving` would for an address that cannot be listened on, before work is begun."""
    with socket.socket() as probe:
        # As the server will do it: what a server before it left behind is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _not_bound(host, port, error) from None


def _not_bound(host: str, port: int, error: OSError) -> Conflict | Misconfigured:
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            f"port {port} of {host} is in use",
            place="--port",
            mend="Stop what listens there, or choose another port",
        )
    return Misconfigured(
        f"{host}:{port} cannot be listened on: {error.strerror}",
        place="--host, --port",
        mend="Use 127.0.0.1 and a port above 1023",
    )
