"""faktura letters: what a customer is written besides invoices."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.flows.letters import Letter, Letters

_DAY = "YYYY-MM-DD"

_CURRENCY = click.option(
    "--currency", metavar="CODE", help="Which account; needed where there are several."
)
_OUT = click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file to write."
)


@click.group()
def letters() -> None:
    """Write account statements and reminders."""


@letters.command()
@click.argument("customer")
@click.option("--from", "first", required=True, metavar=_DAY, help="The first day.")
@click.option("--until", "last", required=True, metavar=_DAY, help="The last day, inclusive.")
@_CURRENCY
@_OUT
@tenant_option
@json_option
def statement(  # noqa: PLR0913 - a command's options are its parameters
    *,
    customer: str,
    first: str,
    last: str,
    currency: str | None,
    out: Path,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Write the account of a CUSTOMER between two days, by value date, as PDF."""
    from faktura.flows.letters import statement_letter
    from faktura.kernel.periods import date_from_text
    from faktura.services.account_statement import AskedStatement

    asked = AskedStatement(
        customer,
        date_from_text(first, field="--from"),
        date_from_text(last, field="--until"),
        currency,
    )
    with running() as app:
        letter = statement_letter(_letters(app, tenant), asked)
    _write(letter, out, as_json=as_json)


@letters.command()
@click.argument("customer")
@click.option(
    "--level",
    type=int,
    default=0,
    show_default=True,
    help="0 is a reminder to pay, 1 to 3 are dunning levels.",
)
@click.option("--on", metavar=_DAY, help="The letter's day; today if left out.")
@click.option("--pay-by", metavar=_DAY, help="The last day to pay; seven days later if left out.")
@_CURRENCY
@_OUT
@tenant_option
@json_option
def reminder(  # noqa: PLR0913 - a command's options are its parameters
    *,
    customer: str,
    level: int,
    on: str | None,
    pay_by: str | None,
    currency: str | None,
    out: Path,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Remind a CUSTOMER of what is overdue, as PDF; nothing is booked and no level changes."""
    from faktura.flows.letters import reminder_letter
    from faktura.kernel.periods import date_from_text
    from faktura.services.reminders import AskedReminder

    asked = AskedReminder(
        customer,
        level,
        None if on is None else date_from_text(on, field="--on"),
        None if pay_by is None else date_from_text(pay_by, field="--pay-by"),
        currency,
    )
    with running() as app:
        letter = reminder_letter(_letters(app, tenant), asked)
    _write(letter, out, as_json=as_json)


def _letters(app: "App", key: str | None) -> "Letters":
    from faktura.flows.letters import Letters

    tenant = app.tenant(key)
    return Letters(app.database, app.adapters.formats(tenant.id), tenant)


def _write(letter: "Letter", out: Path, *, as_json: bool) -> None:
    from faktura.flows.files import write_whole

    write_whole(out, letter.content)
    print_record(
        {"out": str(out), "mediaType": letter.media_type, "bytes": len(letter.content)},
        as_json=as_json,
    )
