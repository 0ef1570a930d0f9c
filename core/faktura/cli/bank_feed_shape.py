"""What the commands of bank feeds share: the desk, a connection as a record, waiting for an errand."""

import asyncio
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from faktura.cli.output import print_record, say, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from datetime import datetime

    from faktura.bootstrap import App
    from faktura.domain.bank_connections import Errand
    from faktura.domain.tenants import Tenant
    from faktura.flows.feed_calls import FeedDesk
    from faktura.plugin import Attendance
    from faktura.services.bank_connections import Shown

# As long as the form of a bank is good.
_PATIENCE = timedelta(minutes=25)
_THIS_MACHINE = "127.0.0.1"

connection_argument = click.argument("connection")
no_wait_option = click.option("--no-wait", is_flag=True, help="Only print the form's address.")
language_option = click.option(
    "--lang",
    type=click.Choice(["de", "en"]),
    default="de",
    show_default=True,
    help="Of the state's lines, and of the bank's form.",
)


def desk_of(app: "App", tenant: str | None) -> "FeedDesk":
    """What the tenant's feeds are asked with."""
    from faktura.flows.feed_calls import FeedDesk

    public_url = app.settings.public_url
    return FeedDesk(
        app.database,
        app.keys,
        app.content,
        app.adapters,
        app.tenant(tenant),
        None if public_url is None else str(public_url),
    )


def here(ip_address: str | None) -> "Attendance":
    """A person waits at this terminal; whoever came over SSH sits at that address."""
    from faktura.plugin import Attendance

    came_from = os.environ.get("SSH_CLIENT", "").partition(" ")[0]
    return Attendance(ip_address=ip_address or came_from or _THIS_MACHINE, user_agent="faktura")


def connection_record(
    one: "Shown", owner: "Tenant", language: str, now: "datetime"
) -> dict[str, object]:
    """A connection for scripts: its accounts, and its state in order."""
    from faktura.domain.feed_status import statuses
    from faktura.domain.feed_words import action_line, status_line
    from faktura.kernel.clock import zone

    local = zone(owner.time_zone)
    connection = one.connection
    return {
        "id": str(connection.id),
        "bank": connection.bank_name,
        "instance": connection.instance,
        "succeeded_at": connection.succeeded_at,
        "next_at": connection.next_at,
        "accounts": [
            {
                "account": account.reference,
                "iban": account.facts.iban,
                "name": account.label,
                "balance": account.facts.balance,
                "currency": account.facts.currency,
                "linked_to": _linked(one, account.bank_account_id),
            }
            for account in one.view.accounts
        ],
        "statuses": [
            {
                "code": status.code,
                "severity": status.severity,
                "text": status_line(status, language, local),
                "action": action_line(status.action, language),
                "form": status.url or None,
            }
            for status in statuses(one.view, now)
        ],
    }


def _linked(one: "Shown", bank_account_id: object) -> str | None:
    return next((iban for key, iban in one.ibans.items() if key == bank_account_id), None)


def say_lines(record: "Mapping[str, Any]") -> None:
    """The connection for people, a line for each account and each status."""
    click.echo(shown(f"{record['bank']}  {record['id']}"))
    for account in record["accounts"]:
        linked = account["linked_to"] or "not linked"
        click.echo(shown(f"  {account['account']}  {account['name']}  -> {linked}"))
    for line in record["statuses"]:
        action = f"; {line['action']}" if line["action"] else ""
        click.echo(shown(f"  {line['severity']}: {line['text']}{action}"))
        if line["form"]:
            click.echo(shown(f"  {line['form']}"))


def carried_out(
    desk: "FeedDesk", begun: "Awaitable[Errand]", *, waits: bool, as_json: bool
) -> "Errand":
    """The errand once its form was shown, and was filled where somebody `waits` for that."""
    from faktura.flows.bank_feeds import await_errand

    async def act() -> "Errand":
        errand = await await_errand(desk, await begun, patience=_PATIENCE, until_form=True)
        if errand.facts.url:
            say("Open this address and log in at the bank there:", as_json=as_json)
            if not as_json:
                click.echo(errand.facts.url)
        if not waits or errand.ended_at is not None:
            return errand
        return await await_errand(desk, errand, patience=_PATIENCE)

    return asyncio.run(act())


def show_errand(errand: "Errand", *, as_json: bool, waited: bool) -> None:
    """How an errand ended, or where it stands; exit code 1 where it came to nothing."""
    from faktura.kernel.bank_terms import FeedTaskState

    print_record(
        {
            "connection": None if errand.connection_id is None else str(errand.connection_id),
            "state": errand.state,
            "ended": errand.ended_at is not None,
            "form": errand.facts.url or None,
            "problem": errand.facts.message or errand.facts.code or None,
        },
        as_json=as_json,
    )
    if not waited and errand.ended_at is None:
        say(
            "Once the form is done it goes on where faktura serve or a worker runs.",
            as_json=as_json,
        )
    if waited and (errand.ended_at is None or errand.state is not FeedTaskState.DONE):
        raise SystemExit(1)
