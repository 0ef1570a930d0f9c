"""faktura mails bounces: reports of what could not be delivered, brought in and listed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_records
from faktura.cli.session import running
from faktura.kernel.errors import FakturaError

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.store.mail_bounces import Bounce

_MOST_BYTES = 32 * 1024 * 1024


@click.group()
def bounces() -> None:
    """Bring in and list reports of addresses that mails did not reach."""


@bounces.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@tenant_option
@json_option
def import_command(*, files: tuple[Path, ...], tenant: str | None, as_json: bool) -> None:
    """Bring in mails that came back, each a FILE as it was received (RFC 3464).

    A report is matched by its envelope or the message id of what came back; a second time it adds
    nothing. What cannot be read is named, and the others are brought in.
    """
    with running() as app:
        tenant_id = app.tenant_id(tenant)
        records = [_brought_in(app, tenant_id, file) for file in files]
    print_records(records, columns=["file", "mail", "addresses", "new", "problem"], as_json=as_json)
    if any(one["problem"] for one in records):
        sys.exit(1)


def _brought_in(app: "App", tenant_id: int, file: Path) -> dict[str, object]:
    from faktura.domain.mail_bounces import read_report
    from faktura.flows.files import read_bounded
    from faktura.services.bounce_reports import bring_in

    try:
        report = read_report(read_bounded(file, _MOST_BYTES))
        with app.database.write(tenant_id) as tx:
            found = bring_in(tx, report)
    except FakturaError as error:
        nothing = {"mail": None, "addresses": 0, "new": 0}
        return {"file": file.name, **nothing, "problem": str(error)}
    return {
        "file": file.name,
        "mail": str(found.mail_id),
        "addresses": found.addresses,
        "new": found.new,
        "problem": None,
    }


@bounces.command("list")
@click.option("--mail", "mail_id", type=click.UUID, help="Only the addresses of this mail.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True)
@tenant_option
@json_option
def list_command(*, mail_id: UUID | None, limit: int, tenant: str | None, as_json: bool) -> None:
    """List addresses that mails did not reach, with what was said of them."""
    from faktura.store.mail_bounces import list_bounces

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            wanted = None if mail_id is None else [mail_id]
            found = list_bounces(tx, mail_ids=wanted, limit=limit)
    zone = None if as_json else seller.time_zone
    print_records(
        [_record(one, zone) for one in found],
        columns=["mail", "recipient", "kind", "status", "said", "at"],
        as_json=as_json,
        nothing="No mail came back.",
    )


def _record(bounce: "Bounce", zone: str | None) -> dict[str, object]:
    return {
        "mail": str(bounce.mail_id),
        "recipient": bounce.refusal.recipient,
        "kind": bounce.refusal.kind.value,
        "status": bounce.refusal.status,
        "said": bounce.refusal.said,
        "at": bounce.at.isoformat() if zone is None else local_minute(bounce.at, zone),
    }
