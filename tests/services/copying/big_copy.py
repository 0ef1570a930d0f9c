"""A copy of very many rows in a process of its own, which tells its time and its highest memory."""

import json
import resource
import sys
from itertools import islice
from pathlib import Path
from time import perf_counter
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[3]))

from collections.abc import Iterator

from sqlalchemy import Table
from tests.any_rows import any_row
from tests.services.copying.scene import NOW, copied

from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.bulk import Row, bulk_write
from faktura.store.database import Database, open_database
from faktura.store.tables import (
    account_transaction,
    chain_head,
    customer,
    event,
    event_detail,
    journal_entry,
    leg,
    seal,
    tenant,
)

_PAGE = 10_000
# Legs with their entries, events with what they say, seals: where a company has most of its rows.
SHARES = (
    (journal_entry, 10),
    (leg, 30),
    (event, 20),
    (event_detail, 20),
    (seal, 10),
    (account_transaction, 10),
)


def fill(source: Database, rows: int) -> int:
    """So many rows, of different keys and texts; returns how many there are."""
    with source.write(0) as tx:
        for table in (tenant, chain_head, customer):
            bulk_write(tx, table, [tuple(any_row(table).values())])
    total = 3
    for table, share in SHARES:
        made = _rows(table, rows * share // 100)
        while page := list(islice(made, _PAGE)):
            with source.write(0) as tx:
                bulk_write(tx, table, page)
            total += len(page)
    return total


def _rows(table: Table, rows: int) -> Iterator[Row]:
    """A row a number; of legs three an entry."""
    template = any_row(table)
    for no in range(rows):
        row = template | {"tenant_id": 1}
        match table.name:
            case "journal_entry":
                row |= {"seq": no, "entry_key": f"entry-{no}", "document_id": None}
            case "leg":
                row |= {"entry_seq": no // 3, "no": no % 3}
            case "event" | "event_detail":
                row |= {"object_id": UUID(int=no * 2**64), "sequence": no}
            case _:
                row |= {"seq" if "seq" in row else "no": no}
        yield tuple(row.values())


def main(source_url: str, target_url: str, rows: int) -> None:
    """Fill, copy, compare; print what it took."""
    clock = FixedClock(NOW)
    source, target = (
        open_database(url, clock, Uuid7Source(clock)) for url in (source_url, target_url)
    )
    total = fill(source, rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = perf_counter()
    done = copied(source, target)
    sys.stdout.write(
        json.dumps(
            {
                "rows": total,
                "proved": sum(table.rows for table in done.tables),
                "equal": done.equal,
                "seconds": round(perf_counter() - began, 1),
                "before_kib": before,
                "highest_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
