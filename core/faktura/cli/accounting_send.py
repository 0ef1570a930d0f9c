"""faktura accounting send, transfers: batches handed over to a linked accounting system."""

import asyncio
from typing import TYPE_CHECKING

import click

from faktura.cli.accounting_exports import warnings_of
from faktura.cli.accounting_link import linked_to
from faktura.cli.days import DAY, check_order, day
from faktura.cli.export_options import export_options
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, progress, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.domain.tenants import Tenant
    from faktura.plugin import ExportOptions
    from faktura.services.exports import ExportRequest

_COLUMNS = ("batch", "file", "state", "sent_at", "check_after", "message")
_USAGE = "give --from and --to, or --batch or --again alone"
_NUMBER = click.IntRange(1, 10**9)


@click.command()
@click.argument("target")
@click.option("--from", "start", metavar=DAY, help="First accounting date.")
@click.option("--to", "end", metavar=DAY, help="Last accounting date.")
@click.option("--batch", "number", type=_NUMBER, help="Go on with this batch.")
@click.option("--again", type=_NUMBER, help="Hand over once more what was accepted, on purpose.")
@export_options
@tenant_option
@json_option
def send(  # noqa: PLR0913 - a command's options are its parameters
    *,
    target: str,
    start: str | None,
    end: str | None,
    number: int | None,
    again: int | None,
    options: "ExportOptions",
    without_drafts: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Hand what was never exported over to TARGET: documents first, then the files.

    A result comes later: a job asks for it, and `faktura accounting transfers` shows it. What an
    outage cuts off goes on in the background.
    """
    from faktura.services.exports import ExportRequest

    first, last = day(start, "--from"), day(end, "--to")
    if sum(one is not None for one in (first or last, number, again)) != 1:
        raise click.UsageError(_USAGE)
    request = None
    if first is not None and last is not None:
        check_order(first, last)
        request = ExportRequest(first, last, options, without_drafts)
    elif first is not None or last is not None:
        raise click.UsageError(_USAGE)
    with running() as app, progress("Sending", None):
        seller = app.tenant(tenant)
        chosen = again or number
        warnings: list[str] = []
        if request is not None:
            chosen, warnings = _batch_of(app, seller, target, request)
        elif again is not None:
            _repeat(app, seller, target, again)
        state = None if chosen is None else _sent(app, seller, target, chosen)
    print_record({"target": target, "batch": chosen, "state": state}, as_json=as_json)
    if chosen is None:
        say(f"Nothing to send to {target}: no entry of these days is left.", as_json=as_json)
    for warning in warnings:
        say(warning, as_json=as_json)


def _batch_of(
    app: "App", seller: "Tenant", target: str, request: "ExportRequest"
) -> tuple[int | None, list[str]]:
    from faktura.flows.sending import export_to_send

    exporter = app.adapters.exporter(seller.id, target)
    receipt = export_to_send(app.database, app.content, seller, exporter, request)
    number = None if receipt.batch is None else receipt.batch.number
    return number, warnings_of(receipt.waiting)


def _repeat(app: "App", seller: "Tenant", target: str, number: int) -> None:
    from faktura.services.handovers import repeat_handover

    with app.database.write(seller.id) as tx:
        repeat_handover(tx, target, number)


def _sent(app: "App", seller: "Tenant", target: str, number: int) -> str:
    from faktura.flows.documents import Documents
    from faktura.flows.handovers import Handing
    from faktura.flows.sending import send_or_go_on_later

    formats = app.adapters.formats(seller.id)
    documents = Documents(app.database, app.content, formats, seller)
    handing = Handing(linked_to(app, seller.id, target), documents, number)
    return asyncio.run(send_or_go_on_later(handing))


@click.command()
@click.argument("target", required=False)
@click.option("--check", "checked", type=_NUMBER, help="First ask for the results of this batch.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@tenant_option
@json_option
def transfers(
    *, target: str | None, checked: int | None, limit: int, tenant: str | None, as_json: bool
) -> None:
    """Show what became of files that were handed over, the newest batch first."""
    from faktura.flows.handovers import ask_for_results
    from faktura.store.export_transfers import list_transfers

    if checked is not None and target is None:
        raise click.UsageError("--check needs a TARGET")
    with running() as app:
        tenant_id = app.tenant_id(tenant)
        if checked is not None and target is not None:
            linked = linked_to(app, tenant_id, target)
            asyncio.run(ask_for_results(linked, checked, at_once=True))
        with app.database.read(tenant_id) as tx:
            records = [
                {
                    "target": one.target,
                    "batch": one.batch,
                    "file": one.file + 1,
                    "state": one.state,
                    "reference": one.reference,
                    "job": one.job,
                    "sent_at": one.sent_at,
                    "checked_at": one.checked_at,
                    "check_after": one.check_after,
                    "message": one.message or None,
                }
                for one in list_transfers(tx, target, limit)
            ]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="Nothing was handed over.")
