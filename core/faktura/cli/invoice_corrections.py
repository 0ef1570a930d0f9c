"""faktura invoices: cancel, rebill and correct documents, set them unpaid (F064-F066)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import say
from faktura.cli.session import running

if TYPE_CHECKING:
    from datetime import date

    from faktura.domain.line_parts import LinePart
    from faktura.kernel.terms import DocumentKind
    from faktura.services.issuing import Desk
    from faktura.store.transaction import Tx

_PARTS = ("amount", "quantity", "percent")

date_option = click.option(
    "--date", "day", metavar="YYYY-MM-DD", help="Date of the new documents; today."
)


def part_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how much of which line is taken back."""
    helps = {
        "amount": "So much of the line's net; may be repeated.",
        "quantity": "So many units of the line; may be repeated.",
        "percent": "So many per cent of the line's net; may be repeated.",
    }
    for name in reversed(_PARTS):
        command = click.option(
            f"--{name}", nargs=2, multiple=True, metavar="LINE VALUE", help=helps[name]
        )(command)
    return click.option(
        "--line",
        "lines",
        multiple=True,
        type=int,
        help="All that is left of the line; may be repeated.",
    )(command)


def line_parts(lines: tuple[int, ...], given: dict[str, Any]) -> tuple["LinePart", ...]:
    """What the options say; raises what is no number or decimal."""
    from faktura.domain.line_parts import LinePart
    from faktura.kernel.decimals import decimal_from_text

    parts = [LinePart(no) for no in lines]
    for name in _PARTS:
        for no, value in given[name]:
            if not no.isdecimal():
                raise click.BadParameter(f"“{no}” is not a line", param_hint=f"--{name}")
            found = {name: decimal_from_text(value, field=f"--{name}")}
            parts.append(LinePart(int(no), **found))
    return tuple(parts)


def day_of(text: str | None) -> "date | None":
    """The day of an option; raises DateUnreadable."""
    from faktura.kernel.periods import date_from_text

    return None if text is None else date_from_text(text, field="--date")


@contextmanager
def at_desk(tenant: str | None) -> Iterator[tuple["Tx", "Desk"]]:
    """A transaction that issues documents."""
    from faktura.services.issuing import Desk

    with running() as app:
        seller = app.tenant(tenant)
        desk = Desk(seller, app.adapters.formats(seller.id))
        with app.database.write(seller.id) as tx:
            yield tx, desk


def again_sentence(kind: "DocumentKind", *, give_away: bool) -> str:
    """What becomes of the services that a cancelled document billed (F064)."""
    if kind == "DEPOSIT":
        return "The deposit is asked for no more."
    if give_away:
        return "What it billed counts as billed for nothing: no run bills it again."
    if kind == "FINAL":
        return "What it billed waits for another final invoice; interim billing takes it as well."
    return "What it billed waits: the next run bills it again, interim billing what is manual."


@click.command("cancel")
@click.argument("number")
@date_option
@click.option("--reason", default="", help="Printed on the cancellation.")
@click.option(
    "--give-away", is_flag=True, help="Count as billed for nothing; else it is billed again."
)
@tenant_option
@json_option
def cancel_command(
    *,
    number: str,
    day: str | None,
    reason: str,
    give_away: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Take an invoice back whole; what it billed waits for the next run."""
    from faktura.cli.invoice_acts import Issued
    from faktura.services.cancelling import Cancelling, cancel_invoice
    from faktura.store.documents import read_document

    given = Cancelling(day_of(day), reason, not give_away)
    with at_desk(tenant) as (tx, desk):
        done = Issued(tx, [cancel_invoice(tx, desk, number, given)])
        kind = read_document(tx, number).kind
    done.tell(again_sentence(kind, give_away=give_away), as_json=as_json)


@click.command("rebill")
@click.argument("number")
@date_option
@click.option("--reason", default="", help="Printed on the cancellation.")
@tenant_option
@json_option
def rebill_command(
    *, number: str, day: str | None, reason: str, tenant: str | None, as_json: bool
) -> None:
    """Cancel an invoice and issue it anew at once, from the data of today."""
    from faktura.cli.invoice_acts import Issued
    from faktura.services.cancelling import Cancelling
    from faktura.services.rebilling import rebill_invoice

    given = Cancelling(day_of(day), reason)
    with at_desk(tenant) as (tx, desk):
        done = Issued(tx, rebill_invoice(tx, desk, number, given))
    done.tell(as_json=as_json)


@click.command("correct")
@click.argument("number")
@part_options
@click.option("--reason", required=True, help="Printed on the correction.")
@date_option
@tenant_option
@json_option
def correct_command(
    *,
    number: str,
    lines: tuple[int, ...],
    reason: str,
    day: str | None,
    tenant: str | None,
    as_json: bool,
    **parts: Any,
) -> None:
    """Take parts of an invoice back; what it billed stays billed, for less."""
    from faktura.cli.invoice_acts import Issued
    from faktura.services.correcting import Correcting, correct_invoice

    given = Correcting(line_parts(lines, parts), reason, day_of(day))
    with at_desk(tenant) as (tx, desk):
        done = Issued(tx, [correct_invoice(tx, desk, number, given)])
    done.tell("What it billed stays billed, for less.", as_json=as_json)


@click.command("set-unpaid")
@click.argument("number")
@click.option("--reason", required=True, help="Kept with the bank movements.")
@date_option
@tenant_option
def set_unpaid_command(*, number: str, reason: str, day: str | None, tenant: str | None) -> None:
    """Take back every payment of a document; bank movements that paid it wait again."""
    from faktura.kernel.clock import local_date
    from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid
    from faktura.store.invoice_details import invoice_details

    with at_desk(tenant) as (tx, desk):
        today = local_date(tx.clock, desk.tenant.time_zone)
        given = SettingUnpaid(reason, day_of(day) or today)
        numbers = set_unpaid(tx, desk.tenant, number, given)
        rests = [f"{one} ({invoice_details(tx, one, None).open} open)" for one in numbers]
    say(
        f"Unpaid again: {', '.join(rests)}. Bank movements that paid them wait again.",
        as_json=False,
    )
