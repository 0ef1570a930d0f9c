"""faktura accounting batches: what was exported, where it stands, and taking it back."""

from typing import TYPE_CHECKING

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator

if TYPE_CHECKING:
    from faktura.store.exports import StoredBatch

_COLUMNS = ("target", "batch", "from", "to", "state", "entries", "rows", "made")
_ALL = 1_000_000


@click.group()
def batches() -> None:
    """Show exported batches and take one back."""


@batches.command("list")
@click.argument("target", required=False)
@tenant_option
@json_option
def list_all(*, target: str | None, tenant: str | None, as_json: bool) -> None:
    """Show all batches, or those for TARGET, newest first."""
    from faktura.store.exports import list_batches

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = list_batches(tx, target, limit=_ALL)
    records = [_record(batch, seller.time_zone, as_json=as_json) for batch in found]
    nothing = "Nothing was exported yet."
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing=nothing)


@batches.command()
@click.argument("target")
@click.argument("number", type=click.IntRange(1, 10**9))
@tenant_option
@json_option
def show(*, target: str, number: int, tenant: str | None, as_json: bool) -> None:
    """Show one batch with its files."""
    from faktura.store.exports import read_batch

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            batch = read_batch(tx, target, number)
    record = _record(batch, seller.time_zone, as_json=as_json)
    files = [
        {"name": file.name, "rows": file.rows, "size": file.size, "sha256": file.sha256}
        for file in batch.files
    ]
    if as_json:
        print_record({**record, "files": files}, as_json=True)
        return
    print_record(record, as_json=False)
    print_records(files, columns=("name", "rows", "size", "sha256"), as_json=False)


@batches.command()
@click.argument("target")
@click.argument("number", type=click.IntRange(1, 10**9))
@tenant_option
@json_option
def check(*, target: str, number: int, tenant: str | None, as_json: bool) -> None:
    """Make the files of a batch once more from the journal and compare them with those kept.

    Master data is not compared: customers change. Exit code 1 where a file differs.
    """
    from faktura.flows.export_checks import check_export

    with running() as app:
        seller = app.tenant(tenant)
        exporter = app.adapters.exporter(seller.id, target)
        checked = check_export(app.database, seller, exporter, number)
    words = {True: "same", False: "differs", None: "not compared"}
    records = [{"name": one.name, "result": words[one.is_same]} for one in checked]
    print_records(records, columns=("name", "result"), as_json=as_json)
    if any(one.is_same is False for one in checked):
        raise SystemExit(1)


@batches.command()
@click.argument("target")
@click.argument("number", type=click.IntRange(1, 10**9))
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept with the batch.")
@click.option(
    "--handed-over",
    is_flag=True,
    help="Void it although the other side has it, or may have it: it must be deleted there.",
)
@tenant_option
@json_option
def void(
    *,
    target: str,
    number: int,
    reason: str,
    handed_over: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Take batch NUMBER for TARGET back: its entries go out with a later one.

    Its number is not used again and its files stay: `export --again` writes them as they were.
    """
    from faktura.services.export_batches import Voiding, void_batch

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = void_batch(tx, target, number, Voiding(reason, operator(), handed_over))
    record = _record(done.batch, seller.time_zone, as_json=as_json)
    record = {**record, "freed": done.freed, "handed_over": done.handed_over}
    print_record(record, as_json=as_json)
    if done.handed_over:
        say("The other side has it, or may have it: have it deleted there.", as_json=as_json)
    else:
        say("Whoever has its files already must not import them.", as_json=as_json)


def _record(batch: "StoredBatch", time_zone: str, *, as_json: bool) -> dict[str, object]:
    """A batch for scripts, or for people: in the tenant's time, with what was left out of it."""
    record: dict[str, object] = {
        "target": batch.target,
        "batch": batch.number,
        "from": batch.start,
        "to": batch.end,
        "state": batch.state.value,
        "entries": batch.entries,
        "rows": sum(file.rows for file in batch.files),
        "options": batch.options.model_dump(),
        "made": batch.created_at,
        "void_reason": batch.void_reason,
        "voided_at": batch.voided_at,
    }
    if as_json:
        return record
    left_out = [name for name, taken in batch.options.model_dump().items() if not taken]
    voided = batch.voided_at
    return {
        **record,
        "options": f"without {', '.join(left_out)}" if left_out else "all",
        "made": local_minute(batch.created_at, time_zone),
        "voided_at": None if voided is None else local_minute(voided, time_zone),
    }
