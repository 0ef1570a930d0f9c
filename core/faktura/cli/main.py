"""The command `faktura`: its groups by name, and one clean message for every named error."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from traceback import extract_tb

import click

from faktura.cli.errors import report
from faktura.cli.lazy import Lazy, LazyGroup
from faktura.kernel.errors import FakturaError, FieldInvalid, PluginBroken, shortened

_COMMANDS = {
    "demo": "Load the sample company, bill its month and serve it.",
    "serve": "Serve the pages and the REST interface.",
    "worker": "Run background jobs until stopped.",
    "verify": "Prove the books: ledger, numbers, periods, seals, stored bytes.",
    "simulate": "Live a company through time and check its books every evening.",
    "db": "Set up the database, show its state, rotate secrets.",
    "tenants": "Create tenants and change their settings.",
    "users": "Create the people who sign in and say what they see.",
    "keys": "Make, list, rotate and revoke keys of the REST door.",
    "catalogue": "Import and list projects, product groups and articles.",
    "customers": "Import, change and show customers.",
    "contracts": "Import, activate, void and show contracts.",
    "changes": "Up- and downgrade, align and terminate contracts, after trying it out.",
    "templates": "Import and list contract templates, and make contracts from them.",
    "bookings": "List what is booked on all contracts, and what it brings in.",
    "tasks": "List what waits for a person, and say what is done.",
    "billing": "Preview and run the billing of a day.",
    "invoices": "List and show issued documents.",
    "deposits": "Ask for deposits and list them.",
    "payments": "Collect over providers and the bank; record payments and refunds by hand.",
    "bank": "Import bank statements and settle what they leave open.",
    "accounting": "Export postings and show balances.",
    "einvoice": "Write documents as e-invoices.",
    "letters": "Write account statements and reminders.",
    "dunning": "Remind customers of what is overdue, with interest and fees.",
    "mails": "List, show and resend mails; say who they come from and what they say.",
    "webhooks": "Add endpoints that facts are sent to, and look after them.",
    "outbox": "Show what was sent to webhooks and listeners, and send it again.",
    "vat-ids": "Check VAT ids of customers in other member states.",
    "plugins": "List, check and configure plugins.",
    "jobs": "Show background jobs and retry those that failed.",
}


def _place(command: str) -> str:
    """Where a group is: `vat-ids` is faktura.cli.vat_ids:vat_ids."""
    name = command.replace("-", "_")
    return f"faktura.cli.{name}:{name}"


faktura = click.version_option(package_name="faktura")(
    LazyGroup(
        name="faktura",
        help="A self-hosted billing hub: contracts in, invoices, payments and postings out.",
        lazy={name: Lazy(_place(name), line) for name, line in _COMMANDS.items()},
    )
)


def main() -> None:
    """Run the command line; exit code 1 for a named error, 2 for wrong usage.

    Whatever has no name is a defect and keeps its traceback.
    """
    _write_what_can_be_written()
    try:
        _check_readable(sys.argv[1:])
        faktura()
    except FakturaError as error:
        report(error, as_json="--json" in sys.argv)
        sys.exit(1)
    except NotImplementedError as error:
        # Only what `plugins new` left for a person; any other one is a defect as all are.
        if not str(error).startswith("Write: "):
            raise
        report(_unwritten(error), as_json="--json" in sys.argv)
        sys.exit(1)


def _unwritten(error: NotImplementedError) -> PluginBroken:
    """A connector's place that waits for a person, with its own sentence."""
    (*_, last) = extract_tb(error.__traceback__)
    place = f"{last.filename}, line {last.lineno}"
    return PluginBroken(f"it is not written yet: {error}", place=place)


def _write_what_can_be_written() -> None:
    # A terminal that is not UTF-8 shows a question mark instead of ending the command.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _check_readable(arguments: Sequence[str]) -> None:
    # Python keeps bytes that are not UTF-8 as lone halves of pairs: no database takes them.
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise FieldInvalid(
                f"“{shortened(argument)}” is not UTF-8",
                place="command line",
                mend="Use a terminal in UTF-8, or rename the file",
            ) from None
