"""What waits and what stands still, of all tenants: few counts over small indexes, for monitors."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, Table, func, select

from faktura.domain.jobs import JobState
from faktura.kernel.outbox_terms import DeliveryState, MailState
from faktura.kernel.payment_terms import AttemptState, InboxState
from faktura.store.tables import (
    billing_run,
    delivery,
    inbox,
    job,
    mail,
    payment_attempt,
    quarantine,
    task,
    tenant,
)
from faktura.store.transaction import Tx

# What a worker still has to do with, by states that a partial index holds; dead and doubtful ones wait
# for a person as tasks. Jobs alone are looked through for the quarantined: they are kept for 30 days.
_STATES = (
    ("jobs", job, (JobState.READY, JobState.RUNNING, JobState.QUARANTINED)),
    ("inbox", inbox, (InboxState.NEW, InboxState.PARKED)),
    ("deliveries", delivery, (DeliveryState.PENDING,)),
    ("mails", mail, (MailState.WAITING, MailState.SENDING)),
    (
        "attempts",
        payment_attempt,
        (AttemptState.SENT, AttemptState.UNKNOWN, AttemptState.PENDING, AttemptState.ACTION_NEEDED),
    ),
)


@dataclass(frozen=True, slots=True)
class Gauge:
    """How many of a tenant's `what` stand in `state`; "" where there is but one state."""

    what: str
    tenant: str
    state: str
    value: int


def read_gauges(tx: Tx) -> Iterator[Gauge]:
    """All gauges; works in a transaction of any tenant. Ages and moments are whole seconds."""
    for what, table, states in _STATES:
        standing = _by_state(table).where(table.c.state.in_(states))
        for key, state, number in tx.connection.execute(standing):
            yield Gauge(what, key, state, number)
    for what, table, query in (
        ("quarantined_contracts", quarantine, _alone(quarantine)),
        ("tasks", task, _alone(task).where(task.c.done_at.is_(None))),
    ):
        for key, number in tx.connection.execute(query.where(table.c.tenant_id == tenant.c.id)):
            yield Gauge(what, key, "", number)
    yield from _ages(tx)


def _ages(tx: Tx) -> Iterator[Gauge]:
    now = tx.now()
    due = (
        select(tenant.c.key, func.min(job.c.run_at).label("value"))
        .where(job.c.tenant_id == tenant.c.id, job.c.state == JobState.READY, job.c.run_at <= now)
        .group_by(tenant.c.key)
    )
    for row in tx.connection.execute(due):
        yield Gauge(
            "oldest_due_job_age_seconds", row.key, "", (now - row.value) // timedelta(seconds=1)
        )
    last = (
        select(tenant.c.key, func.max(billing_run.c.finished_at).label("value"))
        .where(billing_run.c.tenant_id == tenant.c.id, billing_run.c.finished_at.is_not(None))
        .group_by(tenant.c.key)
    )
    for row in tx.connection.execute(last):
        yield Gauge("last_billing_run_timestamp_seconds", row.key, "", int(row.value.timestamp()))


def _by_state(table: Table) -> Select[str, str, int]:
    return (
        select(tenant.c.key, table.c.state, func.count().label("value"))
        .where(table.c.tenant_id == tenant.c.id)
        .group_by(tenant.c.key, table.c.state)
    )


def _alone(table: Table) -> Select[str, int]:
    return (
        select(tenant.c.key, func.count().label("value"))
        .where(table.c.tenant_id == tenant.c.id)
        .group_by(tenant.c.key)
    )
