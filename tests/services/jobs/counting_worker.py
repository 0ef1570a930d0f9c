"""A worker process that counts its effects outside of the queue's database.

Arguments: the database's address and a folder. Each run of a job appends a line to `runs`; its
effect is a row in `effects.sqlite3`, whose key makes a repetition harmless.
"""

import asyncio
import os
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

from faktura.domain.jobs import JobName
from faktura.flows.job_context import JobContext
from faktura.flows.tasks import HANDLERS
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Registry
from faktura.kernel.clock import SystemClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.database import open_database
from faktura.store.queues import queue_of
from faktura.store.secrets import KeyRing
from faktura.worker.loop import Pace, Worker
from faktura.worker.process import until_signalled, worker_name

PACE = Pace(
    slots=8,
    lease=timedelta(seconds=6),
    pause=timedelta(milliseconds=50),
    round=timedelta(milliseconds=200),
)


def counted(folder):
    """A handler whose effects are counted in the folder."""

    def count(_context, _tenant_id, args):
        line = os.open(folder / "runs", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(line, f"{args['n']}\n".encode())
        os.close(line)
        with sqlite3.connect(folder / "effects.sqlite3", timeout=15) as effects:
            effects.execute("PRAGMA synchronous=OFF")
            effects.execute("INSERT OR IGNORE INTO effect VALUES (?)", (args["n"],))
        effects.close()

    return count


def main():
    """Work until SIGTERM, or until somebody pulls the plug."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    clock = SystemClock()
    database = open_database(url, clock, Uuid7Source(clock))
    registry = Registry()
    adapters = Adapters(registry, AdapterStore(database, KeyRing([])), clock, Installation())
    worker = Worker(
        worker_name(),
        JobContext(database, registry, adapters, DirectoryStore(folder / "content")),
        queue_of(database),
        handlers={**HANDLERS, JobName.DELIVER: counted(folder)},
        pace=PACE,
    )
    asyncio.run(until_signalled(worker, print))


if __name__ == "__main__":
    main()
