"""faktura serve: the pages, and beside them a worker for the background jobs."""

import asyncio
import logging
from typing import TYPE_CHECKING

import click

from faktura.cli.output import say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0: any free one.",
)
@click.option("--no-worker", is_flag=True, help="Leave the background jobs to other processes.")
def serve(host: str, port: int, *, no_worker: bool) -> None:
    """Serve the status page and the invoices until Ctrl-C."""
    from faktura.web.doors import check_loopback

    check_loopback(host)
    logging.basicConfig(level=logging.INFO, format=_LOG_FORMAT)
    with running() as app:
        app.check_adapters()
        serve_app(app, host, port, with_worker=not no_worker)


def serve_app(app: "App", host: str, port: int, *, with_worker: bool) -> None:
    """Serve an open App until SIGINT or SIGTERM; its worker is stopped before this returns.

    Raises as `serve_until_signalled`.
    """
    asyncio.run(_serve(app, host, port, with_worker=with_worker))


async def _serve(app: "App", host: str, port: int, *, with_worker: bool) -> None:
    from faktura.cli.worker_process import WorkerProcess
    from faktura.web.serving import serve_until_signalled

    worker = WorkerProcess(app.settings.environment)

    def announce(address: str) -> None:
        say(f"faktura is at {address}  Ctrl-C stops it.", as_json=False)
        if with_worker:
            worker.start()

    try:
        await serve_until_signalled(app, host, port, announce)
    finally:
        await worker.stop()
