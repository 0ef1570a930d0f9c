"""faktura outbox: what was sent to whom, when, with what answer, and sending it again (P48)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.moments import MOMENT, given_moment, local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator

if TYPE_CHECKING:
    from faktura.domain.deliveries import DeliveryFilter, DeliveryRow, LogEntry
    from faktura.domain.tenants import Tenant

_STATES = ("PENDING", "DELIVERED", "DEAD")
_STATE = click.Choice(_STATES, case_sensitive=False)
_COLUMNS = ("id", "type", "number", "customerNumber", "subscriber", "state", "attempts", "dueAt")
_DEAD = ("id", "type", "number", "subscriber", "attempts", "problem")
_LOG = ("no", "at", "taken", "status", "milliseconds", "answer", "askedBy")

_subscriber_option = click.option(
    "--subscriber", metavar="NAME", help="An endpoint by its id, or a listener by its name."
)
_type_option = click.option(
    "--type", "types", metavar="TYPE", multiple=True, help="Only facts of this type."
)
_limit_option = click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True
)
_delivery_argument = click.argument("delivery", metavar="DELIVERY", type=click.UUID)


@click.group()
def outbox() -> None:
    """Show what was sent to webhooks and listeners, and send it again."""


@outbox.command("list")
@_subscriber_option
@click.option("--state", "states", multiple=True, type=_STATE, help="Only these.")
@_type_option
@click.option("--customer", metavar="NUMBER", help="Only facts of this customer.")
@click.option("--since", metavar=MOMENT, help="Happened then or later.")
@click.option("--until", metavar=MOMENT, help="Happened before then.")
@_limit_option
@tenant_option
@json_option
def list_command(
    *, states: Sequence[str], types: Sequence[str], limit: int, as_json: bool, **given: str | None
) -> None:
    """List the latest deliveries, newest first."""
    _list(states, types, limit, as_json=as_json, **given)


@outbox.command("dead")
@_subscriber_option
@_type_option
@_limit_option
@tenant_option
@json_option
def dead_command(*, types: Sequence[str], limit: int, as_json: bool, **given: str | None) -> None:
    """List what was tried for three days and not taken, newest first."""
    _list(["DEAD"], types, limit, as_json=as_json, **given)


def _list(
    states: Sequence[str], types: Sequence[str], limit: int, *, as_json: bool, **given: str | None
) -> None:
    from faktura.services.deliveries import newest_deliveries

    with running() as app:
        seller = app.tenant(given["tenant"])
        wanted = _wanted(seller, states, types, given)
        with app.database.read(seller.id) as tx:
            rows = newest_deliveries(tx, wanted, limit)
    print_records(
        [_record(row, seller, as_json=as_json) for row in rows],
        columns=_DEAD if list(states) == ["DEAD"] else _COLUMNS,
        as_json=as_json,
        nothing="No deliveries.",
    )


@outbox.command("show")
@_delivery_argument
@tenant_option
@json_option
def show_command(*, delivery: UUID, tenant: str | None, as_json: bool) -> None:
    """Show DELIVERY, by its id: where it stands, and what it says."""
    from faktura.services.deliveries import show_delivery

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = show_delivery(tx, delivery)
    record = _record(found.row, seller, as_json=as_json)
    if as_json:
        log = [_entry(entry, seller, as_json=True) for entry in found.log]
        record |= {"body": dict(found.body), "log": log}
    else:
        record["body"] = json.dumps(found.body, indent=2, ensure_ascii=False)
    print_record(record, as_json=as_json)


@outbox.command("log")
@_delivery_argument
@tenant_option
@json_option
def log_command(*, delivery: UUID, tenant: str | None, as_json: bool) -> None:
    """Show the tries of DELIVERY and their answers, and who had it sent again; kept for 90 days."""
    from faktura.services.deliveries import show_delivery

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = show_delivery(tx, delivery)
    print_records(
        [_entry(entry, seller, as_json=as_json) for entry in found.log],
        columns=_LOG,
        as_json=as_json,
        nothing="It was not tried yet, or longer ago than the log goes back.",
    )


@outbox.command("resend")
@click.argument("delivery", metavar="[DELIVERY]", type=click.UUID, required=False)
@_subscriber_option
@click.option("--from", "since", metavar=MOMENT, help="What happened then or later.")
@click.option("--until", metavar=MOMENT, help="What happened before then; left out: until now.")
@click.option("--dead", is_flag=True, help="Only what was given up.")
@tenant_option
@json_option
def resend_command(
    *, delivery: UUID | None, dead: bool, as_json: bool, **given: str | None
) -> None:
    """Send DELIVERY again, or with --subscriber and --from what happened in a span of time.

    Under the same ids, also what was taken, in the order of the facts; tried for three days anew.
    """
    by_span = (given["subscriber"], given["since"])
    if delivery is None and not all(by_span):
        raise click.UsageError("give a DELIVERY, or --subscriber and --from")
    if delivery is not None and (any(by_span) or given["until"] or dead):
        raise click.UsageError("give a DELIVERY alone, or --subscriber and --from")
    if delivery is not None:
        _resend_one(delivery, given["tenant"], as_json=as_json)
    else:
        _resend_span(given, dead=dead, as_json=as_json)


def _resend_one(delivery: UUID, tenant: str | None, *, as_json: bool) -> None:
    from faktura.domain.subscribers import subscriber_shown
    from faktura.services.deliveries import resend

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            row = resend(tx, delivery, by=operator())
    if as_json:
        print_record(_record(row, seller, as_json=True), as_json=True)
        return
    say(f"{row.type} is on its way again to {subscriber_shown(row.subscriber)}.", as_json=False)


def _resend_span(given: Mapping[str, str | None], *, dead: bool, as_json: bool) -> None:
    from faktura.services.deliveries import resend_range

    with running() as app:
        seller = app.tenant(given["tenant"])
        wanted = _wanted(seller, ["DEAD"] if dead else [], [], given, "--from")
        with app.database.write(seller.id) as tx:
            count = resend_range(tx, wanted.subscriber or "", wanted, by=operator())
    if as_json:
        print_record({"deliveries": count}, as_json=True)
        return
    said = "1 delivery is on its way" if count == 1 else f"{count} deliveries are on their way"
    say(f"{said} again.", as_json=False)


def _wanted(
    seller: "Tenant",
    states: Sequence[str],
    types: Sequence[str],
    given: Mapping[str, str | None],
    since_option: str = "--since",
) -> "DeliveryFilter":
    from faktura.domain.deliveries import DeliveryFilter
    from faktura.domain.subscribers import subscriber_named
    from faktura.domain.webhooks import checked_event_types
    from faktura.kernel.outbox_terms import DeliveryState

    name = given["subscriber"]
    return DeliveryFilter(
        None if name is None else subscriber_named(name),
        [DeliveryState(word) for word in states] or None,
        checked_event_types(types) or None,
        given.get("customer"),
        given_moment(given.get("since"), seller.time_zone, since_option),
        given_moment(given.get("until"), seller.time_zone, "--until"),
    )


def _record(row: "DeliveryRow", seller: "Tenant", *, as_json: bool) -> dict[str, object]:
    from faktura.domain.subscribers import subscriber_shown

    def at(moment: datetime | None) -> object:
        return moment if as_json or moment is None else local_minute(moment, seller.time_zone)

    return {
        "id": row.id,
        "subscriber": row.subscriber if as_json else subscriber_shown(row.subscriber),
        "state": row.state,
        "type": row.type,
        "objectType": row.object_type,
        "objectId": row.object_id,
        "number": row.number,
        "customerNumber": row.customer_number,
        "sequence": row.sequence,
        "occurredAt": at(row.occurred_at),
        "attempts": row.attempts,
        "dueAt": at(row.due_at),
        "deliveredAt": at(row.delivered_at),
        "problem": row.error.get("problem"),
    }


def _entry(entry: "LogEntry", seller: "Tenant", *, as_json: bool) -> dict[str, object]:
    return {
        "no": entry.no,
        "at": entry.at if as_json else local_minute(entry.at, seller.time_zone),
        "taken": entry.taken,
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "answer": entry.answer,
        "askedBy": entry.asked_by,
    }
