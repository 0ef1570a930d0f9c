"""faktura accounting: what auditors ask for."""

from pathlib import Path

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import force_option, json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running


@click.command("audit-pack")
@click.argument("invoice")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; INVOICE.zip in this folder without it.",
)
@force_option
@tenant_option
@json_option
def audit_pack(
    *, invoice: str, out: Path | None, force: bool, tenant: str | None, as_json: bool
) -> None:
    """Write one zip with all that explains INVOICE, which proves itself: faktura verify --pack."""
    from faktura.flows.audit_packs import write_pack
    from faktura.flows.files import check_absent

    target = out or Path(f"{invoice}.zip")
    if not force:
        check_absent(target)
    with running() as app:
        done = write_pack(app.database, app.content, app.tenant(tenant), invoice, target)
    print_record(
        {
            "path": str(done.path),
            "documents": ", ".join(done.documents),
            "facts": done.facts,
            "seals": done.seals,
            "files": done.files,
            "sha256": done.sha256,
        },
        as_json=as_json,
    )


@click.command("chain-head")
@tenant_option
@json_option
def chain_head(*, tenant: str | None, as_json: bool) -> None:
    """Show where the chain of seals ends: keep it elsewhere, e.g. mail it to your auditor.

    `faktura verify --head FILE` proves later that the books still hold this very seal.
    """
    from faktura.services.audit_packs import chain_head_of

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            head = chain_head_of(tx, seller)
    print_record(
        {
            "tenant": head.tenant,
            "seal": head.seal,
            "hash": head.hash,
            "taken_at": head.taken_at.isoformat()
            if as_json
            else local_minute(head.taken_at, seller.time_zone),
        },
        as_json=as_json,
    )
