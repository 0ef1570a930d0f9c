"""faktura dunning run, runs, show: writing notices, and what earlier runs did."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.days import DAY, day
from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, progress, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from faktura.bootstrap import App
    from faktura.domain.tenants import Tenant
    from faktura.flows.dunning import DunningReceipt
    from faktura.kernel.dunning_terms import DunningHold
    from faktura.store.dunning_lists import DunningRunView, DunningSum


@click.command()
@tenant_option
@click.option("--date", "on", metavar=DAY, help="Dun what is overdue on this day; today.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@json_option
def run(*, tenant: str | None, on: str | None, dry_run: bool, as_json: bool) -> None:
    """Write one notice to everybody who is overdue. Running it again writes to nobody twice.

    Exit code 1 where a customer could not be dunned: the others are all the same.
    """
    from faktura.flows.dunning import run_dunning

    with running() as app:
        owner = app.tenant(tenant)
        run_date = _date(app, owner, on)
        if dry_run:
            _show_dry_run(app, owner, run_date, as_json=as_json)
            return
        try:
            with progress(f"Dunning {run_date}", None) as advance:
                receipt = run_dunning(app.database, owner, run_date, progress=advance)
        except KeyboardInterrupt:
            say("Stopped; what is written stays. The same command goes on.", as_json=as_json)
            raise click.Abort from None
    _show_receipt(receipt, as_json=as_json)
    if receipt.totals.failed:
        raise SystemExit(1)


@click.command()
@tenant_option
@json_option
def runs(*, tenant: str | None, as_json: bool) -> None:
    """List dunning runs, newest first."""
    from faktura.store.dunning_lists import list_runs

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        rows = [_view(one) for one in list_runs(tx)]
    columns = ("run", "date", "state", "customers", "notices", "held", "failed")
    print_records(rows, columns=columns, as_json=as_json, nothing="There is no run yet.")


@click.command()
@click.argument("run_id", metavar="RUN", type=click.UUID)
@tenant_option
@json_option
def show(*, run_id: UUID, tenant: str | None, as_json: bool) -> None:
    """Show a run: what its notices ask for, and whom it could not dun."""
    from faktura.store.dunning import run_failures
    from faktura.store.dunning_lists import view_run

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = view_run(tx, run_id)
            failures = [
                {"customer": one.customer_number, "problem": one.problem, "mend": one.mend}
                for one in run_failures(tx, run_id)
            ]
    record, sums = _view(found), _sums(found.sums)
    if as_json:
        print_json({**record, "sums": sums, "failures": failures})
        return
    for name, moment in (("startedAt", found.started_at), ("finishedAt", found.finished_at)):
        record[name] = None if moment is None else local_minute(moment, seller.time_zone)
    print_record(record, as_json=False)
    _print_sums(sums)
    _print_failures(failures)


def _date(app: "App", tenant: "Tenant", text: str | None) -> date:
    from faktura.kernel.clock import local_date
    from faktura.services.dunning_runs import check_dunning_date

    today = local_date(app.clock, tenant.time_zone)
    run_date = day(text, "--date") or today
    check_dunning_date(run_date, today, field="--date")
    return run_date


def _show_dry_run(app: "App", tenant: "Tenant", run_date: date, *, as_json: bool) -> None:
    from faktura.flows.dunning import rehearse_dunning
    from faktura.services.dunning_rehearsals import summary

    with progress(f"Dunning {run_date}", None) as advance:
        found = rehearse_dunning(app.database, tenant, run_date, progress=advance)
    notices = [summary(number, notice) for number, notice in found.notices]
    failures = [{"customer": number, **error.as_dict()} for number, error in found.failures]
    if as_json:
        held = _held(found.holds)
        print_json({"dryRun": True, "notices": notices, "held": held, "failures": failures})
        return
    columns = ("customer", "level", "documents", "open", "fee", "flat", "interest", "total")
    rows = [{**one, "documents": [row["number"] for row in one["invoices"]]} for one in notices]
    print_records(
        rows,
        columns=(*columns, "currency", "payBy"),
        as_json=False,
        title=f"Dry run of {run_date}: nothing written",
        nothing="Nobody would be written to.",
    )
    _print_held(found.holds)
    _print_failures(failures)


def _show_receipt(receipt: "DunningReceipt", *, as_json: bool) -> None:
    totals, done = receipt.totals, receipt.done
    record: dict[str, object] = {
        "run": receipt.run_id,
        "date": receipt.run_date,
        "resumed": receipt.resumed,
        "customers": totals.customers,
        "notices": totals.notices,
        "held": totals.held,
        "failed": totals.failed,
    }
    sums = _sums(receipt.sums)
    if as_json:
        print_json({**record, "heldNow": _held(done.holds), "sums": sums})
        return
    if receipt.resumed and not done.customers:
        say("This day was dunned before: nobody is written to again.", as_json=False)
    print_record(record, as_json=False)
    _print_sums(sums)
    _print_held(done.holds)
    if totals.failed:
        say(f"Who could not be dunned: faktura dunning show {receipt.run_id}", as_json=False)


def _view(found: "DunningRunView") -> dict[str, object]:
    totals = found.totals
    return {
        "run": found.id,
        "date": found.run_date,
        "state": found.state.value,
        "customers": totals.customers,
        "notices": totals.notices,
        "held": totals.held,
        "failed": totals.failed,
        "startedAt": found.started_at,
        "finishedAt": found.finished_at,
    }


def _sums(sums: "Sequence[DunningSum]") -> list[dict[str, object]]:
    from faktura.kernel.money import Money

    def amount(minor: int, currency: str) -> str:
        return str(Money(minor, currency).decimal)

    return [
        {
            "level": one.level,
            "notices": one.notices,
            "open": amount(one.open, one.currency),
            "fee": amount(one.fee, one.currency),
            "flat": amount(one.flat, one.currency),
            "interest": amount(one.interest, one.currency),
            "currency": one.currency,
        }
        for one in sums
    ]


def _held(holds: "Mapping[DunningHold, int]") -> dict[str, int]:
    return {hold.value: holds[hold] for hold in sorted(holds)}


def _print_sums(sums: "Sequence[Mapping[str, object]]") -> None:
    columns = ("level", "notices", "open", "fee", "flat", "interest", "currency")
    if sums:
        print_records(list(sums), columns=columns, as_json=False, title="Notices")


def _print_held(holds: "Mapping[DunningHold, int]") -> None:
    rows = [{"reason": reason, "documents": count} for reason, count in _held(holds).items()]
    if rows:
        print_records(rows, columns=("reason", "documents"), as_json=False, title="Left out")


def _print_failures(failures: "Sequence[Mapping[str, object]]") -> None:
    if failures:
        columns = ("customer", "problem", "mend")
        print_records(list(failures), columns=columns, as_json=False, title="Not dunned")
