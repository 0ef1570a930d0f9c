"""A billing run in a process of its own that is killed at its n-th bulk write (n=0: never)."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.services.billing.scene import TENANT, NoFormats
from tests.services.dying import die_at_write

import faktura.services.billing
from faktura.flows.billing import run_billing
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import open_database


def main(url: str, day: str, dies_at: int) -> None:
    """Bill in chunks of two contracts and die on the way."""
    faktura.services.billing.CONTRACTS_A_CHUNK = 2
    die_at_write(dies_at)
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    run_billing(database, TENANT, NoFormats(), date.fromisoformat(day))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
