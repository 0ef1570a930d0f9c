"""faktura db: set up the database, show its state, rotate secrets."""

import sys

import click

from faktura.cli.db_copy import copy
from faktura.cli.db_sandbox_copy import sandbox_copy
from faktura.cli.options import json_option
from faktura.cli.output import print_record, print_records, progress, say
from faktura.cli.session import connected, installation


@click.group()
def db() -> None:
    """Set up the database, show its state, move it, rotate secrets."""


db.add_command(copy)
db.add_command(sandbox_copy)


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


@db.command("rotate-secrets")
@json_option
def rotate_secrets(*, as_json: bool) -> None:
    """Encrypt the secrets of all tenants with the newest key, while everything runs.

    Says which keys are still in use: the others can leave FAKTURA_SECRET_KEYS.
    """
    from faktura.flows.secret_rotation import rotate_all_secrets
    from faktura.store.migrations import check_current
    from faktura.store.secrets import KeyRing

    keys = KeyRing(installation().secret_keys)
    with connected() as database, progress("Rotating secrets", None):
        check_current(database)
        done = rotate_all_secrets(database, keys)
    found = [
        {"key": key, "secrets": done.in_use.get(key, 0), "set": key in keys.ids}
        for key in dict.fromkeys([*keys.ids, *sorted(done.in_use)])
    ]
    if as_json:
        problems = [problem.as_dict() for problem in done.problems]
        record = {"rotated": done.rotated, "newest": keys.newest, "keys": found}
        print_record({**record, "problems": problems}, as_json=True)
    else:
        say(f"Encrypted with the newest key, {keys.newest}: {done.rotated}.", as_json=False)
        print_records(found, columns=["key", "secrets", "set"], as_json=False)
        for problem in done.problems:
            click.echo(str(problem), err=True)
        for key in keys.ids[1:]:
            if key not in done.in_use:
                say(f"{key} is in use no longer: it can be dropped.", as_json=False)
    if done.problems:
        sys.exit(1)
