"""faktura bank feeds, connect, new-pin, disconnect: accesses to bank feeds, and banks over them."""

import asyncio

import click

from faktura.cli.bank_feed_shape import (
    carried_out,
    connection_argument,
    desk_of,
    language_option,
    no_wait_option,
    show_errand,
)
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator

_COLUMNS = ("instance", "feed", "problem", "created_at")


@click.group()
def feeds() -> None:
    """Set up accesses to bank feeds, e.g. finapi."""


@feeds.command("add")
@click.argument("feed")
@click.option("--instance", metavar="KEY", help="The key of its settings; FEED if left out.")
@tenant_option
@json_option
def feeds_add(*, feed: str, instance: str | None, tenant: str | None, as_json: bool) -> None:
    """Make the tenant's user at FEED; its password is kept encrypted."""
    from faktura.domain.numbering import checked_number
    from faktura.flows.bank_feeds import add_feed

    named = checked_number(instance or feed, field="instance")
    with running() as app:
        added = asyncio.run(add_feed(desk_of(app, tenant), feed, named))
    print_record({"instance": added.instance, "feed": added.feed}, as_json=as_json)
    say("Connect a bank: faktura bank connect", as_json=as_json)


@feeds.command("list")
@tenant_option
@json_option
def feeds_list(*, tenant: str | None, as_json: bool) -> None:
    """List the accesses, and why one cannot be used."""
    from faktura.store.bank_feeds import list_feeds

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        offered = ", ".join(app.adapters.feed_names()) or "none: enable a plugin"
        records = [
            {
                "instance": one.instance,
                "feed": one.feed,
                "problem": one.problem or None,
                "created_at": one.created_at,
            }
            for one in list_feeds(tx)
        ]
    print_records(
        records, columns=_COLUMNS, as_json=as_json, nothing=f"No accesses. Feeds: {offered}"
    )


@click.command()
@click.option("--bank", default="", metavar="TEXT", help="Name, BIC or bank code to begin with.")
@click.option("--instance", metavar="KEY", help="Which access; may be left out with only one.")
@no_wait_option
@language_option
@tenant_option
@json_option
def connect(
    *, bank: str, instance: str | None, no_wait: bool, lang: str, tenant: str | None, as_json: bool
) -> None:
    """Connect a bank: prints the address of the form where a person logs in there.

    What the bank knows is fetched as soon as the form is completed.
    """
    from faktura.flows.bank_feeds import begin_connecting
    from faktura.plugin import FormRequest
    from faktura.services.named_connection import only_feed

    with running() as app:
        desk = desk_of(app, tenant)
        with app.database.read(desk.tenant.id) as tx:
            named = only_feed(tx, instance)
        begun = begin_connecting(desk, named, FormRequest(bank=bank, language=lang), operator())
        errand = carried_out(desk, begun, waits=not no_wait, as_json=as_json)
    show_errand(errand, as_json=as_json, waited=not no_wait)


@click.command("new-pin")
@connection_argument
@no_wait_option
@language_option
@tenant_option
@json_option
def new_pin(
    *, connection: str, no_wait: bool, lang: str, tenant: str | None, as_json: bool
) -> None:
    """Change the banking PIN of CONNECTION in the bank's form; it never comes here."""
    from faktura.flows.bank_feeds import begin_update
    from faktura.kernel.bank_terms import FeedTaskKind
    from faktura.plugin import FormRequest
    from faktura.services.named_connection import named_connection

    with running() as app:
        desk = desk_of(app, tenant)
        with app.database.read(desk.tenant.id) as tx:
            wanted = named_connection(tx, connection)
        begun = begin_update(
            desk, wanted, FormRequest(language=lang), operator(), FeedTaskKind.CREDENTIALS
        )
        errand = carried_out(desk, begun, waits=not no_wait, as_json=as_json)
    show_errand(errand, as_json=as_json, waited=not no_wait)


@click.command()
@connection_argument
@tenant_option
@json_option
def disconnect(*, connection: str, tenant: str | None, as_json: bool) -> None:
    """Delete CONNECTION at the feed with all it keeps of it; what it brought stays here."""
    from faktura.flows import bank_feeds
    from faktura.services.named_connection import named_connection

    with running() as app:
        desk = desk_of(app, tenant)
        with app.database.read(desk.tenant.id) as tx:
            wanted = named_connection(tx, connection)
        asyncio.run(bank_feeds.disconnect(desk, wanted))
    print_record({"id": str(wanted), "disconnected": True}, as_json=as_json)
