"""Importing a file: read it first, then one transaction writes all of it or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from faktura.domain.tenants import Tenant
from faktura.services.imports.entries import ImportFile
from faktura.store.database import Database
from faktura.store.transaction import Tx

Sheet = TypeVar("Sheet")
Receipt = TypeVar("Receipt")


class _Rehearsed(Exception):
    """Ends a rehearsal, so that its transaction is rolled back."""


@contextmanager
def _rehearsal(database: Database, tenant_id: int) -> Iterator[Tx]:
    try:
        with database.write(tenant_id) as tx:
            yield tx
            raise _Rehearsed
    except _Rehearsed:
        return


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
    opened = _rehearsal if rehearse else Database.write
    with opened(database, tenant.id) as tx:
        return write(tx, tenant, sheet)
