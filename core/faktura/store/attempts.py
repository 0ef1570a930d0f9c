"""Payment attempts as rows: written before a provider is asked, moved by what it answers (P26, P28)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.exc import IntegrityError

from faktura.domain.attempts import LIVE, Attempt
from faktura.kernel.errors import Conflict, NotFound
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, FailureClass
from faktura.kernel.terms import PaymentMethod
from faktura.store.batches import in_batches
from faktura.store.tables import document, payment_attempt
from faktura.store.transaction import Tx

a = payment_attempt.c
# Written out, not bound: a partial index serves only a condition that names its states.
_LIVE = a.state.in_([literal_column(f"'{one}'") for one in AttemptState if one in LIVE])


@dataclass(frozen=True, slots=True)
class AttemptFilter:
    """Which attempts are wanted; what is None filters nothing."""

    states: Collection[AttemptState] | None = None
    document_id: UUID | None = None
    customer_id: UUID | None = None
    instance: str | None = None
    file_no: int | None = None


def write_attempts(tx: Tx, attempts: Iterable[Attempt]) -> None:
    """Add attempts; raises Conflict where a document has a live one already (P28)."""
    rows = [{"tenant_id": tx.tenant_id, "id": one.id, **_columns(one)} for one in attempts]
    if not rows:
        return
    try:
        tx.connection.execute(payment_attempt.insert(), rows)
    except IntegrityError as exc:
        raise Conflict(
            "a payment of one of these documents is under way already (P28)",
            place="paymentAttempt",
            mend="Wait for its outcome: faktura payments attempts",
        ) from exc


def rewrite_attempts(tx: Tx, attempts: Iterable[Attempt]) -> None:
    """Keep attempts as they are now; the caller has locked them, nobody else changes them meanwhile."""
    rows = [
        {
            "of": one.id,
            **{f"new_{name}": value for name, value in _columns(one).items()},
            "new_changes": one.changes + 1,
        }
        for one in attempts
    ]
    if not rows:
        return
    names = [name for name in rows[0] if name != "of"]
    statement = (
        update(payment_attempt)
        .where(a.tenant_id == tx.tenant_id, a.id == bindparam("of"))
        .values({name.removeprefix("new_"): bindparam(name) for name in names})
    )
    tx.connection.execute(statement, rows)


def lock_attempts(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Attempt]:
    """These attempts, locked in the order of their ids; those that do not exist are absent."""
    found: dict[UUID, Attempt] = {}
    for batch in in_batches(sorted(ids)):
        rows = tx.connection.execute(
            select(payment_attempt)
            .where(a.tenant_id == tx.tenant_id, a.id.in_(batch))
            .order_by(a.id)
            .with_for_update()
        )
        found.update((row.id, attempt_from_row(row)) for row in rows)
    return found


def read_attempt(tx: Tx, attempt_id: UUID) -> Attempt:
    """The attempt; raises NotFound."""
    row = tx.connection.execute(
        select(payment_attempt).where(a.tenant_id == tx.tenant_id, a.id == attempt_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no payment attempt {attempt_id}", place="attempt")
    return attempt_from_row(row)


def find_by_reference(tx: Tx, instance: str, reference: str) -> UUID | None:
    """The attempt that the provider calls so; None where it is none of ours."""
    return tx.connection.execute(
        select(a.id).where(
            a.tenant_id == tx.tenant_id, a.instance == instance, a.reference == reference
        )
    ).scalar_one_or_none()


def live_attempts(tx: Tx, document_ids: Iterable[UUID]) -> dict[UUID, Attempt]:
    """The live attempt of each of these documents, by document; absent where there is none."""
    found: dict[UUID, Attempt] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(payment_attempt).where(
                a.tenant_id == tx.tenant_id, a.document_id.in_(batch), a.state.in_(LIVE)
            )
        )
        found.update((row.document_id, attempt_from_row(row)) for row in rows)
    return found


def list_attempts(
    tx: Tx, wanted: AttemptFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[tuple[Attempt, str]]:
    """Attempts with their documents' numbers, newest first, of those older than `after`."""
    query = (
        select(payment_attempt, document.c.number)
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .where(a.tenant_id == tx.tenant_id, *_conditions(wanted))
    )
    if after is not None:
        query = query.where(a.id < after)
    rows = tx.connection.execute(query.order_by(a.id.desc()).limit(limit))
    return [(attempt_from_row(row), row.number) for row in rows]


def due_for_check(
    tx: Tx, now: datetime, limit: int, instances: Collection[str], paused: Collection[str] = ()
) -> list[Attempt]:
    """Live attempts of these accounts that somebody must ask about by now, the longest waiting first.

    Of those that are `paused` only what was sent: what was not waits until they are resumed.
    """
    was_sent = and_(a.instance.in_(sorted(paused)), a.state != AttemptState.CREATED)
    return _read(
        tx,
        select(payment_attempt)
        .where(
            a.tenant_id == tx.tenant_id,
            _LIVE,
            a.next_check_at <= now,
            or_(a.instance.in_(sorted(instances)), was_sent),
        )
        .order_by(a.next_check_at, a.id)
        .limit(limit),
    )


def tries_of_documents(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often we tried to collect each document; absent where never.

    What a customer opened on a page and left counts against nobody.
    """
    found: dict[UUID, int] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(a.document_id, func.count())
            .where(
                a.tenant_id == tx.tenant_id,
                a.document_id.in_(batch),
                a.first_sent_at.is_not(None),
                a.channel != AttemptChannel.PAGE,
            )
            .group_by(a.document_id)
        )
        found.update((document_id, tries) for document_id, tries in rows)
    return found


def tries_of_means(tx: Tx, fingerprints: Collection[str], since: datetime) -> dict[str, int]:
    """How often each means of payment was tried since then, over all documents (payments 6.6)."""
    found: dict[str, int] = {}
    for batch in in_batches(sorted(fingerprints)):
        rows = tx.connection.execute(
            select(a.fingerprint, func.count())
            .where(
                a.tenant_id == tx.tenant_id,
                a.fingerprint.in_(batch),
                a.created_at >= since,
                # One that is about to be sent counts as well.
                a.first_sent_at.is_not(None) | (a.state == AttemptState.CREATED),
            )
            .group_by(a.fingerprint)
        )
        found.update((fingerprint, tries) for fingerprint, tries in rows)
    return found


def _conditions(wanted: AttemptFilter) -> list[Any]:
    given = (
        (a.document_id, wanted.document_id),
        (a.customer_id, wanted.customer_id),
        (a.instance, wanted.instance),
        (a.file_no, wanted.file_no),
    )
    found: list[Any] = [column == value for column, value in given if value is not None]
    if wanted.states is not None:
        found.append(a.state.in_(sorted(wanted.states)))
    return found


def _read(tx: Tx, query: Select[Any]) -> list[Attempt]:
    return [attempt_from_row(row) for row in tx.connection.execute(query)]


def _columns(one: Attempt) -> dict[str, object]:
    return {
        "document_id": one.document_id,
        "customer_id": one.customer_id,
        "means_id": one.means_id,
        "instance": one.instance,
        "method": one.method,
        "channel": one.channel,
        "currency": one.amount.currency,
        "amount": one.amount.minor,
        "state": one.state,
        "request": one.request,
        "reference": one.reference,
        "fingerprint": one.fingerprint,
        "due_on": one.due_on,
        "first_sent_at": one.first_sent_at,
        "last_sent_at": one.last_sent_at,
        "tries": one.tries,
        "looks": one.looks,
        "next_check_at": one.next_check_at,
        "outcome": one.outcome,
        "failure": one.failure,
        "retry_at": one.retry_at,
        "previous_id": one.previous_id,
        "file_no": one.file_no,
        "page": one.page,
        "asked_by": one.asked_by,
        "created_at": one.created_at,
        "ended_at": one.ended_at,
        "changes": one.changes,
    }


def attempt_from_row(row: Any) -> Attempt:
    """The attempt behind a row of all the table's columns."""
    return Attempt(
        id=row.id,
        document_id=row.document_id,
        customer_id=row.customer_id,
        instance=row.instance,
        method=PaymentMethod(row.method),
        channel=AttemptChannel(row.channel),
        amount=Money(row.amount, row.currency),
        request=row.request,
        due_on=row.due_on,
        created_at=row.created_at,
        state=AttemptState(row.state),
        means_id=row.means_id,
        reference=row.reference,
        fingerprint=row.fingerprint,
        first_sent_at=row.first_sent_at,
        last_sent_at=row.last_sent_at,
        tries=row.tries,
        looks=row.looks,
        next_check_at=row.next_check_at,
        outcome=row.outcome,
        failure=None if row.failure is None else FailureClass(row.failure),
        retry_at=row.retry_at,
        previous_id=row.previous_id,
        file_no=row.file_no,
        page=row.page,
        asked_by=row.asked_by,
        ended_at=row.ended_at,
        changes=row.changes,
    )
