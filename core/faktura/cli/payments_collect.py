"""faktura payments collect, resolve, retry: ask providers for what is due, once."""

import asyncio
from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, day
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, progress, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from collections import Counter

    from faktura.bootstrap import App
    from faktura.domain.tenants import Tenant
    from faktura.flows.collecting import Collected, Till, Wanted
    from faktura.services.attempts import Left, Opened

_METHODS = ("SEPA_DEBIT", "CARD", "PAYPAL")


@click.command("collect")
@click.option("--date", "on", metavar=DAY, help="Collect what is due by this day; today.")
@click.option(
    "--method", type=click.Choice(_METHODS, case_sensitive=False), help="Only what is paid so."
)
@click.option("--dry-run", is_flag=True, help="Show what would be tried; ask nobody.")
@tenant_option
@json_option
def collect_command(
    *, on: str | None, method: str | None, dry_run: bool, tenant: str | None, as_json: bool
) -> None:
    """Collect all that is due and not under way.

    Running it again charges nothing twice.
    """
    from faktura.flows.collecting import Wanted, plan
    from faktura.kernel.clock import local_date
    from faktura.kernel.terms import PaymentMethod

    with running() as app:
        till = _till(app, app.tenant(tenant))
        wanted = Wanted(
            day(on, "--date") or local_date(app.clock, till.tenant.time_zone),
            None if method is None else PaymentMethod(method.upper()),
        )
        if dry_run:
            _show_plan(asyncio.run(plan(till, wanted)), as_json=as_json)
            return
        done = _collected(till, wanted, as_json=as_json)
    _show(done, as_json=as_json)


@click.command("resolve")
@tenant_option
@json_option
def resolve_command(*, tenant: str | None, as_json: bool) -> None:
    """Find out what became of attempts without an answer.

    Those whose time to be asked has come: repeated to the letter, or looked up.
    """
    from faktura.flows.resolving import resolve

    with running() as app:
        tally = asyncio.run(resolve(_till(app, app.tenant(tenant))))
    record = {"asked": tally.states.total() + tally.waiting, **_states(tally.states)}
    print_record({**record, "waiting": tally.waiting}, as_json=as_json)


@click.command("retry")
@click.argument("invoice")
@tenant_option
@json_option
def retry_command(*, invoice: str, tenant: str | None, as_json: bool) -> None:
    """Try to collect INVOICE now, whatever its schedule says.

    The limits of card schemes hold for people as well.
    """
    from getpass import getuser

    from faktura.flows.collecting import Wanted
    from faktura.kernel.clock import local_date
    from faktura.kernel.payment_terms import AttemptChannel
    from faktura.store.documents import document_id

    with running() as app:
        till = _till(app, app.tenant(tenant))
        with app.database.read(till.tenant.id) as tx:
            wanted = Wanted(
                local_date(app.clock, till.tenant.time_zone),
                channel=AttemptChannel.MANUAL,
                asked_by=getuser(),
                documents=(document_id(tx, invoice),),
            )
        done = _collected(till, wanted, as_json=as_json)
    if not done.opened and not done.left:
        say(f"Nothing of {invoice} is collected: nothing is open, or it is paid by transfer.",
            as_json=as_json)  # fmt: skip
    _show(done, as_json=as_json)


def _till(app: "App", seller: "Tenant") -> "Till":
    from faktura.flows.collecting import Till

    return Till(app.database, app.adapters, seller)


def _collected(till: "Till", wanted: "Wanted", *, as_json: bool) -> "Collected":
    from faktura.flows.collecting import collect

    try:
        with progress(f"Collecting {wanted.on}", None) as advance:
            return asyncio.run(collect(till, wanted, advance))
    except KeyboardInterrupt:
        say("Stopped; what was sent is resolved later. The same command goes on.", as_json=as_json)
        raise click.Abort from None


def _show(done: "Collected", *, as_json: bool) -> None:
    record = {"tried": done.opened, **_states(done.tally.states), "waiting": done.tally.waiting}
    if as_json:
        print_json({**record, "left": _left(done.left), "reasons": dict(done.reasons)})
        return
    print_record(record, as_json=False)
    if done.left:
        print_records(_left(done.left), columns=("invoice", "reason"), as_json=False)
    hidden = done.reasons.total() - len(done.left)
    if hidden:
        say(f"{hidden} more are not shown.", as_json=False)


def _show_plan(chunks: "tuple[Opened, ...]", *, as_json: bool) -> None:
    tried = [
        {
            "invoice": _invoice_of(one.request),
            "amount": str(one.amount.decimal),
            "currency": one.amount.currency,
            "method": one.method.value,
            "account": one.instance,
            "dueOn": one.due_on,
        }
        for chunk in chunks
        for one in chunk.attempts
    ]
    left = _left([one for chunk in chunks for one in chunk.left])
    behind = sum(len(chunk.behind) for chunk in chunks)
    if as_json:
        print_json({"dryRun": True, "tried": tried, "left": left, "onPages": behind})
        return
    columns = ("invoice", "amount", "currency", "method", "account", "dueOn")
    print_records(tried, columns=columns, as_json=False, nothing="Nothing would be tried.")
    if left:
        print_records(left, columns=("invoice", "reason"), as_json=False)


def _invoice_of(request: str) -> str:
    import json

    return str(json.loads(request)["invoice_number"])


def _states(states: "Counter[str]") -> dict[str, int]:
    return {str(state).lower(): count for state, count in sorted(states.items())}


def _left(left: "list[Left]") -> list[dict[str, object]]:
    return [{"invoice": one.number, "reason": one.reason} for one in left]
