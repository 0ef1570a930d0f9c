"""`faktura verify`'s proof of the seals against hashing the same rows in a bare loop.

The bare loop reads every row of facts with the driver alone and hashes it as JSON; the proof reads
the same rows, puts parts to their facts, hashes them, and checks every seal and link. SQLite, in this
process: CPU seconds.
"""

import json
import sqlite3
import tempfile
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from billing import bill, prepare
from figure import Figure, at_least, interleaved

from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.services.proof_of_seals import seals_hold
from faktura.store.database import open_database
from faktura.store.fact_tables import FACT_TABLES

_CONTRACTS, _GOAL = 3000, 0.3
_TABLES = [
    table.name for kind in FACT_TABLES for table in (kind.table, kind.parts) if table is not None
]


def measure() -> list[Figure]:
    """Rows proved in a CPU second, and rows hashed bare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "books.db")
        prepare(f"sqlite:///{path}", _CONTRACTS)
        bill(f"sqlite:///{path}")
        rows = _hash_bare(path)
        proof, bare = interleaved(partial(_prove, path), partial(_hash_bare, path))
    return [at_least("verify-seals-sqlite", rows / proof, "rows/s", rows / bare, _GOAL)]


def _prove(path: Path) -> None:
    clock = FixedClock(datetime(2026, 11, 1, 6, tzinfo=UTC))
    database = open_database(f"sqlite:///{path}", clock, Uuid7Source(clock))
    with database.read(1) as tx:
        found = list(seals_hold(tx))
    database.close()
    if found:
        raise RuntimeError(f"the books are broken: {found[0]}")


def _hash_bare(path: Path) -> int:
    """Read and hash every row; returns how many."""
    encode = json.JSONEncoder(default=bytes.hex).encode
    count = 0
    connection = sqlite3.connect(path)
    for table in _TABLES:
        for row in connection.execute(f"SELECT * FROM {table}"):
            sha256(encode(row).encode()).digest()
            count += 1
    connection.close()
    return count
