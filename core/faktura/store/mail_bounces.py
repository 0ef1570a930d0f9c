"""Addresses that mails could not be brought to, and which mail a report is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from faktura.domain.mail_outcomes import Refusal
from faktura.kernel.outbox_terms import BounceKind
from faktura.store.batches import in_batches
from faktura.store.tables import mail, mail_bounce
from faktura.store.transaction import Tx

b = mail_bounce.c


@dataclass(frozen=True, slots=True)
class Bounce:
    """An address that a mail did not reach, as a server or a report said at a moment in UTC."""

    mail_id: UUID
    refusal: Refusal
    at: datetime


def keep_refusals(tx: Tx, refused: Mapping[UUID, Sequence[Refusal]]) -> list[tuple[UUID, Refusal]]:
    """Keep what was refused, one row an address of a mail; gives what was not known yet.

    A refusal for good replaces one for now, and nothing replaces it.
    """
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    written = []
    for mail_id, refusals in refused.items():
        for refusal in refusals:
            row = insert(mail_bounce).values(
                tenant_id=tx.tenant_id,
                mail_id=mail_id,
                recipient=refusal.recipient,
                kind=refusal.kind,
                status=refusal.status,
                said=refusal.said,
                at=tx.now(),
            )
            new = row.excluded
            kept = row.on_conflict_do_update(
                index_elements=mail_bounce.primary_key,
                set_={"kind": new.kind, "status": new.status, "said": new.said, "at": new.at},
                where=(b.kind == BounceKind.TEMPORARY) & (new.kind == BounceKind.PERMANENT),
            ).returning(b.mail_id)
            if tx.connection.execute(kept).one_or_none() is not None:
                written.append((mail_id, refusal))
    return written


def list_bounces(
    tx: Tx,
    *,
    mail_ids: Iterable[UUID] | None = None,
    after: tuple[UUID, str] | None = None,
    limit: int | None = None,
) -> list[Bounce]:
    """Refused addresses by mail and address, of all mails or of these, behind that one."""
    query = select(mail_bounce).where(b.tenant_id == tx.tenant_id)
    if mail_ids is not None:
        query = query.where(b.mail_id.in_(list(mail_ids)))
    if after is not None:
        query = query.where(
            (b.mail_id > after[0]) | ((b.mail_id == after[0]) & (b.recipient > after[1]))
        )
    rows = tx.connection.execute(query.order_by(b.mail_id, b.recipient).limit(limit))
    return [
        Bounce(
            row.mail_id,
            Refusal(row.recipient, BounceKind(row.kind), row.status, row.said),
            row.at,
        )
        for row in rows
    ]


def mails_of(tx: Tx, mail_ids: Iterable[UUID], message_ids: Iterable[str]) -> set[UUID]:
    """The mails that there are of these ids and message ids."""
    found: set[UUID] = set()
    for batch in in_batches(mail_ids):
        found |= set(
            tx.connection.execute(
                select(mail.c.id).where(mail.c.tenant_id == tx.tenant_id, mail.c.id.in_(batch))
            ).scalars()
        )
    for names in in_batches(message_ids):
        found |= set(
            tx.connection.execute(
                select(mail.c.id).where(
                    mail.c.tenant_id == tx.tenant_id, mail.c.message_id.in_(names)
                )
            ).scalars()
        )
    return found
