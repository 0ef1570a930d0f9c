"""Mails as rows: one a fact and use, in the order in which a lane's mails are sent."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from faktura.domain.mails import Mail, MailAsk, MailMessage
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import FakturaError, NotFound
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.store.batches import in_batches
from faktura.store.codec import from_json, to_json
from faktura.store.tables import chain_head, customer, mail
from faktura.store.transaction import Tx

m = mail.c


@dataclass(frozen=True, slots=True)
class MailFilter:
    """Which mails are wanted; what is None filters nothing. `since` is inclusive, `until` exclusive."""

    state: MailState | None = None
    use: MailUse | None = None
    customer_id: UUID | None = None
    document_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def last_place(tx: Tx) -> int:
    """The number of the tenant's last seal: behind what was told so far."""
    found: int | None = tx.connection.execute(
        select(chain_head.c.seal_seq).where(chain_head.c.tenant_id == tx.tenant_id)
    ).scalar_one_or_none()
    return found or 0


def customer_ids(tx: Tx, numbers: Iterable[str]) -> dict[str, UUID]:
    """The ids of the customers of these numbers; those that do not exist are absent."""
    return {
        row.number: row.id
        for batch in in_batches(sorted(set(numbers)))
        for row in tx.connection.execute(
            select(customer.c.number, customer.c.id).where(
                customer.c.tenant_id == tx.tenant_id, customer.c.number.in_(batch)
            )
        )
    }


def write_mails(tx: Tx, asks: Sequence[MailAsk], *, place: int) -> int:
    """Add a WAITING mail for each; one of the same fact and use is not written again.

    Gives how many are new. Two transactions at once may ask for the same: one of them writes it.
    """
    now, new = tx.now(), 0
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    rows = [_new_row(tx, one, place, now) for one in asks]
    # Written as many rows at once by the library: a statement with its values in it would be compiled
    # anew for each number of rows.
    if rows:
        written = tx.connection.execute(
            insert(mail)
            .on_conflict_do_nothing(index_elements=["tenant_id", "fact", "use"])
            .returning(m.id),
            rows,
        )
        new = len(written.all())
    return new


def _new_row(tx: Tx, ask: MailAsk, place: int, now: datetime) -> dict[str, object]:
    return {
        "tenant_id": tx.tenant_id,
        "id": tx.new_id(),
        "fact": ask.fact,
        "use": ask.use,
        "lane": ask.lane,
        "place": place,
        "customer_id": ask.customer_id,
        "document_id": ask.document_id,
        "state": MailState.WAITING,
        "given": canonical_json(ask.given),
        "message": None,
        "message_id": None,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
        "sent_at": None,
        "answer": None,
        "last_error": None,
    }


def end_waiting(tx: Tx, ended: Mapping[UUID, tuple[MailState, FakturaError]]) -> None:
    """Mails that wait become FAILED or SKIPPED for that reason; nobody sends them by themselves."""
    if not ended:
        return
    tx.connection.execute(
        update(mail)
        .where(
            m.tenant_id == tx.tenant_id,
            m.id == bindparam("wanted"),
            m.state == MailState.WAITING,
        )
        .values(state=bindparam("new_state"), last_error=bindparam("new_error")),
        [
            {"wanted": one, "new_state": state, "new_error": canonical_json(error.as_dict())}
            for one, (state, error) in ended.items()
        ],
    )


def postpone(tx: Tx, mail_ids: Collection[UUID], until: datetime, reason: FakturaError) -> None:
    """These mails wait until then at least, for that reason."""
    for batch in in_batches(sorted(mail_ids)):
        tx.connection.execute(
            update(mail)
            .where(m.tenant_id == tx.tenant_id, m.id.in_(batch), m.state == MailState.WAITING)
            .values(due_at=until, last_error=canonical_json(reason.as_dict()))
        )


def make_waiting(tx: Tx, mail_id: UUID) -> None:
    """Have the mail sent as one that was never tried; what stands in it stays."""
    tx.connection.execute(
        update(mail)
        .where(m.tenant_id == tx.tenant_id, m.id == mail_id)
        .values(state=MailState.WAITING, attempts=0, due_at=tx.now(), last_error=None)
    )


def mail_of_fact(tx: Tx, fact: str, use: MailUse) -> UUID:
    """The mail of that fact and use; raises NotFound."""
    found: UUID | None = tx.connection.execute(
        select(m.id).where(m.tenant_id == tx.tenant_id, m.fact == fact, m.use == use)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(f"no mail was asked for of {fact}")
    return found


def message_to_json(message: MailMessage) -> str:
    """The message as it lies in the row."""
    return to_json(message, MailMessage)


def message_from_json(text: str) -> MailMessage:
    """The message behind a row's text; raises IntegrityBroken."""
    return from_json(text, MailMessage)


def write_messages(tx: Tx, messages: Iterable[MailMessage]) -> None:
    """Keep what stands in mails that wait and are not written yet; what is written stays."""
    rows = [
        {
            "wanted": one.id,
            "new_message": message_to_json(one),
            "new_message_id": one.message_id,
        }
        for one in messages
    ]
    if not rows:
        return
    tx.connection.execute(
        update(mail)
        .where(
            m.tenant_id == tx.tenant_id,
            m.id == bindparam("wanted"),
            m.state == MailState.WAITING,
            m.message.is_(None),
        )
        .values(
            message=bindparam("new_message"),
            message_id=bindparam("new_message_id"),
            last_error=None,
        ),
        rows,
    )


def lock_mail(tx: Tx, mail_id: UUID) -> Mail:
    """The mail, locked; raises NotFound."""
    return _one(tx, mail_id, locked=True)


def read_mail(tx: Tx, mail_id: UUID) -> Mail:
    """The mail; raises NotFound."""
    return _one(tx, mail_id, locked=False)


def read_mails(tx: Tx, mail_ids: Collection[UUID]) -> list[Mail]:
    """These mails by (place, id); those that do not exist are absent."""
    found = [
        _mail(row)
        for batch in in_batches(sorted(mail_ids))
        for row in tx.connection.execute(
            select(mail).where(m.tenant_id == tx.tenant_id, m.id.in_(batch))
        )
    ]
    return sorted(found, key=lambda one: (one.place, one.id))


def list_mails(
    tx: Tx, wanted: MailFilter, *, before: UUID | None = None, limit: int | None = None
) -> list[Mail]:
    """Mails, newest first, of those before `before`; at most `limit`."""
    query = select(mail).where(m.tenant_id == tx.tenant_id, *_conditions(wanted))
    if before is not None:
        query = query.where(m.id < before)
    return [_mail(row) for row in tx.connection.execute(query.order_by(m.id.desc()).limit(limit))]


def _conditions(wanted: MailFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(m.state == wanted.state)
    if wanted.use is not None:
        found.append(m.use == wanted.use)
    if wanted.customer_id is not None:
        found.append(m.customer_id == wanted.customer_id)
    if wanted.document_id is not None:
        found.append(m.document_id == wanted.document_id)
    if wanted.since is not None:
        found.append(m.created_at >= wanted.since)
    if wanted.until is not None:
        found.append(m.created_at < wanted.until)
    return found


def _one(tx: Tx, mail_id: UUID, *, locked: bool) -> Mail:
    query = select(mail).where(m.tenant_id == tx.tenant_id, m.id == mail_id)
    if locked:
        query = query.with_for_update()
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(
            f"there is no mail {mail_id}", place="mail", mend="faktura mails list shows their ids"
        )
    return _mail(row)


def _mail(row: Any) -> Mail:
    return Mail(
        row.id,
        row.fact,
        MailUse(row.use),
        row.lane,
        row.place,
        MailState(row.state),
        row.due_at,
        row.created_at,
        json.loads(row.given),
        row.customer_id,
        row.document_id,
        None if row.message is None else message_from_json(row.message),
        row.attempts,
        row.sent_at,
        row.answer,
        None if row.last_error is None else json.loads(row.last_error),
    )
