"""faktura billing: preview and run the billing of a day."""

from datetime import date
from typing import TYPE_CHECKING

import click

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
    """Issue every invoice that is due. Running it again issues nothing twice."""
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
    columns = ("contractNumber", "customerNumber", "gross", "currency", "dueOn", "problem")
    print_records(rows, columns=columns, as_json=as_json, title=f"Dry run of {on}: nothing written")


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
    title = f"{invoice['gross']} {invoice['currency']} due {invoice['dueOn']}"
    lines = invoice["lines"]
    columns = ("article", "name", "from", "to", "quantity", "unit", "price", "per", "net")
    if isinstance(lines, list):
        print_records(lines, columns=columns, as_json=False, title=title)
