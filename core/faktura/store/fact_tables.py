"""Tables of facts and what of them is sealed: writer and verifier share this one place.

Sealed is every column but the tenant, the hash itself and the seal's number; of a part every
column after its fact's key. So a value that is changed anywhere is found by `faktura verify`.
"""

from collections.abc import Iterable
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
    for values, own in facts:
        listed = list(own)
        digest = fact_digest(values, *listed)
        digests.append(digest)
        rows.append((tenant, *values, digest, seal_seq))
        if listed:
            key = values[0]
            parts.extend((tenant, key, *part) for part in listed)
    bulk_write(tx, kind.table, rows)
    if kind.parts is not None:
        bulk_write(tx, kind.parts, parts)
    return digests
