"""faktura db sandbox-copy: a tenant without personal data, to try things on."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, progress, say
from faktura.cli.session import running


@click.command("sandbox-copy")
@tenant_option
@click.option("--to", "url", required=True, metavar="URL", help="The database that gets the copy.")
@click.option("--as", "key", metavar="KEY", help="The sandbox's key; otherwise KEY-sandbox.")
@json_option
def sandbox_copy(*, tenant: str | None, url: str, key: str | None, as_json: bool) -> None:
    """Copy a tenant's customers and contracts as a sandbox, without personal data.

    Names, addresses, mails, IBANs, VAT ids and all texts are replaced; countries, VAT cases, terms,
    prices, discounts and what is billed until when stay. What is open is brought forward. Documents,
    journal, means of payment, secrets and users are not copied. Bills as the tenant would:

        faktura db sandbox-copy --tenant werk --to sqlite:///sandbox.db

        FAKTURA_DATABASE_URL=sqlite:///sandbox.db faktura simulate --tenant werk-sandbox --days 90
    """
    from faktura.flows.sandbox_copying import copy_to_sandbox
    from faktura.kernel.ids import Uuid7Source
    from faktura.store.database import open_database
    from faktura.store.two_databases import naming_target

    with running() as app:
        own = app.tenant(tenant)
        with naming_target():
            target = open_database(url, app.clock, Uuid7Source(app.clock))
        try:
            with progress("Copying customers", None) as advance:
                copied = copy_to_sandbox(
                    app.database, own.id, target, key or f"{own.key}-sandbox", done=advance
                )
        finally:
            target.close()
    if as_json:
        print_record(
            {
                "tenant": copied.key,
                "customers": copied.customers,
                "contracts": copied.contracts,
                "periods": copied.periods,
                "openItems": copied.openings,
            },
            as_json=True,
        )
        return
    say(
        f"{copied.key}: {copied.customers} customers, {copied.contracts} contracts,"
        f" {copied.periods} billed periods, {copied.openings} open items.",
        as_json=False,
    )
    say("Documents, journal, means of payment, secrets and users were not copied.", as_json=False)
