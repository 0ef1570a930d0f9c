"""What a person does with mails: another address, called off, sent after all."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import update

from faktura.domain.mails import MailMessage
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.store.batches import in_batches
from faktura.store.mails import message_to_json
from faktura.store.tables import mail, task
from faktura.store.transaction import Tx

m = mail.c


def rewrite_message(tx: Tx, mail_id: UUID, message: MailMessage | None) -> None:
    """What stands in the mail from now on; None has it written anew. The caller holds its lock."""
    tx.connection.execute(
        update(mail)
        .where(m.tenant_id == tx.tenant_id, m.id == mail_id)
        .values(
            message=None if message is None else message_to_json(message),
            message_id=None if message is None else message.message_id,
        )
    )


def skip(tx: Tx, mail_id: UUID, answer: str) -> None:
    """A person says that the mail is not sent; `answer` is what they said."""
    tx.connection.execute(
        update(mail)
        .where(m.tenant_id == tx.tenant_id, m.id == mail_id)
        .values(state=MailState.SKIPPED, answer=answer, last_error=None)
    )


def revive_failed(tx: Tx, use: MailUse | None) -> list[UUID]:
    """Have all mails that nobody has written anew and sent, of that use or of all; gives which.

    One that a person called off stays so, and one that was sent once and failed when sent again.
    """
    nobody_has = (m.state == MailState.FAILED) | (
        (m.state == MailState.SKIPPED) & m.last_error.is_not(None)
    )
    statement = (
        update(mail)
        .where(m.tenant_id == tx.tenant_id, m.sent_at.is_(None), nobody_has)
        .values(
            state=MailState.WAITING,
            message=None,
            message_id=None,
            attempts=0,
            due_at=tx.now(),
            last_error=None,
        )
        .returning(m.id)
    )
    if use is not None:
        statement = statement.where(m.use == use)
    return sorted(tx.connection.execute(statement).scalars())


def settle_tasks(tx: Tx, mail_ids: Collection[UUID]) -> None:
    """What a person was asked about these mails has settled."""
    t = task.c
    for batch in in_batches(sorted(mail_ids)):
        tx.connection.execute(
            update(task)
            .where(
                t.tenant_id == tx.tenant_id,
                t.kind.in_((TaskKind.MAIL_FAILED, TaskKind.MAIL_UNCERTAIN)),
                t.subject.in_([f"mail {one}" for one in batch]),
                t.done_at.is_(None),
            )
            .values(done_at=tx.now())
        )
