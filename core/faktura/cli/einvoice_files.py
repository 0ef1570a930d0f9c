"""faktura einvoice check and read: look into e-invoices, ours and those of others."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option
from faktura.cli.output import print_json, print_record, print_records, say
from faktura.cli.session import NO_TENANT, adapters_alone
from faktura.kernel.errors import FakturaError

if TYPE_CHECKING:
    from faktura.hub.adapters import Adapters
    from faktura.plugin import CheckedFile, InvoiceDocument, ReadDocument

_FINDING = ("severity", "term", "rule", "message", "mend")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@json_option
def check(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Show what the rules say about e-invoices, XML or PDF; exit code 1 if one breaks them.

    No database is asked: settings come from the environment and faktura.toml.
    """
    from faktura.plugin import Severity

    refused = False
    found: list[dict[str, object]] = []
    adapters = adapters_alone()
    for file in files:
        try:
            checked = _checked(adapters, file)
        except FakturaError as error:
            refused = True
            if not error.place.startswith(file.name):
                error.at(file.name)
            found.append({"file": str(file), "error": error.as_dict()})
            if not as_json:
                click.echo(str(error), err=True)
            continue
        refused |= any(one.severity is Severity.ERROR for one in checked.findings)
        found.append({"file": str(file), **checked.model_dump(mode="json")})
        if not as_json:
            _show(file, checked)
    if as_json:
        print_json(found)
    if refused:
        sys.exit(1)


@click.command()
@click.argument("file", type=_FILE)
@json_option
def read(*, file: Path, as_json: bool) -> None:
    """Show what an e-invoice says; with --json as the document that `render --input` takes.

    What the file says beyond EN 16931 is named on standard error. No database is asked.
    """
    from faktura.flows.einvoice_files import content_of, recognising_reader

    content = content_of(file)
    readers = adapters_alone().readers(NO_TENANT)
    found = recognising_reader(readers, content, file.name).read(content)
    if as_json:
        click.echo(found.document.model_dump_json(indent=2, exclude_none=True))
    else:
        print_record(_summary(found), as_json=False, title=file.name)
        print_records(
            _lines(found.document),
            columns=("id", "name", "quantity", "unit", "price", "net", "vat"),
            as_json=False,
        )
    for place in found.unread:
        click.echo(f"not read: {place}", err=True)


def _checked(adapters: "Adapters", file: Path) -> "CheckedFile":
    from faktura.flows.einvoice_files import content_of, recognising_reader

    content = content_of(file)
    return recognising_reader(adapters.readers(NO_TENANT), content, file.name).check(content)


def _show(file: Path, checked: "CheckedFile") -> None:
    asked = f"{checked.syntax}, {checked.specification or 'no specification'}"
    rules = ", ".join(checked.rule_sets)
    if not checked.findings:
        say(f"{file} keeps the rules ({asked}; {rules}).", as_json=False)
        return
    records = [finding.model_dump(mode="json") for finding in checked.findings]
    title = f"{file} ({asked}; {rules})"
    print_records(records, columns=_FINDING, as_json=False, title=title)


def _summary(found: "ReadDocument") -> dict[str, object]:
    document = found.document
    return {
        "number": document.number,
        "issued on": document.issued_on,
        "type": document.type_code,
        "seller": document.seller.name,
        "buyer": document.buyer.name,
        "due on": document.due_on,
        "net": f"{document.totals.net} {document.currency}",
        "vat": f"{document.totals.vat} {document.currency}",
        "gross": f"{document.totals.gross} {document.currency}",
        "due": f"{document.totals.due} {document.currency}",
        "syntax": found.syntax,
        "specification": found.specification,
    }


def _lines(document: "InvoiceDocument") -> list[dict[str, object]]:
    return [
        {
            "id": line.id,
            "name": line.name,
            "quantity": f"{line.quantity:f}",
            "unit": line.unit_code,
            "price": f"{line.price:f}",
            "net": f"{line.net:f}",
            "vat": line.vat_category if line.vat_rate is None else f"{line.vat_rate:f}",
        }
        for line in document.lines
    ]
