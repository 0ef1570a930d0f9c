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

if TYPE_CHECKING:
    from faktura.domain.documents import DocumentRecord, LineRecord

_LIST = ("number", "date", "customer", "name", "gross", "open", "currency", "due")
_LINES = ("no", "article", "name", "from", "to", "quantity", "unit", "price", "per", "net", "vat")


@click.group()
def invoices() -> None:
    """List, show, cancel and correct issued documents."""


invoices.add_command(final_command)
invoices.add_command(cancel_command)
invoices.add_command(rebill_command)
invoices.add_command(correct_command)
invoices.add_command(set_unpaid_command)
invoices.add_command(credit_command)
invoices.add_command(correct_credit_command)


@invoices.command("list")
@tenant_option
@click.option("--customer", metavar="NUMBER", help="Only documents of this customer.")
@click.option("--before", metavar="NUMBER", help="Go on below this number.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@json_option
def list_all(
    *, tenant: str | None, customer: str | None, before: str | None, limit: int, as_json: bool
) -> None:
    """Show issued documents, newest number first."""
    from faktura.store.document_lists import Wanted, list_documents

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        rows = list_documents(tx, Wanted(customer_number=customer), after=before, limit=limit)
    records = [
        {
            "number": row.number,
            "kind": row.kind,
            "date": row.issued_on,
            "customer": row.customer_number,
            "name": row.customer_name,
            "gross": row.gross.decimal,
            "open": row.open.decimal,
            "currency": row.gross.currency,
            "due": row.due_on,
        }
        for row in rows
    ]
    print_records(records, columns=_LIST, as_json=as_json)


@invoices.command()
@click.argument("number")
@tenant_option
@click.option("--explain", "with_reasons", is_flag=True, help="Say how each amount came about.")
@json_option
def show(*, number: str, tenant: str | None, with_reasons: bool, as_json: bool) -> None:
    """Show a document as it was frozen when it was issued."""
    from faktura.store.documents import read_document

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        document = read_document(tx, number)
    lines = [_line(line, with_reasons=with_reasons) for line in document.lines]
    if as_json:
        print_json({**_head(document), "snapshot": document.snapshot, "lines": lines})
        return
    print_record(_head(document), as_json=False, title=f"{document.kind} {document.number}")
    print_records(lines, columns=_LINES, as_json=False)
    if with_reasons:
        for line in document.lines:
            _say_why(line)


def _head(document: "DocumentRecord") -> dict[str, object]:
    buyer = document.snapshot["buyer"]
    return {
        "number": document.number,
        "kind": document.kind,
        "customer": buyer["name"] if isinstance(buyer, dict) else None,
        "contract": _contracts(document),
        "issued": document.issued_on,
        "due": document.due_on,
        "from": document.service.start,
        "to": document.service.last_day,
        "net": document.net.decimal,
        "vat": document.tax.decimal,
        "gross": document.gross.decimal,
        "currency": document.currency,
    }


def _contracts(document: "DocumentRecord") -> object:
    """The contract's number; of a collective invoice all of them (F053)."""
    sections = document.snapshot.get("contracts")
    if not isinstance(sections, list):
        return document.snapshot["contractNumber"]
    return ", ".join(str(section["number"]) for section in sections)


def _line(line: "LineRecord", *, with_reasons: bool) -> dict[str, object]:
    from faktura.domain.explanation import explain

    shown: dict[str, object] = {
        "no": line.no,
        "article": line.article_number,
        "name": line.name,
        "from": line.service.start,
        "to": line.service.last_day,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "per": line.base,
        "discount": line.discount.decimal,
        "net": line.net.decimal,
        "vat": f"{line.tax_rate} %",
    }
    if with_reasons:
        why = explain(line)
        shown["explanation"] = {
            "calculation": why.calculation,
            "sources": why.sources,
            "recomputed": why.recomputed.decimal,
            "holds": why.holds,
            "derivation": line.derivation,
        }
    return shown


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
