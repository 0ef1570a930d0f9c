"""faktura invoices: list and show issued documents, and explain every line of them."""

from typing import TYPE_CHECKING

import click

from faktura.cli.credit_notes import correct_credit_command, credit_command
from faktura.cli.final_invoices import final_command
from faktura.cli.invoice_corrections import (
    cancel_command,
    correct_command,
    rebill_command,
    set_unpaid_command,
)
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.write_offs import write_off_command

if TYPE_CHECKING:
    from faktura.domain.documents import LineRecord

_LIST = ("number", "kind", "date", "customer", "name", "gross", "open", "currency", "due", "state")
_LINES = (
    "no", "contract", "article", "name", "text", "from", "to", "quantity", "unit", "price", "per",
    "discount", "net", "vat", "costs",
)  # fmt: skip
_PAYMENTS = ("no", "valueDate", "fact", "amount", "reverses")


@click.group()
def invoices() -> None:
    """List, show, cancel and correct issued documents."""


invoices.add_command(final_command)
invoices.add_command(cancel_command)
invoices.add_command(rebill_command)
invoices.add_command(correct_command)
invoices.add_command(set_unpaid_command)
invoices.add_command(write_off_command)
invoices.add_command(credit_command)
invoices.add_command(correct_credit_command)


@invoices.command("list")
@tenant_option
@click.option("--customer", metavar="NUMBER", help="Only documents of this customer.")
@click.option("--contract", metavar="NUMBER", help="Only documents of this contract.")
@click.option("--open", "unsettled", is_flag=True, help="Only those of which something is owed.")
@click.option("--before", metavar="NUMBER", help="Go on below this number.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@json_option
def list_all(
    *,
    tenant: str | None,
    unsettled: bool,
    before: str | None,
    limit: int,
    as_json: bool,
    **of: str | None,
) -> None:
    """Show issued documents, newest number first, and where their payment stands."""
    from faktura.cli.invoice_shape import row_record
    from faktura.kernel.clock import local_date
    from faktura.store.document_lists import Wanted, list_documents

    wanted = Wanted(
        customer_number=of["customer"], contract_number=of["contract"], unsettled=unsettled
    )
    with running() as app:
        seller = app.tenant(tenant)
        today = local_date(app.clock, seller.time_zone)
        with app.database.read(seller.id) as tx:
            rows = list_documents(tx, wanted, after=before, limit=limit)
    records = [row_record(row, today) for row in rows]
    dunned = any(record["dunningLevel"] for record in records)
    columns = (*_LIST, "dunningLevel") if dunned else _LIST
    print_records(records, columns=columns, as_json=as_json, nothing="No documents.")


@invoices.command()
@click.argument("number")
@tenant_option
@click.option("--explain", "with_reasons", is_flag=True, help="Say how each amount came about.")
@json_option
def show(*, number: str, tenant: str | None, with_reasons: bool, as_json: bool) -> None:
    """Show a document as it was frozen when it was issued, and what happened to it since."""
    from faktura.cli.invoice_shape import SOMETIMES, head_record, line_record, payment_record
    from faktura.kernel.clock import local_date
    from faktura.store.invoice_details import invoice_details

    with running() as app:
        seller = app.tenant(tenant)
        today = local_date(app.clock, seller.time_zone)
        with app.database.read(seller.id) as tx:
            details = invoice_details(tx, number, None)
    document = details.record
    head = head_record(details, today)
    lines = [line_record(document, line, with_reasons=with_reasons) for line in document.lines]
    payments = [payment_record(one) for one in details.settlements]
    if as_json:
        print_json({**head, "snapshot": document.snapshot, "lines": lines, "payments": payments})
        return
    told = {name: value for name, value in head.items() if value or name not in SOMETIMES}
    print_record(told, as_json=False, title=f"{document.kind} {document.number}")
    _print_lines(lines, several="contracts" in document.snapshot)
    if payments:
        print_records(payments, columns=_PAYMENTS, as_json=False, title="Payments")
    if with_reasons:
        for line in document.lines:
            _say_why(line)


def _print_lines(lines: list[dict[str, object]], *, several: bool) -> None:
    """The lines; texts, discounts and costs only where there are some, contracts where they differ."""
    from faktura.cli.invoice_shape import line_row

    rows = [line_row(line) for line in lines]
    rare = {"text", "discount", "costs"} - {name for row in rows for name in row if row[name]}
    hidden = rare if several else rare | {"contract"}
    print_records(rows, columns=[name for name in _LINES if name not in hidden], as_json=False)


def _say_why(line: "LineRecord") -> None:
    from faktura.domain.explanation import explain

    why = explain(line)
    verdict = (
        "recomputed from the stored derivation: the same"
        if why.holds
        else f"RECOMPUTED FROM THE STORED DERIVATION: {why.recomputed}; run faktura verify"
    )
    say(f"{line.no}. {why.calculation}", as_json=False)
    say(f"   {why.sources}", as_json=False)
    say(f"   {verdict}", as_json=False)
