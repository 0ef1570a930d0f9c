"""faktura bank: statement files in, settled documents out, and what waits for a person."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from faktura.cli.bank_accounts import accounts
from faktura.cli.bank_decisions import assign, dismiss, reopen
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, progress, say
from faktura.cli.session import NO_TENANT, adapters_alone, running
from faktura.kernel.terms import MovementState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from faktura.flows.statements import BankReport
    from faktura.plugin import StatementRecord

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_COLUMNS = ("id", "booked_on", "amount", "counterparty", "remittance", "state", "reason")
# The end of an id differs between movements, its beginning is the time; bank assign takes it.
_SHOWN_OF_ID = 8


@click.group()
def bank() -> None:
    """Import bank statements and settle what they leave open."""


for command in (accounts, assign, dismiss, reopen):
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
    _show_report(report, as_json=as_json)


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


@bank.command("open")
@tenant_option
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1, 100_000))
@json_option
def list_open(*, tenant: str | None, limit: int, as_json: bool) -> None:
    """Show movements that wait for a person, and why."""
    _list(tenant, {MovementState.OPEN}, limit, as_json=as_json)


@bank.command("list")
@tenant_option
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in MovementState]),
    help="Only movements in this state; may be repeated.",
)
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))
@json_option
def list_all(*, tenant: str | None, states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show movements, latest booking first, with the last decision about each."""
    wanted = {MovementState(state) for state in states} or set(MovementState)
    _list(tenant, wanted, limit, as_json=as_json)


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


def _list(
    tenant: str | None, states: "Collection[MovementState]", limit: int, *, as_json: bool
) -> None:
    from faktura.services.bank_lists import listed_movements
    from faktura.store.movement_lists import MovementFilter

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {
                "id": found.id if as_json else str(found.id)[-_SHOWN_OF_ID:],
                "account": found.bank_iban,
                "booked_on": found.booked_on,
                "value_on": found.value_on,
                "amount": str(found.amount),
                "counterparty": found.counterparty,
                "remittance": found.remittance,
                "state": found.state.value,
                "rule": found.rule,
                "reason": found.reason,
            }
            for found in listed_movements(tx, MovementFilter(states), limit=limit)
        ]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No movements.")


def _show_report(report: "BankReport", *, as_json: bool) -> None:
    imported, matched = report.imported, report.matched
    print_record(
        {
            "file": imported.filename,
            "format": imported.format,
            "already_imported": imported.already_imported,
            "statements": imported.statements,
            "entries": imported.entries,
            "new": imported.new,
            "duplicates": imported.duplicates,
            "previews": imported.previews,
            "booked": matched.booked,
            "returned": matched.returned,
            "open": matched.open,
            "other_accounts": list(imported.other_accounts),
            "warnings": list(imported.warnings) if as_json else "\n".join(imported.warnings),
        },
        as_json=as_json,
    )
    if matched.open:
        say("What waits for a person, and why: faktura bank open", as_json=as_json)
