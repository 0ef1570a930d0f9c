"""faktura db: set up the database and show its state."""

import click

from faktura.cli.options import json_option
from faktura.cli.output import print_record, progress, say
from faktura.cli.session import connected


@click.group()
def db() -> None:
    """Set up the database and show its state."""


@db.command()
@json_option
def init(*, as_json: bool) -> None:
    """Create the tables, or bring them to this release's version. Running it again is harmless."""
    from faktura.store.migrations import head, upgrade

    with connected() as database, progress("Setting up the database", None):
        changed = upgrade(database)
    if as_json:
        print_record({"version": head(), "changed": changed}, as_json=True)
    elif changed:
        say(f"The database is set up at version {head()}.", as_json=False)
    else:
        say(f"The database stands at version {head()} already.", as_json=False)


@db.command()
@json_option
def status(*, as_json: bool) -> None:
    """Show the database's version and this release's."""
    from faktura.store.migrations import current, head

    with connected() as database:
        version = current(database)
        kind = "PostgreSQL" if database.is_postgresql else "SQLite"
    print_record(
        {
            "database": kind,
            "version": version,
            "needed": head(),
            "ready": version == head(),
        },
        as_json=as_json,
    )
