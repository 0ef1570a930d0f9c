"""faktura serve: the pages, and beside them a worker for the background jobs."""

import asyncio
import logging
from typing import TYPE_CHECKING

import click

from faktura.cli.output import say
from faktura.cli.session import installation, running

if TYPE_CHECKING:
    from faktura.bootstrap import App


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; another than a loopback address needs FAKTURA_PUBLIC_URL.",
)
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0: any free one.",
)
@click.option(
    "--no-worker",
    is_flag=True,
    help="Leave the background jobs to other processes, as is always so on PostgreSQL.",
)
def serve(host: str, port: int, *, no_worker: bool) -> None:
    """Serve the pages and the REST interface (reference: /api/docs) until Ctrl-C."""
    from faktura.bootstrap.logs import log_to_standard_error
    from faktura.web.doors import check_serving

    settings = installation()
    check_serving(host, settings.public_url)
    log_to_standard_error(logging.INFO, settings.log_format)
    with running() as app:
        app.check_adapters()
        serve_app(app, host, port, with_worker=not no_worker)


def serve_app(app: "App", host: str, port: int, *, with_worker: bool, entrance: str = "") -> None:
    """Serve an open App until SIGINT or SIGTERM; its worker is stopped before this returns.

    `entrance` is the page whose address is told, "" for the first one. Raises as
    `serve_until_signalled`.
    """
    asyncio.run(_serve(app, host, port, with_worker=with_worker, entrance=entrance))


async def _serve(app: "App", host: str, port: int, *, with_worker: bool, entrance: str) -> None:
    from faktura.cli.worker_process import WorkerProcess
    from faktura.web.serving import serve_until_signalled

    worker = WorkerProcess(app.settings.environment)

    def announce(address: str) -> None:
        say(f"faktura is at {address}{entrance}  Ctrl-C stops it.", as_json=False)
        if app.settings.public_url and not app.settings.trusted_proxies:
            # Behind an unknown proxy all callers have one address, and share its limits.
            say("Set FAKTURA_TRUSTED_PROXIES if a proxy stands before it.", as_json=False)
        if app.database.is_postgresql:
            # Workers run on any machine there; one for each `serve` would be no plan.
            say("Background jobs wait for `faktura worker`, which runs apart.", as_json=False)
        elif with_worker:
            worker.start()

    try:
        await serve_until_signalled(app, host, port, announce)
    finally:
        await worker.stop()
