"""What the simulator's invariants read of what leaves the house: mails, deliveries, batches, jobs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select, text

from faktura.domain.jobs import JobState
from faktura.kernel.outbox_terms import DeliveryState, MailState, MailUse
from faktura.kernel.terms import DocumentKind
from faktura.store.batches import in_batches
from faktura.store.tables import (
    delivery,
    document,
    dunning_failure,
    event,
    job,
    journal_entry,
    leg,
    mail,
)
from faktura.store.transaction import Tx

# In the words of the index of what waits: SQLite uses it for no others.
_WAITING = text("delivery.state = 'PENDING'")


@dataclass(frozen=True, slots=True)
class KnownDelivery:
    """A delivery as we know it."""

    id: UUID
    subscriber: str
    state: DeliveryState
    object_id: UUID
    sequence: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A job or a customer's dunning that waits for a person, with what is said of the reason."""

    place: str
    reason: str


def mails_known(tx: Tx, ids: Collection[UUID]) -> dict[UUID, MailState]:
    """States of these mails; those that we never wrote are absent."""
    m = mail.c
    found: dict[UUID, MailState] = {}
    for batch in in_batches(sorted(ids)):
        rows = tx.connection.execute(
            select(m.id, m.state).where(m.tenant_id == tx.tenant_id, m.id.in_(batch))
        )
        found.update((row.id, MailState(row.state)) for row in rows)
    return found


def mails_sent(tx: Tx, after: datetime) -> list[UUID]:
    """Mails that count as sent since that moment, which is one of them."""
    m = mail.c
    rows = tx.connection.execute(
        select(m.id)
        .where(m.tenant_id == tx.tenant_id, m.state == MailState.SENT, m.sent_at >= after)
        .order_by(m.id)
    )
    return list(rows.scalars())


def deliveries_known(tx: Tx, ids: Collection[UUID]) -> dict[UUID, KnownDelivery]:
    """Deliveries of these ids; those that we do not know are absent."""
    own = delivery.c
    found: dict[UUID, KnownDelivery] = {}
    for batch in in_batches(sorted(ids)):
        rows = tx.connection.execute(
            select(own.id, own.subscriber, own.state, own.object_id, own.sequence).where(
                own.tenant_id == tx.tenant_id, own.id.in_(batch)
            )
        )
        for row in rows:
            state = DeliveryState(row.state)
            found[row.id] = KnownDelivery(
                row.id, row.subscriber, state, row.object_id, row.sequence
            )
    return found


def delivered_to(tx: Tx, subscriber: str) -> int:
    """How many facts count as delivered to a subscriber."""
    own = delivery.c
    return int(
        tx.connection.execute(
            select(func.count())
            .select_from(delivery)
            .where(
                own.tenant_id == tx.tenant_id,
                own.subscriber == subscriber,
                own.state == DeliveryState.DELIVERED,
            )
        ).scalar_one()
    )


def undelivered(tx: Tx, before: datetime) -> list[tuple[str, str, int]]:
    """Facts older than that moment which a subscriber has not got: who, which object, its sequence."""
    own, v = delivery.c, event.c
    rows = tx.connection.execute(
        select(own.subscriber, own.object_id, own.sequence)
        .join(
            event,
            (v.tenant_id == own.tenant_id)
            & (v.object_id == own.object_id)
            & (v.sequence == own.sequence),
        )
        .where(
            own.tenant_id == tx.tenant_id,
            _WAITING,
            v.occurred_at < before,
        )
        .order_by(own.subscriber, own.object_id, own.sequence)
        .limit(50)
    )
    return [(row.subscriber, str(row.object_id), row.sequence) for row in rows]


def last_seal_before(tx: Tx, moment: datetime) -> int:
    """The seal of the newest fact older than that moment; 0 where there is none."""
    v = event.c
    newest = select(func.max(v.seal_seq)).where(v.tenant_id == tx.tenant_id, v.occurred_at < moment)
    return int(tx.connection.execute(newest).scalar() or 0)


def first_seal_for(tx: Tx, subscriber: str) -> int:
    """The seal of the first facts that were handed out to a subscriber; 0 where none were."""
    own = delivery.c
    first = select(func.min(own.seal_seq)).where(
        own.tenant_id == tx.tenant_id, own.subscriber == subscriber
    )
    return int(tx.connection.execute(first).scalar() or 0)


def never_handed_out(tx: Tx, subscriber: str, after: int, until: int) -> list[tuple[str, int]]:
    """Facts of the seals behind `after` up to `until` that no delivery brings: object and sequence."""
    own, v = delivery.c, event.c
    brought = exists().where(
        own.tenant_id == v.tenant_id,
        own.object_id == v.object_id,
        own.sequence == v.sequence,
        own.subscriber == subscriber,
    )
    rows = tx.connection.execute(
        select(v.object_id, v.sequence)
        .where(v.tenant_id == tx.tenant_id, v.seal_seq > after, v.seal_seq <= until, ~brought)
        .order_by(v.seal_seq, v.object_id, v.sequence)
        .limit(50)
    )
    return [(str(row.object_id), row.sequence) for row in rows]


def mails_of_invoices(tx: Tx, after: int, until: int) -> list[tuple[str, int]]:
    """How many mails were written of each invoice of these seals, by number: where not one."""
    m, d = mail.c, document.c
    count = func.count(m.id)
    rows = tx.connection.execute(
        select(d.number, count.label("mails"))
        .outerjoin(
            mail,
            (m.tenant_id == d.tenant_id) & (m.document_id == d.id) & (m.use == MailUse.INVOICE),
        )
        .where(
            d.tenant_id == tx.tenant_id,
            d.seal_seq > after,
            d.seal_seq <= until,
            d.kind == DocumentKind.INVOICE,
        )
        .group_by(d.number)
        .having(count != 1)
        .order_by(d.number)
    )
    return [(row.number, int(row.mails)) for row in rows]


def entries_up_to(tx: Tx, seq: int, day: date) -> list[str]:
    """Keys of the entries up to that number of the journal whose accounting date is no later."""
    e = journal_entry.c
    rows = tx.connection.execute(
        select(e.entry_key)
        .where(
            e.tenant_id == tx.tenant_id,
            e.seq <= seq,
            func.coalesce(e.booked_on, e.value_date) <= day,
        )
        .order_by(e.seq)
    )
    return list(rows.scalars())


def last_entry(tx: Tx) -> int:
    """The number of the journal's newest entry; 0 where there is none."""
    e = journal_entry.c
    newest = select(func.max(e.seq)).where(e.tenant_id == tx.tenant_id)
    return int(tx.connection.execute(newest).scalar() or 0)


def legs_of_entries(tx: Tx, keys: Collection[str]) -> dict[str, list[tuple[str, str, int, str]]]:
    """Account, side, amount and currency of each leg, by the entry's key, in their order."""
    e, own = journal_entry.c, leg.c
    found: dict[str, list[tuple[str, str, int, str]]] = {}
    for batch in in_batches(sorted(keys)):
        rows = tx.connection.execute(
            select(e.entry_key, own.account, own.side, own.minor, e.currency)
            .join(leg, (own.tenant_id == e.tenant_id) & (own.entry_seq == e.seq))
            .where(e.tenant_id == tx.tenant_id, e.entry_key.in_(batch))
            .order_by(e.entry_key, own.no)
        )
        for row in rows:
            one = row.account, str(row.side), int(row.minor), row.currency
            found.setdefault(row.entry_key, []).append(one)
    return found


def failures(tx: Tx) -> list[Failure]:
    """Jobs in quarantine and customers whom a dunning run could not dun, each with its reason."""
    j, f = job.c, dunning_failure.c
    jobs = tx.connection.execute(
        select(j.name, j.id, j.last_error)
        .where(j.tenant_id == tx.tenant_id, j.state == JobState.QUARANTINED)
        .order_by(j.id)
    )
    found = [Failure(f"job {row.name} {row.id}", row.last_error or "") for row in jobs]
    dunned = tx.connection.execute(
        select(f.customer_id, f.code, f.problem)
        .where(f.tenant_id == tx.tenant_id)
        .order_by(f.run_id, f.customer_id)
    )
    found += [
        Failure(f"dunning of customer {row.customer_id}", f"{row.code}: {row.problem}")
        for row in dunned
    ]
    return found
