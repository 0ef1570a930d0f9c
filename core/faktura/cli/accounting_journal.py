"""faktura accounting journal and drafts: what is posted, and what waits for an account."""

from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, day
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, say
from faktura.cli.session import running
from faktura.kernel.terms import EntryKind

if TYPE_CHECKING:
    from faktura.plugin import JournalEntryData

_LEGS = (
    "seq",
    "booked",
    "value",
    "kind",
    "document",
    "account",
    "debtor",
    "debit",
    "credit",
    "cost_centre",
    "text",
)


@click.command()
@click.option("--from", "start", metavar=DAY, help="From this accounting date on.")
@click.option("--to", "end", metavar=DAY, help="Up to this accounting date.")
@click.option("--account", help="Only entries that touch this account or debtor.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in EntryKind], case_sensitive=False),
    metavar="KIND",
    help="Only entries of this kind, e.g. INVOICE; may be repeated.",
)
@click.option("--document", metavar="NUMBER", help="Only entries that concern this document.")
@click.option("--customer", metavar="NUMBER", help="Only entries that concern this customer.")
@click.option("--cost-centre", metavar="NAME", help="Only entries with this cost centre.")
@click.option("--late", is_flag=True, help="Only entries whose own month was locked already.")
@tenant_option
@json_option
def journal(  # noqa: PLR0913 - a command's options are its parameters
    *,
    start: str | None,
    end: str | None,
    account: str | None,
    kinds: tuple[str, ...],
    document: str | None,
    customer: str | None,
    cost_centre: str | None,
    late: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Show posted entries with their legs, by accounting date; several filters hold together."""
    from faktura.store.journal import JournalFilter, read_entries

    wanted = JournalFilter(
        day(start, "--from"),
        day(end, "--to"),
        account,
        kinds=tuple(EntryKind(kind) for kind in kinds),
        document=document,
        customer=customer,
        cost_centre=cost_centre,
        late=True if late else None,
    )
    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        entries = list(read_entries(tx, wanted))
    if as_json:
        print_json([entry.model_dump(mode="json") for entry in entries])
        return
    rows = [row for entry in entries for row in _legs(entry)]
    print_records(rows, columns=_LEGS, as_json=False, nothing="No entry fits.")


@click.command()
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
    nothing = "No entry waits for an account."
    print_records(records, columns=columns, as_json=as_json, nothing=nothing)
    if records:
        say("Set an account: faktura accounting accounts set KEY ACCOUNT", as_json=as_json)


def _key_by_hand(entry: "JournalEntryData") -> str | None:
    """What `reverse` asks for, and what it wrote."""
    return entry.key if entry.kind in (EntryKind.MANUAL, EntryKind.REVERSAL) else None


def _legs(entry: "JournalEntryData") -> list[dict[str, object]]:
    return [
        {
            "seq": entry.seq,
            "booked": entry.booked_on,
            "value": entry.value_date,
            "kind": entry.kind,
            "document": entry.document_number or _key_by_hand(entry),
            "account": leg.account,
            "debtor": leg.debtor,
            "debit": leg.amount if leg.side == "D" else None,
            "credit": leg.amount if leg.side == "C" else None,
            "cost_centre": leg.cost_centre,
            "text": entry.text,
        }
        for leg in entry.legs
    ]
