"""faktura keys: who may come through the REST door, and which projects it opens to (F114)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.ids import Id
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import Record, print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.domain.api_keys import ApiKey
    from faktura.store.catalogue import Project

_COLUMNS = ("id", "name", "project", "scopes", "state", "expires_at", "last_used_at")
_MOST_DAYS = 36_500
_ALL = "all projects"


_key_id_argument = click.argument("key_id", metavar="ID", type=Id("a key", "faktura keys list"))


@click.group()
def keys() -> None:
    """Make, list, rotate and revoke keys of the REST door; switch projects on for it."""


@keys.command()
@click.option("--name", required=True, help="Who uses the key, e.g. shop.")
@click.option(
    "--project", metavar="KEY", help="Its project; may be left out where it is the only one."
)
@click.option("--all-projects", is_flag=True, help="For all projects of the tenant.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="NOUN:ACT",
    help="What it may do, e.g. contracts:write; may be repeated. To write includes to read.",
)
@click.option(
    "--allow",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="Only from these addresses, e.g. 192.0.2.0/24; may be repeated. Left out: from any.",
)
@click.option(
    "--per-minute", default=600, show_default=True, type=click.IntRange(1), help="Most requests."
)
@click.option("--days", type=click.IntRange(1, _MOST_DAYS), help="Ends after so many days.")
@tenant_option
@json_option
def create(  # noqa: PLR0913 - a command's options are its parameters
    *,
    name: str,
    project: str | None,
    all_projects: bool,
    scopes: Sequence[str],
    networks: Sequence[str],
    per_minute: int,
    days: int | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Make a key and print it: once, it cannot be shown again."""
    from faktura.domain.api_keys import Scope, network
    from faktura.kernel.terms import term
    from faktura.services.api_keys import NewKey, create_key
    from faktura.store.catalogue import read_projects

    granted = frozenset(term(Scope, scope, field="--scope") for scope in scopes)
    allowed = tuple(dict.fromkeys(map(network, networks)))
    lifetime = None if days is None else timedelta(days=days)
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        projects = read_projects(tx)
        only = _chosen(projects, project, all_projects=all_projects)
        new = NewKey(name, only, granted, allowed, per_minute, lifetime)
        made, written = create_key(tx, new)
    reached = [found for found in projects.values() if only in (None, found.key)]
    _hand_out(_record(made, projects, made.created_at), written, as_json=as_json)
    if not any(found.api_enabled for found in reached):
        # On standard error: a script reads the key from the other one.
        click.echo(
            f"It opens nothing yet. Run: faktura keys switch-on {only or 'PROJECT'}", err=True
        )


@keys.command("list")
@tenant_option
@json_option
def list_all(*, tenant: str | None, as_json: bool) -> None:
    """Show the keys of a tenant, the ended ones too; never their secrets."""
    from faktura.services.api_keys import list_keys
    from faktura.store.catalogue import read_projects

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        projects = read_projects(tx)
        records = [_record(key, projects, tx.now()) for key in list_keys(tx)]
    if not as_json:
        records = [{**record, "project": record["project"] or _ALL} for record in records]
    print_records(records, columns=_COLUMNS, as_json=as_json)


@keys.command()
@_key_id_argument
@tenant_option
def revoke(key_id: UUID, tenant: str | None) -> None:
    """End the key of that ID at once."""
    from faktura.services.api_keys import revoke_key

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        revoked = revoke_key(tx, key_id)
    say(f"The key {revoked.id} ({revoked.name}) is revoked.", as_json=False)


@keys.command()
@_key_id_argument
@click.option(
    "--grace-hours",
    default=24,
    show_default=True,
    type=click.IntRange(0, _MOST_DAYS * 24),
    help="How long the old key stays valid beside the new one.",
)
@tenant_option
@json_option
def rotate(*, key_id: UUID, grace_hours: int, tenant: str | None, as_json: bool) -> None:
    """Make a new key with the rights of the one of that ID, and let the old one run out."""
    from faktura.services.api_keys import rotate_key
    from faktura.store.catalogue import read_projects

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        made, written = rotate_key(tx, key_id, timedelta(hours=grace_hours))
        projects = read_projects(tx)
    _hand_out(_record(made, projects, made.created_at), written, as_json=as_json)
    say(f"The key {key_id} ends in {grace_hours} hours at the latest.", as_json=as_json)


@keys.command("switch-on")
@click.argument("project")
@tenant_option
def switch_on(project: str, tenant: str | None) -> None:
    """Let keys reach PROJECT (F114)."""
    _switch(project, tenant, on=True)


@keys.command("switch-off")
@click.argument("project")
@tenant_option
def switch_off(project: str, tenant: str | None) -> None:
    """Let no key reach PROJECT any longer; the keys stay as they are."""
    _switch(project, tenant, on=False)


@keys.command("projects")
@tenant_option
@json_option
def list_projects(*, tenant: str | None, as_json: bool) -> None:
    """Show the projects and whether keys reach them."""
    from faktura.store.catalogue import read_projects

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = sorted(read_projects(tx).values(), key=lambda project: project.key)
    print_records(
        [{"project": one.key, "name": one.name, "switched_on": one.api_enabled} for one in found],
        columns=["project", "name", "switched_on"],
        as_json=as_json,
    )


def _switch(project: str, tenant: str | None, *, on: bool) -> None:
    from faktura.services.api_keys import switch_api

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        switched = switch_api(tx, project, on=on)
    say(f"{switched.key} is switched {'on' if on else 'off'} for keys.", as_json=False)


def _chosen(
    projects: "Mapping[str, Project]", project: str | None, *, all_projects: bool
) -> str | None:
    """The project's key, None for all of them."""
    from faktura.services.projects import choose_project

    if all_projects:
        if project is not None:
            raise click.UsageError("give either --project or --all-projects, not both")
        return None
    return choose_project(projects, project).key


def _hand_out(record: Record, written: str, *, as_json: bool) -> None:
    if as_json:
        print_record({**record, "key": written}, as_json=True)
        return
    say(
        f"The key {record['id']} ({record['name']}) is made. Keep it now, it is never shown again:",
        as_json=False,
    )
    say(written, as_json=False)


def _record(key: "ApiKey", projects: "Mapping[str, Project]", now: datetime) -> Record:
    """What may be told of a key: everything but its secret, whose hash is not told either."""
    keys_of_projects = {project.id: project.key for project in projects.values()}
    return {
        "id": key.id,
        "name": key.name,
        "project": None if key.project_id is None else keys_of_projects[key.project_id],
        "scopes": sorted(key.scopes),
        "networks": [str(network) for network in key.networks],
        "requests_per_minute": key.requests_per_minute,
        "state": _state(key, now),
        "created_at": _utc(key.created_at),
        "expires_at": _utc(key.expires_at),
        "last_used_at": _utc(key.last_used_at),
        "replaces": key.replaces,
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _state(key: "ApiKey", now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "live" if key.is_live(now) else "expired"
