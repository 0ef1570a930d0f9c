"""faktura dunning base-rates: the rates that interest by law is reckoned with."""

import click

from faktura.cli.days import DAY
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator


@click.group("base-rates")
def base_rates() -> None:
    """List base rates of § 247 BGB, and add those that were announced since."""


@base_rates.command("list")
@tenant_option
@json_option
def list_rates(*, tenant: str | None, as_json: bool) -> None:
    """List the rates that are known, oldest first."""
    from faktura.domain.base_rates import half_year_after
    from faktura.kernel.clock import local_date
    from faktura.services.base_rates import base_rates as known

    with running() as app:
        seller = app.tenant(tenant)
        today = local_date(app.clock, seller.time_zone)
        with app.database.read(seller.id) as tx:
            rates = known(tx)
    rows = [
        {"validFrom": start, "percent": str(percent), "source": "faktura" if ships else "tenant"}
        for start, percent, ships in rates.all()
    ]
    print_records(rows, columns=("validFrom", "percent", "source"), as_json=as_json)
    known_from = [start for start, _, _ in rates.all()]
    missing = known_from[0]
    while missing in known_from:
        missing = half_year_after(missing)
    if missing <= half_year_after(today):
        say(f"The next to add: faktura dunning base-rates add {missing} PERCENT", as_json=as_json)


@base_rates.command()
@click.argument("start", metavar=DAY)
@click.argument("percent", metavar="PERCENT")
@tenant_option
@json_option
def add(*, start: str, percent: str, tenant: str | None, as_json: bool) -> None:
    """Add the rate announced from 1 January or 1 July, such as 2027-01-01 1.27."""
    from faktura.kernel.decimals import decimal_from_text
    from faktura.kernel.periods import date_from_text
    from faktura.services.base_rates import add_base_rate

    since = date_from_text(start, field="validFrom")
    rate = decimal_from_text(percent, field="percent")
    with running() as app, app.database.write(app.tenant(tenant).id) as tx:
        add_base_rate(tx, since, rate, by=operator())
    print_record({"validFrom": since, "percent": str(rate)}, as_json=as_json)
