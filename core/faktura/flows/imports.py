"""Importing a file: read it first, then one transaction writes all of it or nothing."""

from collections.abc import Callable
from typing import TypeVar

from faktura.domain.tenants import Tenant
from faktura.services.imports.entries import ImportFile
from faktura.store.database import Database
from faktura.store.transaction import Tx

Sheet = TypeVar("Sheet")
Receipt = TypeVar("Receipt")


def import_file(
    database: Database,
    tenant: Tenant,
    file: ImportFile,
    read: Callable[[ImportFile], Sheet],
    write: Callable[[Tx, Tenant, Sheet], Receipt],
    *,
    rehearse: bool = False,
) -> Receipt:
    """Read a file without a database, then write it; `rehearse` takes everything back.

    Raises ImportRefused with all errors of the file. A rehearsal finds what the import would, and
    leaves numbers as they are.
    """
    sheet = read(file)
    opened = Database.rehearse if rehearse else Database.write
    with opened(database, tenant.id) as tx:
        return write(tx, tenant, sheet)
