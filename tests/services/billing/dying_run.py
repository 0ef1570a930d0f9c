"""A billing run in a process of its own that is killed at its n-th bulk write (n=0: never)."""

import os
import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.services.billing.scene import TENANT, NoFormats

import faktura.services.billing
import faktura.store.bulk
from faktura.flows.billing import run_billing
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import open_database


def main(url: str, day: str, dies_at: int) -> None:
    """Bill in chunks of two contracts and die on the way."""
    faktura.services.billing.CONTRACTS_A_CHUNK = 2
    left = dies_at
    write = faktura.store.bulk.encode

    def counting(*args: object) -> object:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return write(*args)  # type: ignore[arg-type]

    faktura.store.bulk.encode = counting  # type: ignore[assignment]
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    run_billing(database, TENANT, NoFormats(), date.fromisoformat(day))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
