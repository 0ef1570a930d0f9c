"""Mails on their way: who waits, who is being handed to a server, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from faktura.domain.mail_outcomes import EndedMail, Verdict
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import FakturaError
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.store.batches import in_batches
from faktura.store.tables import customer, mail
from faktura.store.transaction import Tx

m = mail.c
# Written out, not bound: the partial index serves only conditions that name its states.
_WAITING: ColumnElement[str] = literal_column("'WAITING'")
_ON_THE_WAY = m.state.in_([_WAITING, literal_column("'SENDING'")])

_KEEP = (
    update(mail)
    .where(
        m.tenant_id == bindparam("kept_tenant"),
        m.id == bindparam("kept_id"),
        # Somebody else may have found it in doubt meanwhile: then a person decides.
        m.state == MailState.SENDING,
    )
    .values(
        state=bindparam("to_state"),
        due_at=func.coalesce(bindparam("again_at", type_=m.due_at.type), m.due_at),
        sent_at=func.coalesce(bindparam("done_at", type_=m.sent_at.type), m.sent_at),
        answer=func.coalesce(bindparam("said", type_=m.answer.type), m.answer),
        last_error=bindparam("problem"),
    )
)


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that waits, in the order of (`place`, `id`); `is_written` once it says what it says."""

    id: UUID
    lane: str
    place: int
    due_at: datetime
    is_written: bool


@dataclass(frozen=True, slots=True)
class MailOwner:
    """Whom a mail is to: `number` is the customer's, empty where it is to the tenant."""

    mail_id: UUID
    use: MailUse
    number: str


def waiting_page(tx: Tx, after: tuple[int, UUID] | None, limit: int) -> list[WaitingMail]:
    """Mails that wait, due or not, behind that (place, id); at most `limit`."""
    query = select(
        m.id, m.lane, m.place, m.due_at, m.message.is_not(None).label("is_written")
    ).where(m.tenant_id == tx.tenant_id, _ON_THE_WAY, m.state == _WAITING)
    if after is not None:
        query = query.where(tuple_(m.place, m.id) > tuple_(*_bound(after)))
    rows = tx.connection.execute(query.order_by(m.place, m.id).limit(limit))
    return [
        WaitingMail(row.id, row.lane, row.place, row.due_at, bool(row.is_written)) for row in rows
    ]


def _bound(after: tuple[int, UUID]) -> tuple[Any, Any]:
    return bindparam("place", after[0], m.place.type), bindparam("id", after[1], m.id.type)


def has_due(tx: Tx) -> bool:
    """Whether a mail is due, or one was left behind by a process that died."""
    due = exists(m.id).where(
        m.tenant_id == tx.tenant_id,
        _ON_THE_WAY,
        (m.state != _WAITING) | (m.due_at <= tx.now()),
    )
    return bool(tx.connection.execute(select(due)).scalar_one())


def take(tx: Tx, mail_ids: Sequence[UUID]) -> set[UUID]:
    """Mark these mails as on their way to a server; gives those that waited until now."""
    if not mail_ids:
        return set()
    taken = (
        update(mail)
        .where(m.tenant_id == tx.tenant_id, m.id.in_(mail_ids), m.state == MailState.WAITING)
        .values(state=MailState.SENDING, attempts=m.attempts + 1)
        .returning(m.id)
    )
    return set(tx.connection.execute(taken).scalars())


def keep_outcomes(tx: Tx, ended: Sequence[EndedMail]) -> None:
    """What became of mails that were on their way; one that is not any more stays as it is."""
    if ended:
        tx.connection.execute(_KEEP, [_kept(tx, one) for one in ended])


def _kept(tx: Tx, one: EndedMail) -> Mapping[str, object]:
    outcome = one.outcome
    return {
        "kept_tenant": tx.tenant_id,
        "kept_id": one.mail_id,
        "to_state": state_after(one),
        "again_at": one.again_at,
        "done_at": tx.now() if outcome.verdict is Verdict.TAKEN else None,
        "said": outcome.said or None,
        "problem": canonical_json(outcome.problem) if outcome.problem else None,
    }


def state_after(one: EndedMail) -> MailState:
    """Where a mail stands after an attempt."""
    match one.outcome.verdict:
        case Verdict.TAKEN:
            return MailState.SENT
        case Verdict.UNKNOWN:
            return MailState.UNCERTAIN
        case Verdict.REFUSED:
            return MailState.FAILED
        case Verdict.LATER:
            return MailState.FAILED if one.again_at is None else MailState.WAITING


def doubt(tx: Tx, error: FakturaError) -> list[UUID]:
    """Mails on their way that nobody sends any more become UNCERTAIN; gives their ids.

    Called by the one who sends, before it takes any: what it finds was left behind.
    """
    found = (
        update(mail)
        .where(m.tenant_id == tx.tenant_id, _ON_THE_WAY, m.state == MailState.SENDING)
        .values(state=MailState.UNCERTAIN, last_error=canonical_json(error.as_dict()))
        .returning(m.id)
    )
    return list(tx.connection.execute(found).scalars())


def give_up(tx: Tx, due_before: datetime, error: FakturaError) -> int:
    """Mails that have been due since before then become FAILED; gives how many they are."""
    stale = (
        update(mail)
        .where(m.tenant_id == tx.tenant_id, m.state == _WAITING, m.due_at < due_before)
        .values(state=MailState.FAILED, last_error=canonical_json(error.as_dict()))
    )
    return tx.connection.execute(stale).rowcount


def owners(tx: Tx, mail_ids: Collection[UUID]) -> dict[UUID, MailOwner]:
    """Whom these mails are to; those that do not exist are absent."""
    return {
        row.id: MailOwner(row.id, MailUse(row.use), row.number or "")
        for batch in in_batches(sorted(mail_ids))
        for row in tx.connection.execute(
            select(m.id, m.use, customer.c.number)
            .outerjoin(
                customer,
                (customer.c.tenant_id == m.tenant_id) & (customer.c.id == m.customer_id),
            )
            .where(m.tenant_id == tx.tenant_id, m.id.in_(batch))
        )
    }
