"""The billing run against replaying the very rows it wrote, raw, in the same chunks.

Both start from a copy of one prepared database: the schema with its constraints and triggers, the
master data (foreign keys need it), and no billed row. Wall seconds: the databases' own work counts.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from company import RUN_DATE, TENANT, fill, open_empty
from figure import ROUNDS, Figure, Usage, at_least, below, run_alone
from postgresql import ADMIN, address, answers, drop

from faktura.flows.billing import run_billing
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import DocumentFormat
from faktura.store.database import Database, open_database

INVOICES = 3000

# What a run inserts, parents first, with the condition that picks one seal's rows.
_BY_SEAL = "tenant_id = 1 AND seal_seq = {seal}"
_BY_DOCUMENT = (
    "tenant_id = 1 AND document_id IN"
    " (SELECT id FROM document WHERE tenant_id = 1 AND seal_seq = {seal})"
)
_BY_ENTRY = (
    "tenant_id = 1 AND entry_seq IN"
    " (SELECT seq FROM journal_entry WHERE tenant_id = 1 AND seal_seq = {seal})"
)
WRITTEN = (
    ("document", _BY_SEAL),
    ("document_line", _BY_DOCUMENT),
    ("account_transaction", _BY_SEAL),
    ("journal_entry", _BY_SEAL),
    ("leg", _BY_ENTRY),
    ("event", _BY_SEAL),
    ("seal", "tenant_id = 1 AND seq = {seal}"),
    ("open_item", _BY_DOCUMENT),
    ("activity", _BY_DOCUMENT),
)


class NoFormats:
    """The bench's customers ask for no format: rendering and its checks are not measured here."""

    offered: frozenset[str] = frozenset()

    def format_of(self, format_id: str) -> DocumentFormat:
        """Never asked."""
        raise LookupError(format_id)


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds of a billing run and of its replay, and the rows of one invoice."""

    billing: float
    replay: float
    rows: float


def bill(url: str) -> int:
    """Bill the prepared company; returns the number of documents."""
    clock = FixedClock(datetime(2026, 11, 1, 6, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    try:
        return run_billing(database, TENANT, NoFormats(), RUN_DATE).totals.documents
    finally:
        database.close()


def prepare(url: str, contracts: int) -> None:
    """Fill a database for a run."""
    database: Database = open_empty(url)
    fill(database, contracts)
    database.close()


def _timed(job: Callable[[], object]) -> float:
    began = perf_counter()
    job()
    return perf_counter() - began


def measure_sqlite(folder: Path) -> Run:
    """The run and its replay on SQLite, synchronous=FULL."""
    prepared, done = folder / "prepared.db", folder / "done.db"
    prepare(f"sqlite:///{prepared}", INVOICES)
    copied(prepared, done)
    bill(f"sqlite:///{done}")
    chunks = list(_sqlite_chunks(done))
    runs: list[float] = []
    replays: list[float] = []
    for turn in range(ROUNDS):
        target = folder / f"run{turn}.db"
        copied(prepared, target)
        runs.append(_timed(partial(bill, f"sqlite:///{target}")))
        target = folder / f"replay{turn}.db"
        copied(prepared, target)
        replays.append(_replay_sqlite(target, chunks))
    rows = sum(len(rows) for chunk in chunks for _, rows in chunk)
    return Run(median(runs), median(replays), rows / INVOICES)


def copied(source: Path, target: Path) -> None:
    """Copy a database that nobody has open."""
    with sqlite3.connect(source) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copy(source, target)


_Chunk = list[tuple[str, list[tuple[object, ...]]]]


def _sqlite_chunks(path: Path) -> Iterator[_Chunk]:
    connection = sqlite3.connect(path)
    for (seal,) in connection.execute("SELECT seq FROM seal ORDER BY seq").fetchall():
        yield [
            (
                table,
                connection.execute(
                    f"SELECT * FROM {table} WHERE {condition.format(seal=seal)}"
                ).fetchall(),
            )
            for table, condition in WRITTEN
        ]
    connection.close()


def _replay_sqlite(path: Path, chunks: list[_Chunk]) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    began = perf_counter()
    for chunk in chunks:
        connection.execute("BEGIN IMMEDIATE")
        for table, rows in chunk:
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.execute("COMMIT")
    taken = perf_counter() - began
    connection.close()
    return taken


def measure_postgresql() -> Run:
    """The run and its replay by COPY of preformatted blocks on PostgreSQL."""
    names = ["faktura_bench_prepared", "faktura_bench_done", "faktura_bench_turn"]
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        drop(admin, names)
        admin.execute(f"CREATE DATABASE {names[0]}")
        prepare(address(names[0]), INVOICES)
        _clone(admin, names[0], names[1])
        bill(address(names[1]))
        chunks = list(_postgresql_chunks(address(names[1])))
        runs: list[float] = []
        replays: list[float] = []
        for _ in range(ROUNDS):
            _clone(admin, names[0], names[2])
            runs.append(_timed(partial(bill, address(names[2]))))
            _clone(admin, names[0], names[2])
            replays.append(_replay_postgresql(address(names[2]), chunks))
        drop(admin, names)
    rows = sum(block.count(b"\n") for chunk in chunks for _, block in chunk)
    return Run(median(runs), median(replays), rows / INVOICES)


def _clone(admin: psycopg.Connection, source: str, target: str) -> None:
    drop(admin, [target])
    admin.execute(f"CREATE DATABASE {target} TEMPLATE {source}")


def _postgresql_chunks(address: str) -> Iterator[list[tuple[str, bytes]]]:
    with psycopg.connect(address) as connection:
        seals = connection.execute("SELECT seq FROM seal ORDER BY seq").fetchall()
        for (seal,) in seals:
            blocks = []
            for table, condition in WRITTEN:
                query = (
                    f"COPY (SELECT * FROM {table} WHERE {condition.format(seal=seal)}) TO STDOUT"
                )
                with connection.cursor().copy(query) as copy:
                    blocks.append((table, b"".join(bytes(part) for part in copy)))
            yield blocks


def _replay_postgresql(address: str, chunks: list[list[tuple[str, bytes]]]) -> float:
    with psycopg.connect(address) as connection:
        began = perf_counter()
        for no, chunk in enumerate(chunks):
            for table, block in chunk:
                with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(block)
            if no == 0:
                # As the run does: plans for tables that were empty are made anew.
                connection.execute(f"ANALYZE {', '.join(table for table, _ in WRITTEN)}")
            connection.commit()
        return perf_counter() - began


def bill_alone(path: str) -> None:
    """Bill a prepared SQLite file; run in a process of its own for CPU and memory."""
    bill(f"sqlite:///{path}")


def measure_growth(folder: Path) -> list[Figure]:
    """CPU seconds an invoice from 1,000 to 100,000 contracts, and peak memory."""
    sizes = (1_000, 10_000, 100_000)
    for contracts in sizes:
        prepare(f"sqlite:///{folder / f'growth{contracts}.db'}", contracts)
    usages: dict[int, list[Usage]] = {contracts: [] for contracts in sizes}
    for _ in range(ROUNDS):
        for contracts in sizes:
            usages[contracts].append(_bill_a_copy(folder, contracts))
    cpu = {
        contracts: median(usage.cpu_seconds for usage in found) / contracts * 1e6
        for contracts, found in usages.items()
    }
    peak = {
        contracts: median(usage.peak_mb for usage in found) for contracts, found in usages.items()
    }
    growth, memory = cpu[100_000] / cpu[1_000], peak[100_000] / peak[10_000]
    return [
        Figure(
            "billing-growth-100k", cpu[100_000], "us/invoice", cpu[1_000], growth, "<= 1.2x",
            growth <= 1.2,
        ),
        Figure(
            "billing-memory-100k", peak[100_000], "MB", peak[10_000], memory, "<= 1.1x",
            memory <= 1.1,
        ),
        below("billing-memory-ceiling", peak[100_000], "MB", 300),
    ]  # fmt: skip


def _bill_a_copy(folder: Path, contracts: int) -> Usage:
    target = folder / "growing.db"
    copied(folder / f"growth{contracts}.db", target)
    try:
        return run_alone("billing", "bill_alone", str(target))
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)


def _against_replay(name: str, run: Run, factor: float) -> list[Figure]:
    rate, limit = INVOICES / run.billing, INVOICES / run.replay
    return [
        at_least(name, rate, "invoices/s", limit, factor),
        Figure(f"{name}-rows", run.rows, "rows/invoice", None, None, "shown", ok=True),
    ]


def measure() -> list[Figure]:
    """All figures of the billing run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = _against_replay("billing-sqlite", measure_sqlite(folder), 0.20)
        if answers():
            figures += _against_replay("billing-postgresql", measure_postgresql(), 0.45)
        figures += measure_growth(folder)
    return figures
