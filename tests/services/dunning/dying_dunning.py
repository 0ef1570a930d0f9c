"""A dunning run in a process of its own that is killed at its n-th bulk write (n=0: never)."""

import os
import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import faktura.services.dunning
import faktura.store.bulk
from faktura.flows.dunning import run_dunning
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import open_database
from faktura.store.tenants import read_tenant


def main(url: str, day: str, dies_at: int) -> None:
    """Dun in chunks of two documents and die on the way."""
    faktura.services.dunning.DOCUMENTS_A_CHUNK = 2
    left = dies_at
    write = faktura.store.bulk.encode

    def counting(*args: object) -> object:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return write(*args)  # type: ignore[arg-type]  # whatever it takes is passed on

    faktura.store.bulk.encode = counting  # type: ignore[assignment]  # counts what is written
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    with database.read(1) as tx:
        tenant = read_tenant(tx)
    run_dunning(database, tenant, date.fromisoformat(day))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
