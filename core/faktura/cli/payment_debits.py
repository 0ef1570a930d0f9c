"""faktura payments debits: collective SEPA debits as files for the bank (F101, F102)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, day
from faktura.cli.debit_shape import (
    COLUMNS,
    file_record,
    made_record,
    plan_record,
    planned_files,
    show_left,
    show_view,
    warn,
)
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.flows.debit_files import Debits

_account = click.argument("account")
_file = click.argument("file", type=click.IntRange(1, 10**9))
_of_account = click.option(
    "--account", metavar="INSTANCE", help="Only debits of this account; all if left out."
)
_until = click.option(
    "--until",
    metavar=DAY,
    help="Also debits that the bank takes from a later day on, up to this one: hand the file in"
    " then. Today if left out.",
)
_out = click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder; each file has a name of its own.",
)


@click.group()
def debits() -> None:
    """Put debits into files for the bank, hand them in, cancel them.

    A debit waits here once it was collected (payments collect). Its file is yours to hand in.
    """


@debits.command("preview")
@_of_account
@_until
@tenant_option
@json_option
def preview_command(
    *, account: str | None, until: str | None, tenant: str | None, as_json: bool
) -> None:
    """Show what `create` would put into files now, and what it would leave out."""
    last = day(until, "--until")
    with running() as app:
        desk = _debits(app, tenant)
        plans = [desk.preview(filing, last) for filing in desk.filings(account)]
    if as_json:
        print_json([plan_record(one) for one in plans])
        return
    files = [{"account": plan.instance, **one} for plan in plans for one in planned_files(plan)]
    columns = ("account", "debits", "total", "scheme", "firstDueOn", "lastDueOn", "invoices")
    print_records(files, columns=columns, as_json=False, nothing="No file would be made now.")
    for plan in plans:
        show_left(plan.sorted)


@debits.command("create")
@_of_account
@_until
@_out
@tenant_option
@json_option
def create_command(
    *, account: str | None, until: str | None, out: Path, tenant: str | None, as_json: bool
) -> None:
    """Make files of the debits that the bank takes now, and write them.

    At most as many debits in one as the bank takes, CORE and B2B apart. What has a problem is left
    out with a task; it goes into a later file once that is mended.
    """
    from faktura.flows.files import check_writable, write_whole

    last = day(until, "--until")
    with running() as app:
        check_writable(out)
        desk = _debits(app, tenant)
        made = [desk.make(filing, last) for filing in desk.filings(account)]
        for one in made:
            for file in one.files:
                write_whole(out / file.filename, desk.content_of(file))
        time_zone, now = desk.tenant.time_zone, app.clock.now()
        files = [
            {
                **file_record(file, time_zone, late=file.is_late(now)),
                "path": str(out / file.filename),
            }
            for one in made
            for file in one.files
        ]
    if as_json:
        print_json([made_record(one, files) for one in made])
        return
    columns = (*COLUMNS[:2], *COLUMNS[3:-1], "path")
    print_records(files, columns=columns, as_json=False, nothing="No debit waits for a file.")
    for one in made:
        if one.late:
            say(f"Later than wished: {', '.join(one.late)}", as_json=False)
        show_left(one)
    if files:
        say(
            "Hand them in, then say so: faktura payments debits hand-in ACCOUNT FILE", as_json=False
        )


@debits.command("list")
@_of_account
@tenant_option
@json_option
def list_command(*, account: str | None, tenant: str | None, as_json: bool) -> None:
    """List the files, newest first; a late one was not handed in before its cut-off."""
    from faktura.store.debit_files import list_files

    with running() as app:
        seller = app.tenant(tenant)
        now = app.clock.now()
        with app.database.read(seller.id) as tx:
            found = [
                file_record(one, seller.time_zone, late=one.is_late(now))
                for one in list_files(tx, account)
            ]
    print_records(found, columns=COLUMNS, as_json=as_json, nothing="No files of debits.")


@debits.command("show")
@_account
@_file
@tenant_option
@json_option
def show_command(*, account: str, file: int, tenant: str | None, as_json: bool) -> None:
    """Show file FILE of ACCOUNT with its debits and what became of each."""
    from faktura.services.debit_files import show_file

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = show_file(tx, account, file)
    show_view(found, seller, as_json=as_json)


@debits.command("write")
@_account
@_file
@_out
@tenant_option
@json_option
def write_command(*, account: str, file: int, out: Path, tenant: str | None, as_json: bool) -> None:
    """Write file FILE of ACCOUNT once more, byte for byte as it was made."""
    from faktura.flows.files import write_whole
    from faktura.services.debit_files import show_file

    with running() as app:
        desk = _debits(app, tenant)
        with app.database.read(desk.tenant.id) as tx:
            found = show_file(tx, account, file)
        path = out / found.file.filename
        write_whole(path, desk.content_of(found.file))
    state = found.file.state
    print_record({"path": str(path), "state": state, "debits": found.file.items}, as_json=as_json)
    warn(found, as_json=as_json)


@debits.command("hand-in")
@_account
@_file
@tenant_option
@json_option
def hand_in_command(*, account: str, file: int, tenant: str | None, as_json: bool) -> None:
    """Note that the bank has file FILE of ACCOUNT; statements settle it from now on."""
    from faktura.services.debit_files import hand_in

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = hand_in(tx, account, file)
    show_view(done, seller, as_json=as_json)


@debits.command("cancel")
@_account
@_file
@click.option("--reason", metavar="TEXT", required=True, help="Kept with the file.")
@click.option(
    "--bank-refused", is_flag=True, help="The bank has it and does not collect what is cancelled."
)
@click.option(
    "--invoice", "invoices", metavar="NUMBER", multiple=True,
    help="Only the debit of this invoice was refused; may be repeated.",
)  # fmt: skip
@tenant_option
@json_option
def cancel_command(  # noqa: PLR0913 - one parameter an option
    *,
    account: str,
    file: int,
    reason: str,
    bank_refused: bool,
    invoices: tuple[str, ...],
    tenant: str | None,
    as_json: bool,
) -> None:
    """Cancel file FILE of ACCOUNT: the next run collects its debits anew.

    One that was handed in only where the bank refused it: else it would be collected twice.
    """
    from faktura.services.debit_files import Cancelling, cancel_file
    from faktura.services.imports.text_fields import checked_line

    given = Cancelling(checked_line(reason), bank_refused, invoices)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = cancel_file(tx, account, file, given)
    show_view(done, seller, as_json=as_json)


def _debits(app: "App", tenant: str | None) -> "Debits":
    from faktura.flows.debit_files import Debits

    return Debits(app.database, app.content, app.adapters, app.tenant(tenant))
