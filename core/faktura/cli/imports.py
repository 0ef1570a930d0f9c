"""Importing a file from the command line: the same for customers, contracts and the catalogue."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from faktura.cli.output import progress
from faktura.cli.session import running
from faktura.kernel.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from faktura.domain.tenants import Tenant
    from faktura.services.imports.entries import ImportFile
    from faktura.store.transaction import Tx

Sheet = TypeVar("Sheet")
Receipt = TypeVar("Receipt")

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
dry_run_option = click.option(
    "--dry-run",
    is_flag=True,
    help="Check everything and say what would be imported; write nothing.",
)


def imported(
    path: Path,
    tenant_key: str | None,
    read: "Callable[[ImportFile], Sheet]",
    write: "Callable[[Tx, Tenant, Sheet], Receipt]",
    *,
    dry_run: bool,
) -> Receipt:
    """Import the file into the tenant; raises ImportRefused with all its errors."""
    from faktura.flows.imports import import_file
    from faktura.services.imports.entries import ImportFile

    try:
        file = ImportFile(path.name, path.read_bytes())
    except OSError as error:
        raise FileUnreadable(f"{error.strerror}", place=str(path)) from None
    with running() as app, progress(f"Importing {path.name}", None):
        return import_file(
            app.database, app.tenant(tenant_key), file, read, write, rehearse=dry_run
        )
