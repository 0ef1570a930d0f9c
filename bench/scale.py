"""A billing run over many contracts and several worker processes, on PostgreSQL.

`python bench/scale.py CONTRACTS [WORKERS]` measures that size against 1,000 contracts and one worker:
CPU of workers and of their database sessions an invoice, memory on the way, and the part of a chunk's
time for which number range and chain are locked. `make bench` does it for 50,000 and compares one
worker with two. The machine's processors are shared by workers and server, and the figures say so.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, time

import psycopg
from billing import NoFormats, prepare
from company import RUN_DATE, TENANT
from figure import ROUNDS, Figure, below
from postgresql import ADMIN, address, answers, drop
from sqlalchemy import Connection, event

from faktura.flows.billing import run_billing
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import Database, open_database

_PREPARED, _TURN = "faktura_bench_scale", "faktura_bench_scale_turn"
_SMALL, _LARGE = 1_000, 50_000
_LOCKED_GOAL, _MEMORY_GOAL = 0.35, 300
# Server and processors of the machine: what a process took is counted in hundredths of a second.
_TICKS = 100


@dataclass
class Worker:
    """What one worker process took; `resident` is its memory in MB after each of its chunks."""

    began: float = 0.0
    ended: float = 0.0
    cpu: float = 0.0
    server_cpu: float = 0.0
    contracts: int = 0
    locked: float = 0.0
    in_chunks: float = 0.0
    resident: list[float] = field(default_factory=list)

    @property
    def locked_share(self) -> float:
        """The part of its chunks' time for which it held the number range."""
        return self.locked / self.in_chunks if self.in_chunks else 0.0


class _Locks:
    """Watches one connection's transactions: when each began, locked the number range, was over."""

    def __init__(self, worker: Worker, database: Database) -> None:
        self._worker = worker
        self._began = self._asked = self._locked = 0.0
        event.listen(database.engine, "begin", self._on_begin)
        event.listen(database.engine, "before_cursor_execute", self._before)
        event.listen(database.engine, "after_cursor_execute", self._after)
        event.listen(database.engine, "checkin", self._on_end)

    def _on_begin(self, _connection: Connection) -> None:
        self._began, self._locked = perf_counter(), 0.0

    def _before(self, *given: object) -> None:
        if str(given[2]).startswith("UPDATE number_range"):
            self._asked = perf_counter()

    def _after(self, *given: object) -> None:
        if str(given[2]).startswith("UPDATE number_range"):
            self._locked = perf_counter()

    def _on_end(self, *_given: object) -> None:
        if not self._locked:
            return
        over = perf_counter()
        self._worker.locked += over - self._locked
        # What it waited for others' locks is no work of its own chunk.
        self._worker.in_chunks += over - self._began - (self._locked - self._asked)
        self._locked = 0.0


def work(url: str) -> Worker:
    """Bill a prepared company together with whoever else does, in this process."""
    clock = FixedClock(datetime(2026, 11, 1, 6, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    worker = Worker(began=time())
    _Locks(worker, database)

    def count(contracts: int) -> None:
        worker.contracts += contracts
        worker.resident.append(_resident_mb())

    started = process_time()
    run_billing(database, TENANT, NoFormats(), RUN_DATE, progress=count)
    worker.cpu, worker.ended = process_time() - started, time()
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is not None:
            worker.server_cpu = _cpu_of(driver.info.backend_pid)
    database.close()
    return worker


def _resident_mb() -> float:
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) / 1024
    raise LookupError("VmRSS")


def _cpu_of(pid: int) -> float:
    """CPU seconds of a process of this machine; 0 where the server is elsewhere."""
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return 0.0
    counted = status.read_text().rpartition(")")[2].split()
    return (int(counted[11]) + int(counted[12])) / _TICKS


def run(url: str, workers: int) -> list[Worker]:
    """Bill with that many processes at once."""
    command = [sys.executable, __file__, "--work", url]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
    done = []
    for process in started:
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"a worker ended with {process.returncode}")
        done.append(Worker(**json.loads(said)))
    return done


def _on_a_copy(admin: psycopg.Connection, source: str, workers: int) -> list[Worker]:
    drop(admin, [_TURN])
    admin.execute(f"CREATE DATABASE {_TURN} TEMPLATE {source}")
    try:
        return run(address(_TURN), workers)
    finally:
        drop(admin, [_TURN])


def _prepared(admin: psycopg.Connection, contracts: int) -> str:
    name = f"{_PREPARED}_{contracts}"
    drop(admin, [name])
    admin.execute(f"CREATE DATABASE {name}")
    prepare(address(name), contracts)
    # A company of that size is not new: the server has looked at its tables.
    with psycopg.connect(address(name), autocommit=True) as connection:
        connection.execute("ANALYZE")
    return name


def measure_size(contracts: int, workers: int, *, compare: bool) -> list[Figure]:
    """A run of that size over that many workers; with `compare` over one as well."""
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        names = [_prepared(admin, _SMALL)]
        try:
            small = [_on_a_copy(admin, names[0], 1) for _ in range(ROUNDS)]
            names.append(_prepared(admin, contracts))
            alone = _on_a_copy(admin, names[1], 1) if compare else None
            together = run(address(names[1]), workers)
        finally:
            drop(admin, names)
    figures = _figures(contracts, together, median(_cpu(one) for one in small))
    if alone is not None:
        faster = _wall(alone) / _wall(together)
        figures.append(_shown(f"scale-{contracts}-speed-up-of-{workers}", faster, "times"))
    return figures


def _figures(contracts: int, workers: Sequence[Worker], small: float) -> list[Figure]:
    name = f"scale-{contracts}"
    cpu, peak = _cpu(workers), max(max(one.resident) for one in workers)
    growth = cpu / small
    early = max(one.resident[len(one.resident) // 10] for one in workers)
    late = max(one.resident[-1] for one in workers)
    locked = sum(one.locked for one in workers) / sum(one.in_chunks for one in workers)
    served = sum(one.server_cpu for one in workers) / contracts * 1e6
    return [
        Figure(f"{name}-cpu", cpu, "us/invoice", small, growth, "<= 1.2x", growth <= 1.2),
        _shown(f"{name}-server-cpu", served, "us/invoice"),
        below(f"{name}-memory-of-a-worker", peak, "MB", _MEMORY_GOAL),
        Figure(
            f"{name}-memory-growth", late, "MB", early, late / early, "<= 1.1x", late <= 1.1 * early
        ),
        below(f"{name}-numbers-locked", locked, "of a chunk", _LOCKED_GOAL),
        _shown(f"{name}-rate", contracts / _wall(workers), "invoices/s"),
    ]  # fmt: skip


def _shown(name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, unit, None, None, "shown", ok=True)


def _cpu(workers: Sequence[Worker]) -> float:
    """CPU microseconds of the workers an invoice."""
    return sum(one.cpu for one in workers) / sum(one.contracts for one in workers) * 1e6


def _wall(workers: Sequence[Worker]) -> float:
    return max(one.ended for one in workers) - min(one.began for one in workers)


def measure() -> list[Figure]:
    """The figures of `make bench`."""
    if not answers():
        print("scale: left out, no PostgreSQL answers")
        return []
    return measure_size(_LARGE, 2, compare=True)


if __name__ == "__main__":
    if sys.argv[1] == "--work":
        print(json.dumps(asdict(work(sys.argv[2]))))
    else:
        size, hands = (int(given) for given in (*sys.argv[1:], "2")[:2])
        for figure in measure_size(size, hands, compare=size <= _LARGE):
            print(figure.line(), flush=True)
