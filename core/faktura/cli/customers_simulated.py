"""faktura customers simulate-date: a day of their own for a sandbox's customer."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, say
from faktura.cli.session import running


@click.command("simulate-date")
@click.argument("number")
@click.argument("day", required=False, metavar="DATE")
@click.option("--take-back", is_flag=True, help="Let the customer live on the real day again.")
@tenant_option
@json_option
def simulate_date_command(
    *, number: str, day: str | None, take_back: bool, tenant: str | None, as_json: bool
) -> None:
    """Let customer NUMBER of a sandbox go forward to DATE, and do what would have come by then.

    Due contracts are billed, renewed and ended, overdue documents dunned, day by day; all other customers
    stay where they are.
    """
    from faktura.flows.simulated_date import simulate_date
    from faktura.kernel.periods import date_from_text
    from faktura.services.simulated_dates import take_back as taken_back

    if (day is None) is not take_back:
        raise click.UsageError("Give a DATE, or --take-back.")
    with running() as app:
        owner = app.tenant(tenant)
        if day is None:
            with app.database.write(owner.id) as tx:
                taken_back(tx, owner, number)
            say(f"{number} lives on the real day again.", as_json=as_json)
            return
        formats = app.adapters.formats(owner.id)
        to = date_from_text(day, field="DATE")
        done = simulate_date(app.database, owner, formats, number, to)
    print_record(
        {
            "customerNumber": done.number,
            "simulatedDate": done.on,
            "invoices": done.documents,
            "quarantined": done.quarantined,
            "ended": done.ended,
            "renewed": done.renewed,
            "dunningNotices": done.notices,
        },
        as_json=as_json,
    )
