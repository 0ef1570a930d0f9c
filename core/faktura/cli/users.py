"""faktura users: who signs in to the pages, and to which tenants."""

import sys
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option
from faktura.cli.output import Record, print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faktura.bootstrap import App
    from faktura.services.users import UserEntry
    from faktura.store.transaction import Tx

_COLUMNS = ("email", "name", "tenants", "disabled_at")
_NO_TENANT = 0

_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, do not ask."
)
_member_option = click.option("--tenant", required=True, metavar="KEY", help="Which tenant.")


@click.group()
def users() -> None:
    """Create the people who sign in and say what they see."""


@users.command()
@click.argument("email")
@click.option("--name", default="", help="What the pages call them.")
@click.option(
    "--tenant", "tenants", multiple=True, metavar="KEY", help="A tenant they see; may be repeated."
)
@_password_option
def create(email: str, name: str, tenants: Sequence[str], *, password_stdin: bool) -> None:
    """Create a user; the password is asked for and is at least 12 characters long."""
    from faktura.services.users import add_member, create_user

    with running() as app:
        members = [app.tenant_id(key) for key in tenants]
        password_hash = _password_hash(app, from_stdin=password_stdin)
        with app.database.write(_NO_TENANT) as tx:
            user = create_user(tx, email, name=name, password_hash=password_hash)
            for tenant_id in members:
                add_member(replace(tx, tenant_id=tenant_id), user.email)
    seen = f" of {', '.join(tenants)}" if tenants else "; see: faktura users add"
    say(f"{user.email} is a user{seen}.", as_json=False)


@users.command("list")
@json_option
def list_all(*, as_json: bool) -> None:
    """Show all users with their tenants."""
    from faktura.services.users import all_users

    with running() as app, app.database.read(_NO_TENANT) as tx:
        found = all_users(tx)
    print_records([_record(entry) for entry in found], columns=_COLUMNS, as_json=as_json)


@users.command()
@click.argument("email")
@_password_option
def password(email: str, *, password_stdin: bool) -> None:
    """Give a user another password; whoever is signed in as them is signed out."""
    from faktura.services.users import set_password, user_of

    with running() as app:
        with app.database.read(_NO_TENANT) as tx:
            user_of(tx, email)
        password_hash = _password_hash(app, from_stdin=password_stdin)
        with app.database.write(_NO_TENANT) as tx:
            user = set_password(tx, email, password_hash)
    say(f"{user.email} has another password.", as_json=False)


@users.command()
@click.argument("email")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Of `faktura serve` on this machine; FAKTURA_PUBLIC_URL comes first.",
)
@json_option
def link(email: str, port: int, *, as_json: bool) -> None:
    """Print an address that signs in once within 15 minutes; earlier ones stop working."""
    from faktura.services.users import make_link

    with running() as app:
        with app.database.write(_NO_TENANT) as tx:
            token = make_link(tx, email)
        public_url = app.settings.public_url
    where = str(public_url) if public_url else f"http://127.0.0.1:{port}"
    address = f"{where}/sign-in/link?token={token}"
    if as_json:
        print_record({"address": address}, as_json=True)
    else:
        say(address, as_json=False)


@users.command()
@click.argument("email")
@_member_option
def add(email: str, tenant: str) -> None:
    """Let a user see a tenant."""
    from faktura.services.users import add_member

    with _in_tenant(tenant) as tx:
        user = add_member(tx, email)
    say(f"{user.email} is a member of {tenant}.", as_json=False)


@users.command()
@click.argument("email")
@_member_option
def remove(email: str, tenant: str) -> None:
    """Let a user see a tenant no more, from the next page on."""
    from faktura.services.users import remove_member

    with _in_tenant(tenant) as tx:
        user = remove_member(tx, email)
    say(f"{user.email} is no member of {tenant} any more.", as_json=False)


@users.command()
@click.argument("email")
def disable(email: str) -> None:
    """Let a user sign in no more and sign them out everywhere."""
    from faktura.services.users import disable_user

    with running() as app, app.database.write(_NO_TENANT) as tx:
        user = disable_user(tx, email)
    say(f"{user.email} is disabled.", as_json=False)


@users.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let a disabled user sign in again."""
    from faktura.services.users import enable_user

    with running() as app, app.database.write(_NO_TENANT) as tx:
        user = enable_user(tx, email)
    say(f"{user.email} may sign in.", as_json=False)


@contextmanager
def _in_tenant(key: str) -> "Iterator[Tx]":
    with running() as app, app.database.write(app.tenant_id(key)) as tx:
        yield tx


def _password_hash(app: "App", *, from_stdin: bool) -> str:
    """The hash of a password from standard input, or of one that is asked for twice."""
    from faktura.domain.users import check_password

    if from_stdin:
        typed = sys.stdin.readline().rstrip("\r\n")
    else:
        typed = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    check_password(typed)
    return app.passwords.hash(typed)


def _record(entry: "UserEntry") -> Record:
    user = entry.user
    return {
        "email": user.email,
        "name": user.name,
        "tenants": list(entry.tenants),
        "password": user.password_hash is not None,
        "created_at": user.created_at.isoformat(),
        "disabled_at": user.disabled_at.isoformat() if user.disabled_at else None,
    }
