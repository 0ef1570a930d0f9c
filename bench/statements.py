"""Memory of importing a camt.053 of 100 MB against one of 10 MB: kept, parsed, stored, matched.

SQLite keeps the file in a directory, PostgreSQL in its table. Peak memory is the same in every run
but for a megabyte, and a run takes minutes: one of each is enough.
"""

import logging
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import camt_file
import psycopg
from company import TENANT, fill, open_empty
from figure import Figure, at_most, run_alone
from postgresql import ADMIN, address, answers, drop

import faktura_camt.reader  # noqa: F401 - the parser imports it late; imports are not measured
from faktura.flows.statements import Bank, import_statements
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import Runtime, StatementParser, StateStore
from faktura.services.bank_accounts import add_bank_account
from faktura.store.blobs import DirectoryStore, TableStore
from faktura.store.database import open_database
from faktura_camt.parser import CamtSettings, CamtStatementParser

# 10 and 100 MB.
SHORT, LONG = 9_600, 96_000
_DATABASE = "faktura_bench_statements"


class Camt:
    """The one format that is enabled."""

    def parsers(self, tenant_id: int) -> Iterator[StatementParser]:
        """Its parser, which asks its runtime for nothing."""
        clock = FixedClock(datetime(2026, 12, 1, 6, tzinfo=UTC))
        runtime = Runtime(clock, logging.getLogger("bench"), cast("StateStore", None))
        yield CamtStatementParser(CamtSettings(), runtime)


def measure(short: int = SHORT, long: int = LONG) -> list[Figure]:
    """Peak memory of the long file over that of the short one, on each database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for entries in (short, long):
            camt_file.write_statement(folder / f"{entries}.xml", entries)
        figures = [_figure("sqlite", *(_on_sqlite(folder, entries) for entries in (short, long)))]
        if answers():
            peaks = (_on_postgresql(folder, entries) for entries in (short, long))
            figures.append(_figure("postgresql", *peaks))
    return figures


def _figure(name: str, short_mb: float, long_mb: float) -> Figure:
    return at_most(f"statements-memory-{name}", long_mb, "MB", short_mb, 1.3)


def _on_sqlite(folder: Path, entries: int) -> float:
    return _peak(f"sqlite:///{folder / f'{entries}.db'}", folder, entries)


def _on_postgresql(folder: Path, entries: int) -> float:
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        drop(admin, [_DATABASE])
        admin.execute(f"CREATE DATABASE {_DATABASE}")
        try:
            return _peak(address(_DATABASE), folder, entries)
        finally:
            drop(admin, [_DATABASE])


def _peak(url: str, folder: Path, entries: int) -> float:
    database = open_empty(url)
    fill(database, contracts=0)
    with database.write(TENANT.id) as tx:
        add_bank_account(tx, camt_file.ACCOUNT, holder="Messwerk GmbH", ledger_account="1200")
    database.close()
    expected = str(camt_file.transactions_in(entries))
    path = str(folder / f"{entries}.xml")
    return run_alone("statements", "import_alone", url, path, expected).peak_mb


def import_alone(url: str, path: str, expected: str) -> None:
    """Import the file into a prepared database; run in a process of its own for its memory."""
    clock = FixedClock(datetime(2026, 12, 1, 6, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    kept = Path(path).with_suffix("")
    content = TableStore(database) if database.is_postgresql else DirectoryStore(kept)
    bank = Bank(database, content, Camt(), TENANT)
    with Path(path).open("rb") as source:
        report = import_statements(bank, source, Path(path).name, camt_file.ACCOUNT)
    assert (report.imported.new, report.matched.open) == (int(expected), int(expected)), report
    database.close()


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
