"""Tables of facts and what of them is sealed: writer and verifier share this one place.

Sealed is every column but the tenant, the hash itself and the seal's number; of a part every
column after its fact's key. So a value that is changed anywhere is found by `faktura verify`.

Columns that came after the first release of a table are sealed where they say something: empty
ones at the end are left out of the hash, so what was sealed before they came stays provable.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Table

from faktura.domain.sealing import fact_digest
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import (
    account_transaction,
    allocation,
    document,
    document_line,
    event,
    journal_entry,
    leg,
)
from faktura.store.transaction import Tx

Fact = tuple[Row, Iterable[Row]]

_FRAME = frozenset({"tenant_id", "content_hash", "seal_seq"})
# How many sealed columns a table had when its first facts were sealed.
_FIRST_WIDTHS = {"journal_entry": 10, "leg": 10, "document_line": 19}


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of facts and, where they have parts, the parts' table.

    The first sealed column is the fact's key; a part's key is (tenant, fact, no).
    """

    table: Table
    parts: Table | None = None

    @property
    def sealed(self) -> tuple[Column[object], ...]:
        """The sealed columns of a fact, in declared order."""
        return tuple(column for column in self.table.columns if column.name not in _FRAME)

    @property
    def sealed_parts(self) -> tuple[Column[object], ...]:
        """The sealed columns of a part, in declared order; none where facts have no parts."""
        return () if self.parts is None else tuple(self.parts.columns)[2:]

    @property
    def hash_at(self) -> int:
        """Where a row has its hash; the seal's number is next, columns that came later follow."""
        return list(self.table.columns.keys()).index("content_hash")

    def digest(self, values: Sequence[object], parts: Iterable[Sequence[object]]) -> bytes:
        """The hash of a fact: its sealed values and those of its parts, each in declared order."""
        return fact_digest(*self.hashed(values, parts))

    def hashed(
        self, values: Sequence[object], parts: Iterable[Sequence[object]]
    ) -> list[Sequence[object]]:
        """The rows of a fact that its hash covers, without what came later and is empty."""
        width = _FIRST_WIDTHS.get(self.table.name)
        part_width = None if self.parts is None else _FIRST_WIDTHS.get(self.parts.name)
        own = values if width is None else _without_empty_end(values, width)
        if part_width is None:
            return [own, *parts]
        return [own, *(_without_empty_end(part, part_width) for part in parts)]


def _without_empty_end(values: Sequence[object], width: int) -> Sequence[object]:
    """The values but for empty ones at the end, at least `width` of them."""
    end = len(values)
    while end > width and values[end - 1] is None:
        end -= 1
    return values[:end]


DOCUMENTS = FactTable(document, document_line)
TRANSACTIONS = FactTable(account_transaction)
ALLOCATIONS = FactTable(allocation)
ENTRIES = FactTable(journal_entry, leg)
EVENTS = FactTable(event)
FACT_TABLES = (DOCUMENTS, TRANSACTIONS, ALLOCATIONS, ENTRIES, EVENTS)


def insert_facts(tx: Tx, kind: FactTable, facts: Iterable[Fact], seal_seq: int) -> list[bytes]:
    """Write facts, each as its sealed values and those of its parts; returns their hashes."""
    tenant = tx.tenant_id
    rows: list[Row] = []
    parts: list[Row] = []
    digests: list[bytes] = []
    framed = kind.hash_at - 1
    for values, own in facts:
        listed = list(own)
        digest = kind.digest(values, listed)
        digests.append(digest)
        rows.append((tenant, *values[:framed], digest, seal_seq, *values[framed:]))
        if listed:
            key = values[0]
            parts.extend((tenant, key, *part) for part in listed)
    bulk_write(tx, kind.table, rows)
    if kind.parts is not None:
        bulk_write(tx, kind.parts, parts)
    return digests
