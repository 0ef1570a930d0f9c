"""faktura changes: up- and downgrade, align and terminate contracts, after trying it out."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.change_shape import show_steps
from faktura.cli.imports import file_argument
from faktura.cli.options import json_option, tenant_option
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.services.imports.change_fields import WhatIfStep

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show the documents and postings it would make; write nothing."
)


@click.group()
def changes() -> None:
    """Up- and downgrade, align and terminate contracts; --dry-run shows what it would bill."""


@changes.command("small-upgrade")
@click.argument("contract")
@file_argument
@dry_run_option
@tenant_option
@json_option
def small_upgrade_command(
    *, contract: str, file: Path, dry_run: bool, tenant: str | None, as_json: bool
) -> None:
    """Change items or quantities of CONTRACT as the JSON FILE says (F068)."""
    step = _step({"smallUpgrade": _object(file)})
    _take(contract, [step], tenant, dry_run=dry_run, as_json=as_json)


@changes.command("large-upgrade")
@click.argument("contract")
@file_argument
@dry_run_option
@tenant_option
@json_option
def large_upgrade_command(
    *, contract: str, file: Path, dry_run: bool, tenant: str | None, as_json: bool
) -> None:
    """End CONTRACT and go on with a successor as the JSON FILE says (F069)."""
    step = _step({"largeUpgrade": _object(file)})
    _take(contract, [step], tenant, dry_run=dry_run, as_json=as_json)


@changes.command("align")
@click.argument("contract")
@click.option("--from", "day", required=True, metavar="YYYY-MM-DD", help="First day of the cycle.")
@click.option("--item", "items", multiple=True, metavar="ID", help="Only this item; repeatable.")
@click.option("--text", default="", help="Printed on the lines of the stub period.")
@dry_run_option
@tenant_option
@json_option
def align_command(
    *, contract: str, dry_run: bool, tenant: str | None, as_json: bool, **given: object
) -> None:
    """Count service periods of CONTRACT from another day on, billed or not (F029)."""
    names = {"day": "startOfNewServicePeriod", "items": "itemIds", "text": "text"}
    step = _step({"alignCycle": _named(names, given)})
    _take(contract, [step], tenant, dry_run=dry_run, as_json=as_json)


@changes.command("terminate")
@click.argument("contract")
@click.option("--end", metavar="YYYY-MM-DD", help="First day after it; by default the earliest.")
@click.option("--notice-on", metavar="YYYY-MM-DD", help="When notice was received; today.")
@click.option("--to-the-day", is_flag=True, help="Credit what is billed beyond the end (F013).")
@click.option("--extraordinary", is_flag=True, help="Let it end before notice would allow.")
@click.option("--reason", default="", help="For the history.")
@dry_run_option
@tenant_option
@json_option
def terminate_command(
    *, contract: str, dry_run: bool, tenant: str | None, as_json: bool, **given: object
) -> None:
    """End CONTRACT by notice, or on another day on purpose (F013, F033)."""
    names = {
        "end": "end",
        "notice_on": "noticeOn",
        "to_the_day": "toTheDay",
        "extraordinary": "extraordinary",
        "reason": "reason",
    }
    step = _step({"terminate": _named(names, given)})
    _take(contract, [step], tenant, dry_run=dry_run, as_json=as_json)


def try_out(file: Path, tenant: str | None, *, as_json: bool) -> None:
    """Show what the changes of a file would do; nothing is written (O11)."""
    from faktura.services.imports.change_fields import WhatIfFile
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of

    given = fields_of(WhatIfFile, _object(file), Form.FILE)
    _take(given.contract_number, list(given.changes), tenant, dry_run=True, as_json=as_json)


def _object(path: Path) -> dict[str, object]:
    from faktura.kernel.errors import FileUnreadable
    from faktura.services.imports.entries import ImportFile
    from faktura.services.imports.json_entries import json_object

    try:
        file = ImportFile(path.name, path.read_bytes())
    except OSError as error:
        raise FileUnreadable(f"{error.strerror}", place=str(path)) from None
    return json_object(file.text)


def _named(names: Mapping[str, str], given: Mapping[str, object]) -> dict[str, object]:
    """Options under the names of the request; what was not given is left out."""
    found: dict[str, object] = {}
    for option, name in names.items():
        value = given[option]
        if value is not None and value != ():
            found[name] = list(value) if isinstance(value, tuple) else value
    return found


def _step(given: Mapping[str, object]) -> "WhatIfStep":
    from faktura.services.imports.change_fields import WhatIfStep
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of

    return fields_of(WhatIfStep, given, Form.FILE)


def _take(
    contract: str,
    steps: "list[WhatIfStep]",
    tenant: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from faktura.services.change_steps import take_steps
    from faktura.services.issuing import Desk
    from faktura.services.simulated_dates import local_today
    from faktura.services.upgrades import Asked

    with running() as app:
        seller = app.tenant(tenant)
        desk = Desk(seller, app.adapters.formats(seller.id))
        opened = app.database.rehearse if dry_run else app.database.write
        with opened(seller.id) as tx:
            asked = Asked(contract, local_today(tx, seller, contract_number=contract))
            taken = take_steps(tx, desk, asked, steps)
    show_steps(taken, dry_run=dry_run, as_json=as_json)
