"""Imports a statement file in a process of its own and prints that process's peak memory in KiB.

Arguments: the database's URL, the folder of the content store on SQLite, the file.
"""

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.services.bank.statement_files import IBAN, LineParsers
from tests.services.company import NoState

from faktura.flows.statements import Bank, import_statements
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import Runtime
from faktura.store.blobs import DirectoryStore, TableStore
from faktura.store.database import open_database
from faktura.store.tenants import choose_tenant_id, read_tenant


def main(url: str, folder: str, file: str) -> None:
    """Import `file`, with the content store that belongs to the database."""
    clock = FixedClock(datetime(2026, 12, 1, 6, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    content = TableStore(database) if database.is_postgresql else DirectoryStore(Path(folder))
    with database.read(0) as tx:
        tenant_id = choose_tenant_id(tx, None)
    with database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    parsers = LineParsers(Runtime(clock, logging.getLogger("test"), NoState()))
    with Path(file).open("rb") as source:
        import_statements(Bank(database, content, parsers, tenant), source, file, IBAN)
    database.close()
    [peak] = [
        line.split()[1]
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmHWM:")
    ]
    print(peak)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
