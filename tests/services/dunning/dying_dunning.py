"""A dunning run in a process of its own that is killed at its n-th bulk write (n=0: never)."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.services.dying import die_at_write

import faktura.services.dunning
from faktura.flows.dunning import run_dunning
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import open_database
from faktura.store.tenants import read_tenant


def main(url: str, day: str, dies_at: int) -> None:
    """Dun in chunks of two documents and die on the way."""
    faktura.services.dunning.DOCUMENTS_A_CHUNK = 2
    die_at_write(dies_at)
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    with database.read(1) as tx:
        tenant = read_tenant(tx)
    run_dunning(database, tenant, date.fromisoformat(day))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
