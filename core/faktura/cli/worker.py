"""faktura worker: background jobs until it is told to stop."""

import logging

import click

from faktura.cli.session import running


@click.command()
@click.option("--until-idle", is_flag=True, help="End once nothing is due, e.g. in a cron job.")
def worker(*, until_idle: bool) -> None:
    """Run background jobs until SIGTERM or Ctrl-C; what runs then is finished first."""
    from faktura.flows.job_context import JobContext
    from faktura.worker.process import run_worker

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
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
            mail_folder=app.mail_folder,
        )
        run_worker(context, click.echo, until_idle=until_idle)
