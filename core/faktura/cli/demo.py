"""faktura demo: the sample company's month on one command, then its pages."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option
from faktura.cli.output import print_json, print_records, progress, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faktura.demo.month import Step

_STEPS = 8
_HOST = "127.0.0.1"


@click.command()
@click.option("--no-serve", is_flag=True, help="End after the table; serve nothing.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files; by default var/demo/files.",
)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
@json_option
def demo(*, no_serve: bool, out: Path | None, port: int, as_json: bool) -> None:
    """Load the sample company, bill its month, show what happened and serve it.

    Uses FAKTURA_DATABASE_URL where it is set, and refuses a database with other tenants; else it
    makes a fresh one in var/demo.
    """
    from faktura.demo.company import FOLDER, demo_settings, load_company, load_user, open_demo
    from faktura.demo.month import live

    if not no_serve:
        from faktura.web.serving import check_free

        check_free(_HOST, port)
    settings = demo_settings(os.environ)
    app, clock = open_demo(settings)
    folder = out or FOLDER / "files"
    try:
        with progress("A month of the sample company", _STEPS) as advance:
            steps = []
            tenant = load_company(app)
            load_user(app, tenant)
            for step in live(app, tenant, clock, folder):
                steps.append(step)
                advance(1)
        _show(steps, as_json=as_json)
    finally:
        app.close()
    if not no_serve:
        _serve(settings, port)


def _serve(settings: "Mapping[str, str]", port: int) -> None:
    """Serve what was made by today's clock: sessions and the worker go by it."""
    from faktura.bootstrap import open_app
    from faktura.bootstrap.logs import log_to_standard_error
    from faktura.cli.serve import serve_app
    from faktura.demo.company import USER
    from faktura.services.users import make_link

    app = open_app(settings)
    log_to_standard_error(logging.WARNING, app.settings.log_format)
    try:
        with app.database.write(0) as tx:
            token = make_link(tx, USER)
        again = f"faktura users link {USER} --port {port}"
        if "FAKTURA_DATABASE_URL" not in os.environ:
            again = f"FAKTURA_DATABASE_URL={settings['FAKTURA_DATABASE_URL']} {again}"
        say(f"The link below signs in once. Another one: {again}", as_json=False)
        serve_app(app, _HOST, port, with_worker=True, entrance=f"sign-in/link?token={token}")
    finally:
        app.close()


def _show(steps: "list[Step]", *, as_json: bool) -> None:
    records = [{"step": step.name, "result": step.result, "files": step.place} for step in steps]
    if as_json:
        print_json(records)
        return
    columns = ("step", "result", "files")
    print_records(records, columns=columns, as_json=False, title="October 2026 at Lindenhof")
    say("Look closer: faktura --help", as_json=False)
