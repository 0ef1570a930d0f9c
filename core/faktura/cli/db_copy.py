"""faktura db copy: the whole database into another one, hash for hash."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option
from faktura.cli.output import print_json, print_records, progress, say
from faktura.cli.session import connected, installation

if TYPE_CHECKING:
    from faktura.flows.db_copy import Copied


@click.command()
@click.option(
    "--to",
    "url",
    required=True,
    envvar="FAKTURA_COPY_TO",
    metavar="URL",
    help="The other database; FAKTURA_COPY_TO keeps a password out of the list of processes.",
)
@json_option
def copy(url: str, *, as_json: bool) -> None:
    """Copy all tenants into another database, as from SQLite to PostgreSQL, and prove that it holds the same.

    Stop `faktura serve` and all workers before: writers must stand still until it is over. The target is
    new, or was begun by this command: cut off anywhere, it goes on where it was. Afterwards point
    FAKTURA_DATABASE_URL to it.
    """
    from faktura.bootstrap import connect, content_store
    from faktura.flows.db_copy import Side, copy_database
    from faktura.kernel.clock import SystemClock
    from faktura.store.two_databases import naming_target

    settings = installation()
    with connected() as database:
        other = replace(settings, database_url=url)
        with naming_target():
            target = connect(other, SystemClock())
        try:
            with progress("Copying", None) as counted:
                done = copy_database(
                    Side(database, content_store(settings, database)),
                    Side(target, content_store(other, target)),
                    counted,
                    with_files=not settings.shares_content,
                )
        finally:
            target.close()
    _print(done, shared=settings.shares_content, as_json=as_json)
    if not done.equal or done.changed:
        sys.exit(1)


def _print(done: "Copied", *, shared: bool, as_json: bool) -> None:
    found = [
        {
            "table": table.table,
            "rows": table.rows,
            "sha256": table.sha256.hex(),
            "equal": table.equal,
            "first_difference": table.first,
        }
        for table in done.tables
    ]
    if as_json:
        print_json({"tables": found, "equal": done.equal, "source_changed": done.changed})
    else:
        print_records(found, columns=["table", "rows", "sha256", "equal"], as_json=False)
    for table in done.tables:
        if table.first is not None:
            click.echo(f"{table.table} is not the same in both: first at {table.first}", err=True)
    if done.changed:
        click.echo(
            "The source was written to meanwhile: stop all writers, copy to a new database.",
            err=True,
        )
    elif done.equal:
        rows = sum(table.rows for table in done.tables)
        say(f"Both databases hold the same {rows:,} rows and files.", as_json=as_json)
        if shared:
            say("Files stay where they are: both databases use the same store.", as_json=as_json)
