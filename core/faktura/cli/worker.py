"""faktura worker: background jobs until it is told to stop."""

import logging
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

import click

from faktura.cli.session import installation, running

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from faktura.bootstrap import App
    from faktura.bootstrap.instruments import Instruments

_LARGEST_PORT = 65_535


@click.command()
@click.option("--until-idle", is_flag=True, help="End once nothing is due, e.g. in a cron job.")
@click.option(
    "--monitor",
    metavar="HOST:PORT",
    help="Answer /live, /ready and, with FAKTURA_METRICS_TOKEN, /metrics there.",
)
def worker(*, until_idle: bool, monitor: str | None) -> None:
    """Run background jobs until SIGTERM or Ctrl-C; what runs then is finished first."""
    from faktura.bootstrap.logs import log_to_standard_error
    from faktura.flows.job_context import JobContext
    from faktura.worker.process import run_worker

    log_to_standard_error(logging.INFO, installation().log_format)
    place = None if monitor is None else _host_and_port(monitor)
    with running() as app:
        app.check_adapters()
        public_url = app.settings.public_url
        context = JobContext(
            app.database,
            app.registry,
            app.adapters,
            app.content,
            app.keys,
            None if public_url is None else str(public_url),
            private_hosts=app.settings.private_hosts,
            sandbox_hosts=app.settings.sandbox_hosts,
            mail_folder=app.mail_folder,
        )
        run_worker(
            context,
            click.echo,
            until_idle=until_idle,
            beside=nullcontext if place is None else partial(_monitored, app, *place),
        )


def _monitored(
    app: "App", host: str, port: int, instruments: "Instruments"
) -> "AbstractAsyncContextManager[None]":
    from faktura.web.serving import monitored

    return monitored(app, instruments, host, port)


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LARGEST_PORT:
        raise click.BadParameter("write HOST:PORT, e.g. 127.0.0.1:9461", param_hint="--monitor")
    return host.strip("[]"), int(port)
