"""Letters whose bytes are kept: one name an owner, written once and handed out from then on."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from faktura.store.billed_facts import KeptContent
from faktura.store.tables import mail_file
from faktura.store.transaction import Tx
from faktura.store.verification import STREAM

f = mail_file.c


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter's file: its name, the SHA-256 of its bytes (32 bytes), their number, media type."""

    name: str
    sha256: bytes
    size: int
    media_type: str


def keep_letter(tx: Tx, owner_id: UUID, letter: KeptLetter) -> None:
    """Name the bytes of an owner's letter; who comes second at the same time changes nothing."""
    tx.connection.execute(
        insert(mail_file)
        .values(
            tenant_id=tx.tenant_id,
            owner_id=owner_id,
            name=letter.name,
            sha256=letter.sha256,
            size=letter.size,
            media_type=letter.media_type,
            written_at=tx.now(),
        )
        .on_conflict_do_nothing(index_elements=mail_file.primary_key)
    )


def find_letter(tx: Tx, owner_id: UUID) -> KeptLetter | None:
    """The owner's letter; None where none was written yet."""
    row = tx.connection.execute(
        select(mail_file)
        .where(f.tenant_id == tx.tenant_id, f.owner_id == owner_id)
        .order_by(f.written_at, f.name)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return KeptLetter(row.name, row.sha256, row.size, row.media_type)


def letter_contents(tx: Tx) -> Iterator[KeptContent]:
    """The bytes of all letters that rows name, for who proves that they are there; streamed."""
    rows = tx.connection.execute(
        select(f.name, f.sha256, f.size)
        .where(f.tenant_id == tx.tenant_id)
        .order_by(f.owner_id, f.name),
        execution_options=STREAM,
    )
    for row in rows:
        yield KeptContent(f"letter {row.name}", row.sha256, row.size)
