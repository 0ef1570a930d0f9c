"""faktura accounting: balances, journal, drafts, accounts, exports."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, progress, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.domain.tenants import Tenant
    from faktura.flows.exports import ExportReceipt
    from faktura.plugin import JournalEntryData
    from faktura.services.balances import TrialBalance
    from faktura.store.journal import AccountBalance

_DAY = "YYYY-MM-DD"
_LEGS = ("seq", "date", "kind", "document", "account", "debtor", "debit", "credit", "text")


@click.group()
def accounting() -> None:
    """Export postings and show balances."""


@accounting.command()
@click.option("--to", "until", metavar=_DAY, help="Up to this value date; all without it.")
@tenant_option
@json_option
def balances(*, until: str | None, tenant: str | None, as_json: bool) -> None:
    """Show debits, credits and balance of each account; the sums are equal."""
    from faktura.services.balances import trial_balances

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = trial_balances(tx, _day(until, "--to"))
    if as_json:
        print_json([_plain(balance) for balance in found])
        return
    for balance in found:
        sums = {"account": "all", "debit": balance.debit.decimal, "credit": balance.credit.decimal}
        rows = [*(_row(row) for row in balance.accounts), sums]
        columns = ("account", "debit", "credit", "balance")
        print_records(rows, columns=columns, as_json=False, title=balance.currency)
    if not found:
        say("Nothing is posted.", as_json=False)


def _plain(balance: "TrialBalance") -> dict[str, object]:
    return {
        "currency": balance.currency,
        "accounts": [_row(row) for row in balance.accounts],
        "debit": balance.debit.decimal,
        "credit": balance.credit.decimal,
    }


def _row(row: "AccountBalance") -> dict[str, object]:
    return {
        "account": row.account,
        "debit": row.debit.decimal,
        "credit": row.credit.decimal,
        "balance": row.balance.decimal,
    }


@accounting.command()
@click.option("--from", "start", metavar=_DAY, help="From this value date on.")
@click.option("--to", "end", metavar=_DAY, help="Up to this value date.")
@click.option("--account", help="Only entries that touch this account or debtor.")
@tenant_option
@json_option
def journal(
    *, start: str | None, end: str | None, account: str | None, tenant: str | None, as_json: bool
) -> None:
    """Show posted entries with their legs, by value date."""
    from faktura.store.journal import JournalFilter, read_entries

    wanted = JournalFilter(_day(start, "--from"), _day(end, "--to"), account)
    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        entries = list(read_entries(tx, wanted))
    if as_json:
        print_json([entry.model_dump(mode="json") for entry in entries])
        return
    rows = [row for entry in entries for row in _legs(entry)]
    print_records(rows, columns=_LEGS, as_json=False)


@accounting.command()
@tenant_option
@json_option
def drafts(*, tenant: str | None, as_json: bool) -> None:
    """Show entries that wait for an account, with the key to set."""
    from faktura.store.journal import read_drafts

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {
                "entry": draft.key,
                "date": draft.entry.value_date,
                "kind": draft.entry.kind,
                "text": draft.entry.text,
                "missing": list(draft.missing),
                "since": draft.since,
            }
            for draft in read_drafts(tx)
        ]
    columns = ("entry", "date", "kind", "text", "missing")
    print_records(records, columns=columns, as_json=as_json)
    if records:
        say("Set an account: faktura accounting accounts set KEY ACCOUNT", as_json=as_json)


@accounting.group()
def accounts() -> None:
    """Show and set the ledger accounts that postings use."""


@accounts.command("list")
@tenant_option
@json_option
def list_accounts(*, tenant: str | None, as_json: bool) -> None:
    """Show every account key with its account and where it comes from."""
    from faktura.services.posting import account_settings

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {"key": row.key, "account": row.account, "source": row.source}
            for row in account_settings(tx)
        ]
    print_records(records, columns=("key", "account", "source"), as_json=as_json)


@accounts.command("set")
@click.argument("key")
@click.argument("account")
@tenant_option
@json_option
def set_one(*, key: str, account: str, tenant: str | None, as_json: bool) -> None:
    """Set the account of KEY and post the entries that waited for it.

    KEY is SLOT, SLOT:CASE or SLOT:CASE:RATE, e.g. VAT:STANDARD:16, or BANK:<iban>.
    """
    from faktura.services.posting import set_account

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        done = set_account(tx, key, account)
    print_record(
        {
            "key": done.key,
            "account": done.account,
            "posted": done.posted,
            "still_waiting": done.waiting,
        },
        as_json=as_json,
    )


@accounting.command()
@click.argument("target")
@click.option("--from", "start", metavar=_DAY, help="First value date.")
@click.option("--to", "end", metavar=_DAY, help="Last value date.")
@click.option(
    "--again", type=click.IntRange(1, 10**9), help="Write the files of this batch once more."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder; each batch gets a folder of its own in it.",
)
@tenant_option
@json_option
def export(  # noqa: PLR0913 - a command's options are its parameters
    *,
    target: str,
    start: str | None,
    end: str | None,
    again: int | None,
    out: Path,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Export what was never exported to TARGET (e.g. datev), or repeat a batch byte for byte."""
    from faktura.flows.exports import write_batch_files
    from faktura.flows.files import check_writable

    with running() as app, progress("Exporting", None):
        check_writable(out)
        seller = app.tenant(tenant)
        if again is None:
            receipt = _exported(app, seller, target, start, end)
        elif start is None and end is None:
            receipt = _repeated(app, seller, target, again)
        else:
            raise click.UsageError("give --from and --to, or --again alone")
        batch = receipt.batch
        paths = write_batch_files(app.content, seller.id, batch, out) if batch else []
    _show_batch(target, receipt, paths, as_json=as_json)


def _exported(
    app: "App", seller: "Tenant", target: str, start: str | None, end: str | None
) -> "ExportReceipt":
    from faktura.flows.exports import export_entries

    first, last = _day(start, "--from"), _day(end, "--to")
    if first is None or last is None:
        raise click.UsageError("give --from and --to, or --again alone")
    exporter = app.adapters.exporter(seller.id, target)
    return export_entries(app.database, app.content, seller, exporter, first, last)


def _repeated(app: "App", seller: "Tenant", target: str, number: int) -> "ExportReceipt":
    from faktura.flows.exports import ExportReceipt, find_batch

    return ExportReceipt(find_batch(app.database, seller.id, target, number), 0, 0, 0)


def _show_batch(target: str, receipt: "ExportReceipt", paths: list[Path], *, as_json: bool) -> None:
    batch = receipt.batch
    files = [
        {"path": str(path), "rows": file.rows, "sha256": file.sha256, "notes": list(file.notes)}
        for path, file in zip(paths, batch.files if batch else (), strict=True)
    ]
    if as_json:
        number = batch.number if batch else None
        waiting = {"drafts": receipt.drafts, "late": receipt.late}
        print_json({"target": target, "batch": number, "files": files, **waiting})
        return
    if batch is None:
        say(f"Nothing to export to {target}: no entry of these days is left.", as_json=False)
    else:
        title = f"{target} batch {batch.number}: {batch.start} to {batch.end}"
        columns = ("path", "rows", "notes")
        print_records(files, columns=columns, as_json=False, title=title)
    if receipt.drafts:
        say(
            f"{receipt.drafts} entries of these days wait for an account and are not exported:"
            " faktura accounting drafts",
            as_json=False,
        )
    if receipt.late:
        say(
            f"{receipt.late} entries of other days came in after those days were exported:"
            " export these days again, the batch holds nothing else",
            as_json=False,
        )


def _legs(entry: "JournalEntryData") -> list[dict[str, object]]:
    return [
        {
            "seq": entry.seq,
            "date": entry.value_date,
            "kind": entry.kind,
            "document": entry.document_number,
            "account": leg.account,
            "debtor": leg.debtor,
            "debit": leg.amount if leg.side == "D" else None,
            "credit": leg.amount if leg.side == "C" else None,
            "text": entry.text,
        }
        for leg in entry.legs
    ]


def _day(text: str | None, option: str) -> date | None:
    from faktura.kernel.periods import date_from_text

    return None if text is None else date_from_text(text, field=option)
