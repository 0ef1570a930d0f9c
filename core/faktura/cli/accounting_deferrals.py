"""faktura accounting deferral, release, deferrals: revenue that later months earn (F108)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, day
from faktura.cli.deferral_methods import Method
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator

if TYPE_CHECKING:
    from faktura.services.deferral_reports import OpenDeferral

_COLUMNS = ("number", "customer", "deferred", "released", "open", "currency", "until")
_UNPAID = ("unpaid", "notReceived")


@click.group()
def deferral() -> None:
    """Show and set how revenue is deferred."""


@deferral.command("set")
@click.option(
    "--method",
    required=True,
    type=Method(["NONE", "DAY", "MONTH", "HALF_MONTH"]),
    help="How a service period is spread over its months; NONE defers nothing.",
)
@click.option(
    "--since", metavar=DAY, help="Documents dated before are left out; none if not given."
)
@click.option(
    "--threshold",
    default="0",
    show_default=True,
    metavar="AMOUNT",
    help="Lines of a smaller net amount are not deferred (EStG § 5 (5)).",
)
@tenant_option
@json_option
def set_policy(
    *, method: str, since: str | None, threshold: str, tenant: str | None, as_json: bool
) -> None:
    """Set how revenue is deferred from now on.

    Documents issued before stay as they are, deferred or not.
    """
    from faktura.domain.deferral import DeferralPolicy
    from faktura.kernel.accounting_terms import DeferralMethod
    from faktura.kernel.decimals import decimal_from_text
    from faktura.services.deferral_policy import policy_data, set_deferral

    policy = DeferralPolicy(
        DeferralMethod(method),
        day(since, "--since"),
        decimal_from_text(threshold, field="--threshold"),
    )
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        set_deferral(tx, policy, by=operator())
    print_record(policy_data(policy), as_json=as_json)


@deferral.command()
@tenant_option
@json_option
def show(*, tenant: str | None, as_json: bool) -> None:
    """Show how revenue is deferred."""
    from faktura.services.deferral_policy import policy_data
    from faktura.store.tenants import read_tenant

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        policy = read_tenant(tx).deferral
    print_record(policy_data(policy), as_json=as_json)


@click.command()
@click.option(
    "--through",
    metavar="YYYY-MM",
    help="Up to this month; the last one that is over. This month can be named on its last day.",
)
@tenant_option
@json_option
def release(*, through: str | None, tenant: str | None, as_json: bool) -> None:
    """Post what is deferred and what is released by month; what is posted already stays."""
    from faktura.flows.accounting_day import release_deferrals
    from faktura.kernel.periods import month_from_text
    from faktura.store.tenants import read_tenant

    month = None if through is None else month_from_text(through, field="--through")
    with running() as app:
        with app.database.read(app.tenant_id(tenant)) as tx:
            own = read_tenant(tx)
        done = release_deferrals(app.database, own, month)
    if as_json:
        record = {"through": f"{done.through:%Y-%m}", "posted": done.entries, "drafts": done.drafts}
        print_record(record, as_json=True)
        return
    waiting = f", {done.drafts} wait for an account" if done.drafts else ""
    say(f"Up to {done.through:%Y-%m}: {done.entries} entries posted{waiting}.", as_json=False)


@click.command()
@click.option(
    "--at", "on", metavar=DAY, help="As of the last month that is over on this day; today."
)
@click.option("--customer", metavar="NUMBER", help="Only of this customer.")
@click.option(
    "--unpaid", is_flag=True, help="Only of invoices not fully paid then (HGB § 250 (2))."
)
@tenant_option
@json_option
def deferrals(
    *, on: str | None, customer: str | None, unpaid: bool, tenant: str | None, as_json: bool
) -> None:
    """Show what is deferred of each document."""
    from faktura.kernel.clock import local_date
    from faktura.services.deferral_reports import ReportQuery, open_deferrals, unpaid_deferrals
    from faktura.store.tenants import read_tenant

    at = day(on, "--at")
    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        today = local_date(tx.clock, read_tenant(tx).time_zone)
        wanted = ReportQuery(at or today, customer)
        if unpaid:
            records = [
                {
                    **_row(one.deferral),
                    "unpaid": one.unpaid.decimal,
                    "notReceived": one.not_received.decimal,
                }
                for one in unpaid_deferrals(tx, wanted)
            ]
        else:
            records = [_row(one) for one in open_deferrals(tx, wanted)]
    print_records(
        records,
        columns=(*_COLUMNS, *_UNPAID) if unpaid else _COLUMNS,
        as_json=as_json,
        nothing="Nothing is deferred.",
    )


def _row(found: "OpenDeferral") -> dict[str, object]:
    return {
        "number": found.number,
        "kind": found.kind,
        "customer": found.customer_number,
        "name": found.customer_name,
        "date": found.issued_on,
        "deferred": found.deferred.decimal,
        "released": found.released.decimal,
        "open": found.open.decimal,
        "currency": found.open.currency,
        "until": found.until,
    }
