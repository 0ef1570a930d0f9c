"""faktura contracts pause, resume, day: contracts that rest, end and are renewed."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, say
from faktura.cli.session import running

_subscription_option = click.option(
    "--subscription",
    type=int,
    metavar="NO",
    help="Only this subscription, counted from 1; all if left out.",
)


@click.command("pause")
@click.argument("number")
@click.option("--from", "start", required=True, metavar="YYYY-MM-DD", help="First day of rest.")
@click.option("--until", metavar="YYYY-MM-DD", help="First day of service again, if known.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it rests.")
@_subscription_option
@tenant_option
def pause_command(
    *,
    number: str,
    start: str,
    until: str | None,
    reason: str,
    subscription: int | None,
    tenant: str | None,
) -> None:
    """Let a contract rest: no period starts in a pause, what is billed stays billed (F030)."""
    from faktura.domain.pauses import Pause
    from faktura.kernel.periods import date_from_text
    from faktura.services.pausing import pause_subscription

    first = date_from_text(start, field="--from")
    end = None if until is None else date_from_text(until, field="--until")
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            pause_subscription(
                tx, seller, number, Pause(first, end, reason), subscription=subscription
            )
    say(f"Paused: {number} from {first}{'' if end is None else f' until {end}'}.", as_json=False)


@click.command("resume")
@click.argument("number")
@click.option("--on", required=True, metavar="YYYY-MM-DD", help="First day of service again.")
@_subscription_option
@tenant_option
def resume_command(*, number: str, on: str, subscription: int | None, tenant: str | None) -> None:
    """End the open pause of a contract; the rest of a period is billed as its article says."""
    from faktura.kernel.periods import date_from_text
    from faktura.services.pausing import resume_subscription

    day = date_from_text(on, field="--on")
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            resume_subscription(tx, seller, number, on=day, subscription=subscription)
    say(f"Resumed: {number} on {day}.", as_json=False)


@click.command("day")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Settle as of this day; today.")
@tenant_option
@json_option
def day_command(*, day: str | None, tenant: str | None, as_json: bool) -> None:
    """End contracts that are over and record renewals; a worker does so every night."""
    from faktura.flows.contract_day import settle_day
    from faktura.kernel.clock import local_date
    from faktura.kernel.periods import date_from_text
    from faktura.services.billing_runs import check_run_date

    with running() as app:
        seller = app.tenant(tenant)
        today = local_date(app.clock, seller.time_zone)
        on = today if day is None else date_from_text(day, field="--date")
        check_run_date(on, today, field="--date")
        receipt = settle_day(app.database, seller, on)
    if as_json:
        print_json({"date": on, "ended": receipt.ended, "renewed": receipt.renewed})
        return
    say(f"{on}: {receipt.ended} ended, {receipt.renewed} renewed.", as_json=False)
