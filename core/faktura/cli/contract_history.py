"""faktura contracts history, move-invoice-date: what happened, and what is put off (F036)."""

from collections.abc import Iterator, Mapping

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, say, shown
from faktura.cli.session import running
from faktura.kernel.contract_terms import InvoiceDateReason


@click.command("history")
@click.argument("number")
@tenant_option
@json_option
def history_command(*, number: str, tenant: str | None, as_json: bool) -> None:
    """List what happened to a contract, in order."""
    from faktura.kernel.clock import zone
    from faktura.services.contract_history import contract_history

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = contract_history(tx, number)
    local = zone(seller.time_zone)
    if as_json:
        print_json(
            [
                {
                    "sequence": one.sequence,
                    "type": one.type,
                    "occurredAt": one.occurred_at,
                    "data": one.data,
                }
                for one in found
            ]
        )
        return
    records = [
        {
            "no": one.sequence,
            "when": f"{one.occurred_at.astimezone(local):%Y-%m-%d %H:%M}",
            "what": one.type,
            "details": "; ".join(_details(one.data)),
        }
        for one in found
    ]
    print_records(records, columns=("no", "when", "what", "details"), as_json=False)


# Who asks for a contract knows these of it.
_KNOWN = frozenset({"number", "customerNumber"})


def _details(data: Mapping[str, object]) -> Iterator[str]:
    """What an event says besides which contract it is of; what is empty is left out."""
    for name, value in data.items():
        if name in _KNOWN or value in (None, "", [], False):
            continue
        yield f"{name} {shown(value)}"


@click.command("move-invoice-date")
@click.argument("number")
@click.option("--to", "day", metavar="YYYY-MM-DD", help="Bill nothing before it; lifted without.")
@click.option("--reason", type=click.Choice(list(InvoiceDateReason)), required=True)
@click.option("--text", required=True, help="The reason in words; it is kept for ever.")
@tenant_option
@json_option
def move_invoice_date_command(
    *,
    number: str,
    day: str | None,
    reason: str,
    text: str,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Put off the next invoice of a contract by hand, or lift that again (F036)."""
    from faktura.kernel.clock import local_date
    from faktura.kernel.periods import date_from_text
    from faktura.services.invoice_dates import InvoiceDateMove, move_invoice_date

    wanted = None if day is None else date_from_text(day, field="--to")
    with running() as app:
        seller = app.tenant(tenant)
        today = local_date(app.clock, seller.time_zone)
        with app.database.write(seller.id) as tx:
            move = InvoiceDateMove(wanted, InvoiceDateReason(reason), text)
            changed = move_invoice_date(tx, seller, number, move, today)
    if as_json:
        print_json({"contractNumber": changed.number, "notBefore": changed.invoice_not_before})
        return
    until = changed.invoice_not_before
    told = "is due by itself again" if until is None else f"is not billed before {until}"
    say(f"{changed.number} {told}.", as_json=False)
