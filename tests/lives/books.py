"""What the database says about a life, read with plain queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from faktura.store import tables
from faktura.store.transaction import Tx

LineKey = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Books:
    """All facts of the tenant as they stand."""

    states: Mapping[UUID, str]
    documents: Mapping[UUID, Any]
    lines: Mapping[LineKey, Any]
    taken: Mapping[LineKey, int]
    links: Sequence[Any]
    items: Mapping[UUID, Any]
    activities: Sequence[Any]
    transactions: Sequence[Any]
    allocated: Mapping[UUID, int]
    open: Mapping[UUID, int]
    legs: Sequence[Any]

    @property
    def standing(self) -> list[Any]:
        """Activities that are billed and not reversed."""
        return [row for row in self.activities if row.billed and row.reversed_by is None]

    @property
    def waiting(self) -> list[Any]:
        """Activities that wait to be billed."""
        return [row for row in self.activities if not row.billed]

    def rest(self, key: LineKey) -> int:
        """What corrections left of a line's net."""
        return int(self.lines[key].net) + self.taken.get(key, 0)


def read_books(tx: Tx) -> Books:
    """The books of the transaction's tenant."""

    def rows(table: Table) -> list[Any]:
        found = tx.connection.execute(select(table).where(table.c.tenant_id == tx.tenant_id))
        return list(found)

    taken: dict[LineKey, int] = defaultdict(int)
    for row in rows(tables.line_correction):
        taken[row.original_id, row.original_line_no] += row.net
    allocated: dict[UUID, int] = defaultdict(int)
    for row in rows(tables.allocation):
        allocated[row.document_id] += row.amount
    return Books(
        {row.id: row.state for row in rows(tables.contract)},
        {row.id: row for row in rows(tables.document)},
        {(row.document_id, row.no): row for row in rows(tables.document_line)},
        taken,
        rows(tables.document_link),
        {row.id: row for row in rows(tables.subscription_item)},
        rows(tables.activity),
        sorted(rows(tables.account_transaction), key=lambda row: int(row.no)),
        allocated,
        {row.document_id: row.open for row in rows(tables.open_item)},
        rows(tables.leg),
    )
