"""faktura einvoice: write documents as e-invoices, ask the rules before, look into files."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.einvoice_files import check, read
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, progress, say
from faktura.cli.session import NO_TENANT, adapters_alone, running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.plugin import DocumentFormat
    from faktura.services.documents import Selection

_FINDING = ("severity", "term", "rule", "message", "mend")
_FORMAT = click.option(
    "--format",
    "format_id",
    help="Name of the format; by default the one that a document was issued for.",
)


@click.group()
def einvoice() -> None:
    """Write documents as e-invoices, check and read files."""


for command in (check, read):
    einvoice.add_command(command)


@einvoice.command()
@click.argument("number", required=False)
@click.option("--run", "run_id", type=click.UUID, help="All documents of this billing run.")
@click.option("--all", "everything", is_flag=True, help="All documents.")
@click.option(
    "--input",
    "given",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An invoice document as JSON instead of one that was issued; see docs/api.md.",
)
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
    given: Path | None,
    format_id: str | None,
    out: Path,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Write the document NUMBER, those of a run, all of them, or one from a file.

    What was rendered before is written as it is stored. A file needs no database: it is written with the
    settings of the environment, or with those of the --tenant that is named.
    """
    from faktura.services.documents import Selection

    chosen = [number is not None, run_id is not None, everything, given is not None]
    if chosen.count(True) != 1:
        raise click.UsageError("give a NUMBER, --run, --all or --input, and one of them only")
    if given is not None:
        if format_id is None:
            raise click.UsageError("--input needs --format: the file does not say it")
        _render_given(tenant, given, format_id, out)
        print_record({"rendered": 1, "out": str(out)}, as_json=as_json)
        return
    with running() as app:
        selection = Selection(number, run_id)
        _render_issued(app, tenant, selection, format_id, out, as_json=as_json)


def _render_issued(
    app: "App",
    tenant: str | None,
    selection: "Selection",
    format_id: str | None,
    out: Path,
    *,
    as_json: bool,
) -> None:
    from faktura.flows.documents import Documents, RenderedFile, render_documents
    from faktura.flows.files import write_whole

    seller = app.tenant(tenant)
    formats = app.adapters.formats(seller.id)
    documents = Documents(app.database, app.content, formats, seller)
    alone = selection.number is not None
    with progress("Writing documents", None) as advance:

        def deliver(file: RenderedFile) -> None:
            write_whole(out if alone else out / file.name, file.content)
            advance(1)

        receipt = render_documents(documents, selection, format_id, deliver=deliver)
    if alone and receipt.refused:
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


def _render_given(tenant: str | None, given: Path, format_id: str, out: Path) -> None:
    if tenant is None:
        _write_given(adapters_alone().document_format(NO_TENANT, format_id), given, out)
        return
    with running() as app:
        tenant_id = app.tenant_id(tenant)
        _write_given(app.adapters.document_format(tenant_id, format_id), given, out)


def _write_given(document_format: "DocumentFormat", given: Path, out: Path) -> None:
    from faktura.flows.einvoice_files import given_document
    from faktura.flows.files import write_whole
    from faktura.plugin import Severity

    document = given_document(given)
    for finding in document_format.check(document):
        if finding.severity is Severity.WARNING:
            click.echo(f"{finding.term} {finding.rule}: {finding.message}", err=True)
    write_whole(out, document_format.render(document))


@einvoice.command()
@click.argument("number")
@_FORMAT
@tenant_option
@json_option
def preflight(*, number: str, format_id: str | None, tenant: str | None, as_json: bool) -> None:
    """Show what the format's rules say about a document; exit code 1 if it is refused."""
    from faktura.plugin import Severity
    from faktura.services.documents import check_document, own_format_of

    with running() as app:
        seller = app.tenant(tenant)
        formats = app.adapters.formats(seller.id)
        with app.database.read(seller.id) as tx:
            wanted = format_id or own_format_of(tx, seller, formats.offered, number)
            document_format = formats.format_of(wanted)
            findings = check_document(tx, document_format, number)
    records = [finding.model_dump(mode="json") for finding in findings]
    if as_json or records:
        print_records(records, columns=_FINDING, as_json=as_json)
    else:
        say(f"{number} keeps the rules of {wanted} ({document_format.rule_set}).", as_json=False)
    if any(finding.severity is Severity.ERROR for finding in findings):
        sys.exit(1)
