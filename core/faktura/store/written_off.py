"""Which documents were written off, and which of their write-offs stand: not taken back since."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from faktura.store.batches import in_batches
from faktura.store.tables import allocation, document
from faktura.store.transaction import Tx

# What the entry keys of write-offs begin with.
WRITE_OFF_KEYS = "wo:"


def written_off(tx: Tx, document_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the documents of which a write-off stands."""
    a, found = allocation.c, set[UUID]()
    for batch in in_batches(document_ids):
        found |= set(
            tx.connection.execute(
                select(a.document_id).where(
                    a.tenant_id == tx.tenant_id, a.document_id.in_(batch), _stands()
                )
            ).scalars()
        )
    return found


def is_written_off() -> ColumnElement[bool]:
    """Whether a write-off of `document` stands."""
    a, d = allocation.c, document.c
    return (
        exists()
        .where(a.tenant_id == d.tenant_id, a.document_id == d.id, _stands())
        .correlate(document)
    )


def _stands() -> ColumnElement[bool]:
    a, undoing = allocation.c, allocation.alias("undoing").c
    undone = (
        exists()
        .where(
            undoing.tenant_id == a.tenant_id,
            undoing.document_id == a.document_id,
            undoing.reverses_no == a.no,
        )
        .correlate(allocation)
    )
    return a.entry_key.startswith(WRITE_OFF_KEYS) & a.reverses_no.is_(None) & ~undone
