"""Images of documents at a linked system, each under an id of our own that its rows name."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from faktura.domain.document_kinds import WITHOUT_LINES
from faktura.store.bulk import Row, bulk_write
from faktura.store.export_entries import Selection, conditions_of
from faktura.store.tables import document, document_upload, export_entry, journal_entry
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class WantedImage:
    """A document whose image is to lie at the target under `guid`."""

    document_id: UUID
    number: str
    guid: UUID
    issued_on: date


def allocate_guids(tx: Tx, wanted: Selection) -> int:
    """Give an id to each document of the selected entries that has none; how many are new.

    An opening item has no image of ours, and charges of dunning have none at all.
    """
    e, d, u = journal_entry.c, document.c, document_upload.c
    has_one = exists().where(
        u.tenant_id == d.tenant_id, u.target == wanted.target, u.document_id == d.id
    )
    rows = tx.connection.execute(
        select(d.id)
        .distinct()
        .join(journal_entry, (e.tenant_id == d.tenant_id) & (e.document_id == d.id))
        .where(
            d.tenant_id == tx.tenant_id,
            d.kind.not_in(sorted(WITHOUT_LINES)),
            *conditions_of(tx, wanted),
            ~has_one,
        )
        .order_by(d.id)
    ).scalars()
    new: list[Row] = [
        (tx.tenant_id, wanted.target, found, _guid(tx), None, None) for found in rows.all()
    ]
    bulk_write(tx, document_upload, new)
    return len(new)


def _guid(tx: Tx) -> UUID:
    """An id in the form of a random one: other systems take no other kind."""
    return UUID(int=tx.new_id().int, version=4)


def images_to_send(tx: Tx, target: str, batch: int) -> list[WantedImage]:
    """Documents of a batch's entries whose image is not at the target yet, by number."""
    e, d, x, u = journal_entry.c, document.c, export_entry.c, document_upload.c
    rows = tx.connection.execute(
        select(d.id, d.number, u.guid, d.issued_on)
        .distinct()
        .join(journal_entry, (e.tenant_id == d.tenant_id) & (e.document_id == d.id))
        .join(export_entry, (x.tenant_id == e.tenant_id) & (x.entry_seq == e.seq))
        .join(document_upload, (u.tenant_id == d.tenant_id) & (u.document_id == d.id))
        .where(
            d.tenant_id == tx.tenant_id,
            x.target == target,
            x.batch_no == batch,
            u.target == target,
            u.uploaded_at.is_(None),
        )
        .order_by(d.number)
    )
    return [WantedImage(row.id, row.number, row.guid, row.issued_on) for row in rows]


def mark_uploaded(tx: Tx, target: str, document_id: UUID, sha256: bytes) -> None:
    """The image of the document lies at the target."""
    u = document_upload.c
    tx.connection.execute(
        document_upload.update()
        .where(u.tenant_id == tx.tenant_id, u.target == target, u.document_id == document_id)
        .values(sha256=sha256, uploaded_at=tx.now())
    )
