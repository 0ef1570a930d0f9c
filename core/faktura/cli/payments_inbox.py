"""faktura payments inbox: what providers told us, what came of it, and applying it once more (O4)."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.moments import MOMENT, given_moment, local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.domain.inbox import InboxRow
    from faktura.domain.tenants import Tenant
    from faktura.flows.inbox import Inbox, Replayed
    from faktura.store.inbox import InboxFilter

_STATES = ("NEW", "DONE", "FOREIGN", "PARKED", "FAILED")
_COLUMNS = ("id", "receivedAt", "instance", "type", "state", "changes", "error")
_REPLAYED = ("id", "type", "state", "changes", "waitsFor", "problem")

_state_option = click.option(
    "--state", "states", multiple=True, type=click.Choice(_STATES), help="Only these."
)
_since_option = click.option("--since", metavar=MOMENT, help="Received then or later.")


@click.group()
def inbox() -> None:
    """Show the events that payment providers told us, and apply them again."""


@inbox.command("list")
@_state_option
@_since_option
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@tenant_option
@json_option
def list_command(
    *, states: Sequence[str], since: str | None, limit: int, tenant: str | None, as_json: bool
) -> None:
    """List the latest events, newest first."""
    from faktura.store.inbox import latest_rows

    with running() as app:
        seller = app.tenant(tenant)
        wanted = _wanted(seller, states, since, None)
        with app.database.read(seller.id) as tx:
            rows = latest_rows(tx, wanted, limit)
    records = [_record(row, seller, as_json=as_json) for row in rows]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No events.")


@inbox.command("show")
@click.argument("event", metavar="ID", type=click.UUID)
@tenant_option
@json_option
def show_command(*, event: UUID, tenant: str | None, as_json: bool) -> None:
    """Show the event ID.

    What came in, byte for byte; what its provider said of it, and what that changed here.
    """
    from faktura.store.inbox import read_delivery, read_row

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            row = read_row(tx, event)
            envelope, body = read_delivery(tx, event)
    details: dict[str, object] = {
        "channel": row.channel,
        "event": row.event,
        "envelope": envelope,
        "facts": row.facts,
        "effect": row.effect,
    }
    if as_json:
        details = {name: _parsed(value) for name, value in details.items()}
    record = {**_record(row, seller, as_json=as_json), **details, **_body(body)}
    print_record(record, as_json=as_json)


@inbox.command("replay")
@click.argument("events", metavar="[ID]...", nargs=-1, type=click.UUID)
@_state_option
@_since_option
@click.option("--until", metavar=MOMENT, help="Received before then.")
@click.option("--all", "everything", is_flag=True, help="All that there are.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@tenant_option
@json_option
def replay_command(
    *,
    events: Sequence[UUID],
    states: Sequence[str],
    everything: bool,
    dry_run: bool,
    as_json: bool,
    **given: str | None,
) -> None:
    """Apply events again: those named, those of a time or state, or all.

    Providers are asked once more what is so now. What was applied already changes nothing. Exit code 1
    where one could not be applied.
    """
    from faktura.flows.inbox import Inbox

    since, until = given["since"], given["until"]
    if bool(events) + bool(since or until or states) + everything != 1:
        raise click.UsageError("give IDs, or --since, --until and --state, or --all")
    with running() as app:
        seller = app.tenant(given["tenant"])
        wanted = _wanted(seller, states, since, until, events)
        told = asyncio.run(
            _replay(Inbox(app.database, app.adapters, seller), wanted, dry_run=dry_run)
        )
    changed = [one for one in told if one.problem or one.changes]
    records = [_replayed(one) for one in (told if as_json else changed)]
    print_records(records, columns=_REPLAYED, as_json=as_json)
    failed = sum(bool(one.problem) for one in told)
    verb = "would change" if dry_run else "changed"
    say(
        f"{len(told)} events: {len(changed) - failed} {verb} something, {failed} failed.",
        as_json=as_json,
    )
    if failed:
        raise SystemExit(1)


async def _replay(inbox: "Inbox", wanted: "InboxFilter", *, dry_run: bool) -> list["Replayed"]:
    from faktura.flows.inbox import replay

    return [one async for one in replay(inbox, wanted, dry_run=dry_run)]


def _wanted(
    seller: "Tenant",
    states: Sequence[str],
    since: str | None,
    until: str | None,
    ids: Sequence[UUID] = (),
) -> "InboxFilter":
    from faktura.kernel.payment_terms import InboxState
    from faktura.store.inbox import InboxFilter

    return InboxFilter(
        ids=ids or None,
        states=[InboxState(word) for word in states] or None,
        since=given_moment(since, seller.time_zone, "--since"),
        until=given_moment(until, seller.time_zone, "--until"),
    )


def _record(row: "InboxRow", seller: "Tenant", *, as_json: bool) -> dict[str, object]:
    def at(moment: datetime | None) -> object:
        return moment if as_json or moment is None else local_minute(moment, seller.time_zone)

    return {
        "id": row.id,
        "receivedAt": at(row.received_at),
        "instance": row.instance,
        "eventId": row.event_id,
        "type": row.type,
        "state": row.state,
        "tries": row.tries,
        "nextTryAt": at(row.next_try_at) if row.waits else None,
        "handledAt": at(row.handled_at),
        "changes": json.loads(row.effect)["changes"] if row.effect else [],
        "error": row.error,
    }


def _replayed(one: "Replayed") -> dict[str, object]:
    return {
        "id": one.row.id,
        "type": one.row.type,
        "state": one.row.state,
        "changes": list(one.changes),
        "waitsFor": list(one.effect.waits_for) if one.effect else [],
        "problem": one.problem or None,
    }


def _parsed(value: object) -> object:
    return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value


def _body(body: bytes) -> dict[str, object]:
    """The raw bytes as text, or where they are none as base64."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"bodyBase64": b64encode(body).decode()}
