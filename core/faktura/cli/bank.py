"""faktura bank: statement files in, settled documents out, and what waits for a person."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from faktura.cli.bank_accounts import accounts
from faktura.cli.bank_acts import confirm, split, undo
from faktura.cli.bank_connections import COMMANDS as FEED_COMMANDS
from faktura.cli.bank_decisions import assign, dismiss, reopen
from faktura.cli.bank_lists import list_all, list_open, show
from faktura.cli.bank_policy import policy
from faktura.cli.bank_reports import show_report
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, progress
from faktura.cli.session import NO_TENANT, adapters_alone, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faktura.plugin import StatementRecord

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def bank() -> None:
    """Import bank statements and settle what they leave open."""


for command in (accounts, assign, confirm, dismiss, policy, reopen, show, split, undo):
    bank.add_command(command)
for command in (list_open, list_all, *FEED_COMMANDS):
    bank.add_command(command)


@bank.command("import")
@_file
@click.option("--account", "iban", metavar="IBAN", required=True, help="The account it is of.")
@tenant_option
@json_option
def import_file(*, file: Path, iban: str, tenant: str | None, as_json: bool) -> None:
    """Import the statement FILE and settle what it pays. Importing it again adds nothing."""
    from faktura.flows.statements import Bank, import_statements

    with running() as app, _seekable(file) as source:
        side = Bank(app.database, app.content, app.adapters, app.tenant(tenant))
        with progress(f"Importing {file.name}", None) as advance:
            report = import_statements(side, source, file.name, iban, progress=advance)
    show_report(report, as_json=as_json)


@bank.command()
@tenant_option
@json_option
def match(*, tenant: str | None, as_json: bool) -> None:
    """Decide again about all movements that wait."""
    from faktura.flows.statements import match_open

    with running() as app:
        owner = app.tenant(tenant)
        with progress("Matching", None) as advance:
            matched = match_open(app.database, owner, progress=advance)
    record = {"booked": matched.booked, "returned": matched.returned, "open": matched.open}
    print_record(record, as_json=as_json)


@bank.command()
@_file
@json_option
def parse(*, file: Path, as_json: bool) -> None:
    """Print what the enabled format reads in FILE; no database is asked.

    With --json one record a line, as the format's plugin gives it.
    """
    from faktura.flows.statements import read_records, recognising_parser

    parsers = adapters_alone()
    with _seekable(file) as source:
        parser = recognising_parser(parsers, NO_TENANT, source.read(64 * 1024), file.name)
        source.seek(0)
        for record in read_records(parser, source, file.name):
            click.echo(record.model_dump_json() if as_json else _line(record))


@contextmanager
def _seekable(file: Path) -> "Iterator[BinaryIO]":
    """The open file; what comes through a pipe is put on disk first, formats look at it twice."""
    with file.open("rb") as source:
        if source.seekable():
            yield source
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            copy.seek(0)
            yield copy


def _line(record: "StatementRecord") -> str:
    match record.record:
        case "start":
            account = record.account_iban or record.account_other
            return f"statement {record.statement_id} of {account}"
        case "transaction":
            amount = f"{record.amount:>14} {record.currency}"
            text = " ".join(record.remittance_lines)
            return f"  {record.booked_on}  {amount}  {record.counterparty_name or ''}  {text}"
        case "end":
            return "\n".join((f"  {record.entries} entries", *record.warnings))
