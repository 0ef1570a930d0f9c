"""faktura billing: preview and run the billing of a day."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.imports import file_argument
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, progress, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.domain.tenants import Tenant
    from faktura.flows.billing import RunReceipt
    from faktura.store.billing import Scope


@click.group()
def billing() -> None:
    """Preview and run the billing of a day."""


@billing.command()
@tenant_option
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Bill what is due on this day; today.")
@click.option("--project", metavar="KEY", help="Only contracts of this project.")
@click.option("--customer", metavar="NUMBER", help="Only contracts of this customer.")
@click.option("--dry-run", is_flag=True, help="Show what would be issued; write nothing.")
@json_option
def run(
    *,
    tenant: str | None,
    day: str | None,
    project: str | None,
    customer: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Issue every invoice that is due. Running it again issues nothing twice.

    On PostgreSQL it shares the run with whoever else bills that day: other commands, and workers.
    """
    from faktura.flows.billing import run_billing

    with running() as app:
        seller = app.tenant(tenant)
        scope = _scope(app, seller, project, customer)
        on = _day(app, seller, day)
        if dry_run:
            _show_dry_run(app, seller, on, scope, as_json=as_json)
            return
        formats = app.adapters.formats(seller.id)
        try:
            with progress(f"Billing {on}", None) as advance:
                receipt = run_billing(
                    app.database, seller, formats, on, scope=scope, progress=advance
                )
        except KeyboardInterrupt:
            say("Stopped; what is issued stays. The same command goes on.", as_json=as_json)
            raise click.Abort from None
    _show_receipt(receipt, as_json=as_json)


@billing.command()
@tenant_option
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Bill what is due on this day; today.")
@click.option("--project", metavar="KEY", help="Only contracts of this project.")
@click.option("--customer", metavar="NUMBER", help="Only contracts of this customer.")
@json_option
def start(
    *, tenant: str | None, day: str | None, project: str | None, customer: str | None, as_json: bool
) -> None:
    """Plan a run and leave it to `faktura worker`; on PostgreSQL all workers share it."""
    from faktura.services.billing_runs import start_run

    with running() as app:
        seller = app.tenant(tenant)
        scope, on = _scope(app, seller, project, customer), _day(app, seller, day)
        with app.database.write(seller.id) as tx:
            planned = start_run(tx, seller, on, scope)
    record = {"run": planned.id, "date": planned.run_date, "contracts_due": planned.contracts}
    print_record(record, as_json=as_json)
    say("Planned. `faktura worker` bills it.", as_json=as_json)


@billing.command()
@click.argument("contract", metavar="CONTRACT")
@tenant_option
@click.option("--date", "day", metavar="YYYY-MM-DD", help="As of this day; by default today.")
@json_option
def preview(*, contract: str, tenant: str | None, day: str | None, as_json: bool) -> None:
    """Show the invoices a contract would get, and when it is due next."""
    from faktura.flows.previews import preview_of

    with running() as app:
        seller = app.tenant(tenant)
        shown = preview_of(app.database, seller, contract, _day(app, seller, day))
    if as_json:
        print_json({"invoices": shown.invoices, "nextDueOn": shown.next_due_on})
        return
    for invoice in shown.invoices:
        _show_invoice(invoice)
    if not shown.invoices:
        say(f"Nothing is due on contract {contract}.", as_json=False)
    say(f"Next due on {shown.next_due_on or 'no day'}.", as_json=False)


@billing.command()
@click.argument("contract", metavar="CONTRACT")
@tenant_option
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Bill what is due on this day; today.")
@click.option("--dry-run", is_flag=True, help="Show what would be issued; write nothing.")
@json_option
def interim(
    *, contract: str, tenant: str | None, day: str | None, dry_run: bool, as_json: bool
) -> None:
    """Bill at once, on one invoice, all that is due on CONTRACT, outside the run (F021)."""
    from faktura.domain.invoices import draft_summary
    from faktura.services.interim_billing import bill_interim, preview_interim
    from faktura.services.issuing import Desk

    with running() as app:
        seller = app.tenant(tenant)
        on, desk = _day(app, seller, day), Desk(seller, app.adapters.formats(seller.id))
        if dry_run:
            with app.database.read(seller.id) as tx:
                shown = preview_interim(tx, desk, contract, on)
            invoices = [draft_summary(draft) for draft in shown.drafts]
            nothing_due, next_due_on = shown.nothing_due, shown.next_due_on
        else:
            with app.database.write(seller.id) as tx:
                done = bill_interim(tx, desk, contract, on)
            invoices = [{"number": d.number, **draft_summary(d.draft)} for d in done.documents]
            nothing_due, next_due_on = done.nothing_due, done.next_due_on
    if as_json:
        print_json(
            {
                "dryRun": dry_run,
                "nothingDue": nothing_due,
                "invoices": invoices,
                "nextDueOn": next_due_on,
            }
        )
        return
    for invoice in invoices:
        _show_invoice(invoice)
    if not invoices:
        what = "Nothing is due" if nothing_due else "What is due comes to no amount"
        say(f"{what} on contract {contract}.", as_json=False)
    say(f"Next due on {next_due_on or 'no day'}.", as_json=False)


@billing.command("what-if")
@file_argument
@tenant_option
@json_option
def what_if(*, file: Path, tenant: str | None, as_json: bool) -> None:
    """Show what the changes in the JSON FILE would bill, credit and post; write nothing (O11)."""
    from faktura.cli.changes import try_out

    try_out(file, tenant, as_json=as_json)


@billing.command()
@tenant_option
@json_option
def quarantine(*, tenant: str | None, as_json: bool) -> None:
    """Show contracts that could not be billed, why, and what to do."""
    from faktura.store.quarantine import read_quarantine

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        rows = [
            {
                "contract": row.contract_number,
                "customer": row.customer_number,
                "run_date": row.run_date,
                "code": row.code,
                "problem": row.problem,
                "place": row.place,
                "mend": row.mend,
            }
            for row in read_quarantine(tx)
        ]
    columns = ("contract", "run_date", "problem", "mend")
    print_records(rows, columns=columns, as_json=as_json)


@billing.command()
@tenant_option
@json_option
def drafts(*, tenant: str | None, as_json: bool) -> None:
    """Show invoices that lack something the law or their format demands."""
    import json

    from faktura.store.drafts import read_drafts

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        found = [(draft.missing, json.loads(draft.data)) for draft in read_drafts(tx)]
    rows = [{"missing": missing, **data} for missing, data in found]
    if not as_json:
        rows = [_numbered(row) for row in rows]
    columns = ("contractNumber", "customerNumber", "gross", "currency", "missing")
    print_records(rows, columns=columns, as_json=as_json)


def _day(app: "App", tenant: "Tenant", text: str | None) -> date:
    from faktura.kernel.clock import local_date
    from faktura.kernel.periods import date_from_text
    from faktura.services.billing_runs import check_run_date

    today = local_date(app.clock, tenant.time_zone)
    if text is None:
        return today
    day = date_from_text(text, field="--date")
    check_run_date(day, today, field="--date")
    return day


def _scope(app: "App", tenant: "Tenant", project: str | None, customer: str | None) -> "Scope":
    from faktura.services.billing_runs import run_scope

    with app.database.read(tenant.id) as tx:
        return run_scope(tx, None, project_key=project, customer_number=customer)


def _show_dry_run(app: "App", tenant: "Tenant", on: date, scope: "Scope", *, as_json: bool) -> None:
    from faktura.flows.previews import preview_run

    rows = list(preview_run(app.database, tenant, app.adapters.formats(tenant.id), on, scope=scope))
    columns = (
        *("contractNumber", "customerNumber", "gross", "currency", "dueOn"),
        *("documentFormat", "warnings", "problem"),
    )
    if not as_json:
        rows = [_numbered(row) for row in rows]
    print_records(rows, columns=columns, as_json=as_json, title=f"Dry run of {on}: nothing written")


def _numbered(row: dict[str, object]) -> dict[str, object]:
    """A row for people: a collective invoice with all its contracts (F053)."""
    numbers = row.get("contractNumbers")
    if isinstance(numbers, list):
        return {**row, "contractNumber": ", ".join(map(str, numbers))}
    return row


def _show_receipt(receipt: "RunReceipt", *, as_json: bool) -> None:
    totals = receipt.totals
    print_record(
        {
            "run": receipt.run_id,
            "date": receipt.run_date,
            "resumed": receipt.resumed,
            "contracts_due": receipt.planned_contracts,
            "contracts_billed": totals.contracts - totals.quarantined,
            "invoices": totals.documents,
            "quarantined": totals.quarantined,
        },
        as_json=as_json,
    )
    if totals.quarantined:
        say("Why contracts are in quarantine: faktura billing quarantine", as_json=as_json)


def _show_invoice(invoice: dict[str, object]) -> None:
    title = f"{invoice.get('number', 'Invoice')}: {invoice['gross']} {invoice['currency']} due {invoice['dueOn']}"
    lines = invoice["lines"]
    columns = ("article", "name", "from", "to", "quantity", "unit", "price", "per", "net")
    if isinstance(lines, list):
        print_records(lines, columns=columns, as_json=False, title=title)
