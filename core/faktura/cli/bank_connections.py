"""faktura bank connections, link, sync: the state of connected banks, and fetching from them."""

from typing import TYPE_CHECKING

import click

from faktura.cli.bank_feed_shape import (
    carried_out,
    connection_argument,
    connection_record,
    desk_of,
    here,
    language_option,
    say_lines,
)
from faktura.cli.bank_feeds import connect, disconnect, feeds, new_pin
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, say
from faktura.cli.session import running
from faktura.cli.who import operator

if TYPE_CHECKING:
    from uuid import UUID

    from faktura.flows.feed_calls import FeedDesk
    from faktura.plugin import FormRequest


@click.command()
@click.option("--all", "ended", is_flag=True, help="Also those that have ended.")
@language_option
@tenant_option
@json_option
def connections(*, ended: bool, lang: str, tenant: str | None, as_json: bool) -> None:
    """Show connections, their accounts, and their state with what to do about it."""
    from faktura.services.bank_connections import show_connections

    with running() as app:
        owner = app.tenant(tenant)
        with app.database.read(owner.id) as tx:
            found = show_connections(tx, ended=ended)
            records = [connection_record(one, owner, lang, tx.now()) for one in found]
    if as_json:
        print_json(records)
        return
    if not records:
        click.echo("No connections. Connect a bank: faktura bank connect")
    for record in records:
        say_lines(record)


@click.command()
@connection_argument
@click.argument("account")
@click.argument("iban")
@tenant_option
@json_option
def link(*, connection: str, account: str, iban: str, tenant: str | None, as_json: bool) -> None:
    """Let ACCOUNT of CONNECTION (the feed's id or its IBAN) bring the movements of our IBAN."""
    from faktura.services.feed_account_links import link_account
    from faktura.services.named_connection import named_connection

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        linked = link_account(tx, named_connection(tx, connection), account, iban)
    print_record({"account": linked.reference, "linked": True}, as_json=as_json)
    say("All that the feed knows of it is read the next time.", as_json=as_json)


@click.command()
@click.argument("connection", required=False)
@click.option("--attended", is_flag=True, help="You wait, and approve it at the bank if asked.")
@click.option("--ip-address", metavar="IP", help="Yours, for the bank; else that of the session.")
@language_option
@tenant_option
@json_option
def sync(
    *,
    connection: str | None,
    attended: bool,
    ip_address: str | None,
    lang: str,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Fetch from the bank now: CONNECTION, or all that nothing speaks against."""
    from faktura.plugin import FormRequest
    from faktura.services.feed_schedule import may_be_asked
    from faktura.services.named_connection import named_connection

    with running() as app:
        desk = desk_of(app, tenant)
        with app.database.read(desk.tenant.id) as tx:
            wanted = [named_connection(tx, connection)] if connection else may_be_asked(tx)
        request = FormRequest(language=lang, attended=here(ip_address) if attended else None)
        outcomes = [_fetched(desk, one, request, as_json=as_json) for one in wanted]
    if as_json:
        print_json(outcomes)
    elif not outcomes:
        click.echo("There is nothing to fetch; how each stands: faktura bank connections")
    if not all(outcome["fetched"] for outcome in outcomes):
        raise SystemExit(1)


def _fetched(
    desk: "FeedDesk", connection_id: "UUID", request: "FormRequest", *, as_json: bool
) -> dict[str, object]:
    """Update one connection; what keeps one from it does not keep the others."""
    from faktura.flows.bank_feeds import begin_update
    from faktura.kernel.bank_terms import FeedTaskState
    from faktura.kernel.errors import FakturaError
    from faktura.services.bank_connections import show_connection

    problem = ""
    fetched = False
    try:
        begun = begin_update(desk, connection_id, request, operator())
        # A form is for whoever waits; without them it is shown and left open.
        errand = carried_out(desk, begun, waits=request.attended is not None, as_json=as_json)
        fetched = errand.ended_at is not None and errand.state is FeedTaskState.DONE
    except FakturaError as error:
        problem = str(error)
    with desk.database.read(desk.tenant.id) as tx:
        shown = show_connection(tx, connection_id)
        record = connection_record(shown, desk.tenant, request.language, tx.now())
    if not as_json:
        say_lines(record)
        if problem:
            click.echo(problem, err=True)
    return {**record, "fetched": fetched, "problem": problem or None}


COMMANDS: tuple[click.Command, ...] = (
    feeds, connect, connections, link, sync, new_pin, disconnect,
)  # fmt: skip
