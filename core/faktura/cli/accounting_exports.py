"""faktura accounting export: files for other bookkeeping programs, as numbered batches."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, check_order, day
from faktura.cli.export_options import export_options
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, progress, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.flows.exports import ExportReceipt
    from faktura.plugin import ExportOptions
    from faktura.services.exports import ExportRequest, Waiting

_USAGE = "give --from and --to, or --again alone"


@click.command()
@click.argument("target")
@click.option("--from", "start", metavar=DAY, help="First accounting date.")
@click.option("--to", "end", metavar=DAY, help="Last accounting date.")
@click.option(
    "--again", type=click.IntRange(1, 10**9), help="Write the files of this batch once more."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder; each batch gets a folder of its own in it.",
)
@export_options
@tenant_option
@json_option
def export(  # noqa: PLR0913 - a command's options are its parameters
    *,
    target: str,
    start: str | None,
    end: str | None,
    again: int | None,
    out: Path,
    options: "ExportOptions",
    without_drafts: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Export what was never exported to TARGET (e.g. datev), or repeat a batch byte for byte.

    What an option leaves out goes with a later export that has it.
    """
    from faktura.flows.exports import (
        ExportReceipt,
        export_entries,
        find_batch,
        write_batch_files,
    )
    from faktura.flows.files import check_writable
    from faktura.kernel.clock import local_date

    request = _request(start, end, options, without_drafts=without_drafts)
    if (request is None) is (again is None):
        raise click.UsageError(_USAGE)
    with running() as app, progress("Exporting", None):
        check_writable(out)
        seller = app.tenant(tenant)
        if request is None:
            batch = find_batch(app.database, seller.id, target, again or 0)
            receipt = ExportReceipt(batch, 0)
        else:
            exporter = app.adapters.exporter(seller.id, target)
            receipt = export_entries(app.database, app.content, seller, exporter, request)
        kept = receipt.batch
        paths = write_batch_files(app.content, seller.id, kept, out) if kept else []
        is_over = request is None or request.end < local_date(app.clock, seller.time_zone)
    show_batch(target, receipt, paths, as_json=as_json)
    if not is_over:
        say("These days are not over: what is posted yet needs another export.", as_json=as_json)


def _request(
    start: str | None, end: str | None, options: "ExportOptions", *, without_drafts: bool
) -> "ExportRequest | None":
    """What is asked for; None where neither day is given."""
    from faktura.services.exports import ExportRequest

    first, last = day(start, "--from"), day(end, "--to")
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise click.UsageError(_USAGE)
    check_order(first, last)
    return ExportRequest(first, last, options, without_drafts)


def show_batch(target: str, receipt: "ExportReceipt", paths: list[Path], *, as_json: bool) -> None:
    """Print what an export did, where its files lie, and what it does not hold."""
    batch = receipt.batch
    files = [
        {"path": str(path), "rows": file.rows, "sha256": file.sha256, "notes": list(file.notes)}
        for path, file in zip(paths, batch.files if batch else (), strict=True)
    ]
    if as_json:
        number = batch.number if batch else None
        waiting = _plain(receipt.waiting)
        print_json({"target": target, "batch": number, "files": files, **waiting})
        return
    if batch is None:
        say(f"Nothing to export to {target}: no entry of these days is left.", as_json=False)
    else:
        title = f"{target} batch {batch.number}: {batch.start} to {batch.end}"
        columns = ("path", "rows", "notes")
        print_records(files, columns=columns, as_json=False, title=title)
    for warning in warnings_of(receipt.waiting):
        say(warning, as_json=False)


def warnings_of(waiting: "Waiting") -> list[str]:
    """What an export does not hold though somebody may expect it, in sentences."""
    found = []
    if waiting.drafts:
        keys = ", ".join(f"{key} ({count})" for key, count in waiting.missing)
        found.append(
            f"{waiting.drafts} entries of these days wait for an account and are not exported:"
            f" {keys}"
        )
    if waiting.deferrals:
        found.append(
            f"{waiting.deferrals} deferrals have months of these days that are not posted yet:"
            " post them (faktura accounting release), then export these days again"
        )
    if waiting.late:
        found.append(
            f"{waiting.late} entries of other days came in after those days were exported:"
            " export these days again, the batch holds nothing else"
        )
    return found


def _plain(waiting: "Waiting") -> dict[str, object]:
    return {
        "drafts": waiting.drafts,
        "missing": [{"key": key, "drafts": count} for key, count in waiting.missing],
        "deferrals": waiting.deferrals,
        "late": waiting.late,
    }
