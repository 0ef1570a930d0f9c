"""Which documents were written off or given a cash discount, as far as that was not taken back since."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from faktura.store.batches import in_batches
from faktura.store.tables import allocation, document
from faktura.store.transaction import Tx

# What the entry keys of write-offs begin with, and those of all that is given up of claims.
WRITE_OFF_KEYS = "wo:"
GIVEN_UP_KEYS = (WRITE_OFF_KEYS, "dis:")
# What those begin with that take such a posting back.
RECOVERY_KEYS = "rec:"


def written_off(tx: Tx, document_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the documents of which a write-off stands."""
    return _with(tx, document_ids, (WRITE_OFF_KEYS,))


def given_up(tx: Tx, document_ids: Sequence[UUID]) -> set[UUID]:
    """Those of which anything is given up, written off or as cash discount: its VAT is corrected."""
    return _with(tx, document_ids, GIVEN_UP_KEYS)


def _with(tx: Tx, document_ids: Sequence[UUID], keys: Sequence[str]) -> set[UUID]:
    a, found = allocation.c, set[UUID]()
    for batch in in_batches(document_ids):
        found |= set(
            tx.connection.execute(
                select(a.document_id).where(
                    a.tenant_id == tx.tenant_id, a.document_id.in_(batch), _stands(keys)
                )
            ).scalars()
        )
    return found


def is_written_off() -> ColumnElement[bool]:
    """Whether a write-off of `document` stands."""
    a, d = allocation.c, document.c
    return (
        exists()
        .where(a.tenant_id == d.tenant_id, a.document_id == d.id, _stands((WRITE_OFF_KEYS,)))
        .correlate(document)
    )


def _stands(keys: Sequence[str]) -> ColumnElement[bool]:
    a, undoing = allocation.c, allocation.alias("undoing").c
    again = allocation.alias("again").c
    # A return recovers what was given up with its payment; undoing that return gives it up again.
    given_up_again = exists().where(
        again.tenant_id == undoing.tenant_id,
        again.document_id == undoing.document_id,
        again.reverses_no == undoing.no,
    )
    undone = (
        exists()
        .where(
            undoing.tenant_id == a.tenant_id,
            undoing.document_id == a.document_id,
            undoing.reverses_no == a.no,
            ~given_up_again,
        )
        .correlate(allocation)
    )
    begins = or_(*(a.entry_key.startswith(key) for key in keys))
    return begins & a.reverses_no.is_(None) & ~undone
