"""faktura einvoice: write issued documents in a format, and check them against its rules."""

import sys
from pathlib import Path
from uuid import UUID

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, progress, say
from faktura.cli.session import running

_FORMAT = click.option(
    "--format", "format_id", default="xrechnung-cii", show_default=True, help="Name of the format."
)


@click.group()
def einvoice() -> None:
    """Write documents as e-invoices."""


@einvoice.command()
@click.argument("number", required=False)
@click.option("--run", "run_id", type=click.UUID, help="All documents of this billing run.")
@click.option("--all", "everything", is_flag=True, help="All documents.")
@_FORMAT
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The file, or the folder for more than one document.",
)
@tenant_option
@json_option
def render(  # noqa: PLR0913 - a command's options are its parameters
    *,
    number: str | None,
    run_id: UUID | None,
    everything: bool,
    format_id: str,
    out: Path,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Write the document NUMBER, those of a run, or all of them."""
    from faktura.flows.documents import RenderedFile, render_documents
    from faktura.flows.files import write_whole
    from faktura.services.documents import Selection

    if [number is not None, run_id is not None, everything].count(True) != 1:
        raise click.UsageError("give a NUMBER, --run or --all, and one of them only")
    with running() as app, progress("Writing documents", None) as advance:
        tenant_id = app.tenant_id(tenant)

        def deliver(file: RenderedFile) -> None:
            write_whole(out if number is not None else out / file.name, file.content)
            advance(1)

        receipt = render_documents(
            app.database,
            app.content,
            tenant_id,
            app.adapters.document_format(tenant_id, format_id),
            Selection(number, run_id),
            deliver=deliver,
        )
    if number is not None and receipt.refused:
        raise receipt.refused[0]
    print_record(
        {"rendered": receipt.rendered, "new": receipt.new, "refused": len(receipt.refused)}
        | {"out": str(out)},
        as_json=as_json,
    )
    for refusal in receipt.refused:
        click.echo(str(refusal), err=True)
    if receipt.refused:
        sys.exit(1)


@einvoice.command()
@click.argument("number")
@_FORMAT
@tenant_option
@json_option
def check(*, number: str, format_id: str, tenant: str | None, as_json: bool) -> None:
    """Show what the format's rules say about a document; exit code 1 if it is refused."""
    from faktura.plugin import Severity
    from faktura.services.documents import check_document

    with running() as app:
        tenant_id = app.tenant_id(tenant)
        document_format = app.adapters.document_format(tenant_id, format_id)
        with app.database.read(tenant_id) as tx:
            findings = check_document(tx, document_format, number)
    records = [finding.model_dump(mode="json") for finding in findings]
    if as_json or records:
        columns = ("severity", "term", "rule", "message", "mend")
        print_records(records, columns=columns, as_json=as_json)
    else:
        say(f"{number} keeps the rules of {format_id} ({document_format.rule_set}).", as_json=False)
    if any(finding.severity is Severity.ERROR for finding in findings):
        sys.exit(1)
