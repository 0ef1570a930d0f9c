"""The dunning run against the billing run that made its invoices, by CPU time a document.

Every invoice is overdue, of a customer of its own, and charged: a notice, interest day by day, a fee,
a document of the charges with its postings. So it is the dearest run there can be. Run as a script it
measures as many documents as its argument says.
"""

import sqlite3
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median

from billing import bill, copied, prepare
from company import TENANT
from figure import ROUNDS, Figure, Usage, at_most, below, run_alone

from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.flows.dunning import run_dunning
from faktura.kernel.clock import FixedClock
from faktura.kernel.dunning_terms import InterestRule
from faktura.kernel.ids import Uuid7Source
from faktura.services.base_rates import add_base_rate
from faktura.store.database import open_database
from faktura.store.tenants import read_tenant, update_tenant

DOCUMENTS = 100_000
ON = date(2026, 12, 21)
POLICY = DunningPolicy((DunningLevel(days=7, fee=500, interest=InterestRule.LEGAL),))


def bill_alone(path: str) -> None:
    """Bill a prepared SQLite file; run in a process of its own."""
    bill(f"sqlite:///{path}")


def dun_alone(path: str) -> None:
    """Dun a billed SQLite file; run in a process of its own."""
    clock = FixedClock(datetime(2026, 12, 21, 6, tzinfo=UTC))
    database = open_database(f"sqlite:///{path}", clock, Uuid7Source(clock))
    try:
        with database.read(TENANT.id) as tx:
            tenant = read_tenant(tx)
        run_dunning(database, tenant, ON)
    finally:
        database.close()


def _set_up(path: Path) -> None:
    """Let a prepared company charge what it duns, by a rate that is announced."""
    clock = FixedClock(datetime(2026, 11, 1, 6, tzinfo=UTC))
    database = open_database(f"sqlite:///{path}", clock, Uuid7Source(clock))
    with database.write(TENANT.id) as tx:
        update_tenant(tx, replace(read_tenant(tx), dunning=POLICY))
        add_base_rate(tx, date(2026, 7, 1), Decimal("1.27"), by="bench")
    database.close()


def _check(path: Path, documents: int) -> None:
    """Raise ValueError unless every document got its notice and its charges."""
    with sqlite3.connect(path) as connection:
        ((notices,),) = connection.execute(
            "SELECT count(*) FROM dunning_notice WHERE document_id IS NOT NULL"
        )
    connection.close()
    if notices != documents:
        raise ValueError(f"{notices} notices of {documents} documents")


def measure_documents(folder: Path, documents: int, rounds: int) -> list[Figure]:
    """CPU microseconds a document of both runs, by turns, and the dunning run's memory."""
    prepared, target = folder / "prepared.db", folder / "turn.db"
    prepare(f"sqlite:///{prepared}", documents)
    _set_up(prepared)
    billed: list[Usage] = []
    dunned: list[Usage] = []
    for _ in range(rounds):
        copied(prepared, target)
        billed.append(run_alone("dunning", "bill_alone", str(target)))
        dunned.append(run_alone("dunning", "dun_alone", str(target)))
        _check(target, documents)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
    limit, value = (
        median(usage.cpu_seconds for usage in found) / documents * 1e6 for found in (billed, dunned)
    )
    peak = median(usage.peak_mb for usage in dunned)
    return [
        at_most(f"dunning-{documents // 1000}k", value, "us/document", limit, 2),
        below("dunning-memory-ceiling", peak, "MB", 300),
    ]


def measure() -> list[Figure]:
    """The figures of the dunning run over 100,000 open invoices."""
    with tempfile.TemporaryDirectory() as name:
        return measure_documents(Path(name), DOCUMENTS, min(ROUNDS, 3))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as named:
        for figure in measure_documents(Path(named), int(sys.argv[1]), 1):
            print(figure.line())
