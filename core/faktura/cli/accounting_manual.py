"""faktura accounting post and reverse: entries by hand, and taking them back."""

from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, day
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.terms import Side

if TYPE_CHECKING:
    from faktura.services.manual_entries import ManualLine, PostedByHand


@click.command()
@click.argument("reference")
@click.option("--date", "on", metavar=DAY, required=True, help="The value date.")
@click.option("--text", required=True, help="What is booked.")
@click.option("--debit", nargs=2, multiple=True, metavar="ACCOUNT AMOUNT", help="May be repeated.")
@click.option("--credit", nargs=2, multiple=True, metavar="ACCOUNT AMOUNT", help="May be repeated.")
@click.option("--cost-centre", metavar="NAME", help="The cost centre of all lines.")
@click.option("--cost-object", metavar="NAME", help="The cost object of all lines.")
@click.option("--currency", metavar="ISO", help="The tenant's where it is left out.")
@tenant_option
@json_option
def post(  # noqa: PLR0913 - a command's options are its parameters
    *,
    reference: str,
    on: str,
    text: str,
    debit: tuple[tuple[str, str], ...],
    credit: tuple[tuple[str, str], ...],
    cost_centre: str | None,
    cost_object: str | None,
    currency: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Post an entry by hand, once for REFERENCE: the same again changes nothing.

    Its debits are its credits: `--debit 4970 12.50 --credit 1200 12.50`.
    """
    from faktura.kernel.periods import date_from_text
    from faktura.services.manual_entries import ManualEntry, post_manual

    lines = [
        _line(side, account, amount, cost_centre, cost_object)
        for side, given in ((Side.DEBIT, debit), (Side.CREDIT, credit))
        for account, amount in given
    ]
    value_date = date_from_text(on, field="--date")
    wanted = ManualEntry(reference, value_date, text, lines, operator(), currency)
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        done = post_manual(tx, wanted)
    _show(done, as_json=as_json)


def _line(
    side: Side, account: str, amount: str, cost_centre: str | None, cost_object: str | None
) -> "ManualLine":
    from faktura.kernel.decimals import decimal_from_text
    from faktura.services.manual_entries import ManualLine

    exact = decimal_from_text(amount, field=f"account {account}")
    return ManualLine(account, side, exact, cost_centre, cost_object)


@click.command()
@click.argument("key")
@click.option("--reason", required=True, help="Why it is taken back.")
@click.option("--date", "on", metavar=DAY, help="From which day on; today if left out.")
@tenant_option
@json_option
def reverse(*, key: str, reason: str, on: str | None, tenant: str | None, as_json: bool) -> None:
    """Take the entry KEY back that was posted by hand; it stays readable.

    KEY is as `journal` shows it, e.g. man:2026-17, or the reference alone.
    """
    from faktura.kernel.clock import local_date
    from faktura.services.entry_reversals import Reversing, reverse_entry

    with running() as app:
        seller = app.tenant(tenant)
        chosen = day(on, "--date") or local_date(app.clock, seller.time_zone)
        with app.database.write(seller.id) as tx:
            done = reverse_entry(tx, key, Reversing(chosen, reason, operator()))
    _show(done, as_json=as_json)


def _show(done: "PostedByHand", *, as_json: bool) -> None:
    entry = done.entry
    record = {
        "key": entry.key,
        "seq": entry.seq,
        "valueDate": entry.value_date,
        "bookedOn": entry.booked_on,
        "isLate": done.is_late,
        "isNew": done.is_new,
    }
    print_record(record, as_json=as_json)
