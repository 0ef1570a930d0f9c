"""CPU seconds of storing 100,000 movements of a camt.053, and of the same ones once more.

Parsed, spooled, their keys looked up, written in one transaction; not matched. Reported, not gated:
what a database costs is its own matter. The second time another file has the same movements.
"""

import logging
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import cast

import camt_file
import psycopg
from company import TENANT, fill, open_empty
from figure import Figure
from postgresql import ADMIN, address, answers, drop
from statements import Camt

from faktura.flows.statements import Bank, Fed, import_fed
from faktura.kernel.clock import FixedClock
from faktura.plugin import Runtime, StateStore
from faktura.services.bank_accounts import add_bank_account
from faktura.store.blobs import DirectoryStore
from faktura_camt.parser import CamtSettings, CamtStatementParser

ENTRIES = 90_910
_DATABASE = "faktura_bench_imports"


def measure(entries: int = ENTRIES) -> list[Figure]:
    """On each database: new, and known already."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        camt_file.write_statement(folder / "statement.xml", entries)
        figures = _figures("sqlite", f"sqlite:///{folder / 'bench.db'}", folder, entries)
        if answers():
            with psycopg.connect(ADMIN, autocommit=True) as admin:
                drop(admin, [_DATABASE])
                admin.execute(f"CREATE DATABASE {_DATABASE}")
                try:
                    figures += _figures("postgresql", address(_DATABASE), folder, entries)
                finally:
                    drop(admin, [_DATABASE])
    return figures


def _figures(name: str, url: str, folder: Path, entries: int) -> list[Figure]:
    database = open_empty(url)
    fill(database, contracts=0)
    with database.write(TENANT.id) as tx:
        account = add_bank_account(
            tx, camt_file.ACCOUNT, holder="Messwerk GmbH", ledger_account="1200"
        )
    bank = Bank(database, DirectoryStore(folder), Camt(), TENANT)
    expected = camt_file.transactions_in(entries)
    figures = []
    for no, (what, new) in enumerate((("new", expected), ("known", 0))):
        began = process_time()
        with (folder / "statement.xml").open("rb") as file:
            records = _parser().parse(file, "statement.xml")
            fed = Fed("", bytes([no]) * 32, "statement.xml", "camt", records)
            report = import_fed(bank, account, fed)
        seconds = process_time() - began
        assert (report.new, report.duplicates) == (new, expected - new), report
        figures.append(
            Figure(f"import_{expected}_{what}_{name}", seconds, "s", None, None, "", ok=True)
        )
    database.close()
    return figures


def _parser() -> CamtStatementParser:
    clock = FixedClock(datetime(2026, 12, 1, 6, tzinfo=UTC))
    return CamtStatementParser(
        CamtSettings(), Runtime(clock, logging.getLogger("bench"), cast("StateStore", None))
    )


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
