"""A copy of a database in a process of its own that is killed at its n-th bulk write (n=0: never)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.services.copying.scene import NOW, copied
from tests.services.dying import die_at_write

import faktura.store.table_copy
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import open_database


def main(source: str, target: str, dies_at: int) -> None:
    """Copy two rows at a time and die on the way."""
    faktura.store.table_copy._PAGE = 2
    die_at_write(dies_at)
    clock = FixedClock(NOW)
    databases = [open_database(url, clock, Uuid7Source(clock)) for url in (source, target)]
    copied(databases[0], databases[1])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
