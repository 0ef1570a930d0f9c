"""faktura vat-ids: checks of customers' VAT ids, now and by rule (F120)."""

import json
from typing import TYPE_CHECKING

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.vat_terms import VatCheckResult

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from faktura.domain.tenants import Tenant
    from faktura.services.vat_policies import VatPolicyChange
    from faktura.store.vat_checks import VatCheck

_RESULTS = [word.value.lower() for word in VatCheckResult]
_COLUMNS = ["checkedAt", "customerNumber", "vatId", "result", "differs", "reference", "problem"]


@click.group("vat-ids")
def vat_ids() -> None:
    """Check VAT ids of customers in other member states."""


@vat_ids.command()
@click.argument("customer")
@tenant_option
@json_option
def check(*, customer: str, tenant: str | None, as_json: bool) -> None:
    """Check the VAT id of a CUSTOMER now; the answer is kept and stands on its next invoices."""
    import asyncio

    from faktura.flows.vat_checks import check_vat_id
    from faktura.services.vat_records import vat_check_record

    with running() as app:
        seller = app.tenant(tenant)
        done = asyncio.run(check_vat_id(app.database, app.adapters, seller.id, customer))
    record = vat_check_record(done)
    if not as_json:
        record |= _for_people(done, seller)
    print_record(record, as_json=as_json)


def _for_people(check: "VatCheck", seller: "Tenant") -> dict[str, object]:
    """The fields of a check that people read in other words than scripts do."""
    matches: dict[str, str] = json.loads(check.matches)
    return {
        "matches": [f"{name} {match}" for name, match in matches.items()],
        "checkedAt": local_minute(check.checked_at, seller.time_zone),
    }


@vat_ids.command("list")
@click.option("--customer", help="Only those of a customer.")
@click.option(
    "--result", type=click.Choice(_RESULTS, case_sensitive=False), help="Only those with it."
)
@click.option("--differs", is_flag=True, help="Only those in which name or address differ.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@tenant_option
@json_option
def list_(
    *,
    customer: str | None,
    result: str | None,
    differs: bool,
    limit: int,
    tenant: str | None,
    as_json: bool,
) -> None:
    """List checks, the newest first."""
    from faktura.services.vat_records import vat_check_record
    from faktura.store.customers import read_customer
    from faktura.store.vat_checks import list_checks

    word = None if result is None else VatCheckResult(result.upper())
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            if customer is not None:
                read_customer(tx, customer)
            found = list_checks(
                tx, customer_number=customer, result=word, differs=differs, limit=limit
            )
    people = not as_json
    narrowed = differs or customer is not None or word is not None
    print_records(
        [vat_check_record(one) | (_for_people(one, seller) if people else {}) for one in found],
        columns=_COLUMNS,
        as_json=as_json,
        nothing="No such check." if narrowed else "Nothing was checked yet.",
    )


@vat_ids.command()
@tenant_option
def due(*, tenant: str | None) -> None:
    """Put in the checks that are due now; a worker does them, as it does each night."""
    from faktura.flows.vat_checks import ask_what_is_due

    with running() as app:
        count = ask_what_is_due(app.database, app.adapters, app.tenant_id(tenant))
    checks = "1 check was" if count == 1 else f"{count} checks were"
    say(f"{checks} put in.", as_json=False)


@vat_ids.command()
@click.option("--checker", help="Who is asked, e.g. vies; none: nobody.")
@click.option("--every-days", type=click.IntRange(1, 730), help="A valid id is asked anew after.")
@click.option(
    "--qualified/--plain",
    default=None,
    help="Whether name and address are compared as well; needs the tenant's own VAT id.",
)
@tenant_option
@json_option
def policy(*, tenant: str | None, as_json: bool, **change: "Unpack[VatPolicyChange]") -> None:
    """Show how VAT ids are checked; options that are given are set first."""
    from faktura.services.vat_policies import change_vat_policy, vat_policy_record

    with running() as app:
        seller = app.tenant(tenant)
        shown = seller.vat_checks
        if any(given is not None for given in change.values()):
            offered = app.adapters.vat_checkers()
            with app.database.write(seller.id) as tx:
                shown = change_vat_policy(tx, change, offered=offered, by=operator())
    print_record(vat_policy_record(shown), as_json=as_json)
