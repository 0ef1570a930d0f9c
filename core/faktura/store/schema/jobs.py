"""The queue: jobs with their state, and ticks of the schedule that are done."""

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from faktura.domain.jobs import JobName, JobState
from faktura.store.schema.meta import count, metadata, moment, one_of, tenant_id, text, uid, word

_READY = sql("state = 'READY'")
_RUNNING = sql("state = 'RUNNING'")

job = Table(
    "job",
    metadata,
    tenant_id(),
    uid(key=True),
    word("name"),
    text("key", optional=True),
    text("lock", optional=True),
    text("args"),
    word("state"),
    moment("run_at"),
    count("attempts"),
    word("worker", optional=True),
    moment("lease_until", optional=True),
    text("last_error", optional=True),
    moment("created_at"),
    moment("finished_at", optional=True),
    # The order in which jobs were put in, given by the database: ids follow each process's clock.
    # On PostgreSQL it is the number of procrastinate's row.
    count("place"),
    one_of("name", JobName),
    one_of("state", JobState),
    UniqueConstraint("tenant_id", "key"),
    UniqueConstraint("tenant_id", "place"),
    # What is due, what waits behind a lock, whose lease ends: one small index each.
    Index("ix_job_ready", "run_at", "id", sqlite_where=_READY, postgresql_where=_READY),
    Index(
        "ix_job_behind", "tenant_id", "lock", "place", sqlite_where=_READY, postgresql_where=_READY
    ),
    Index("ix_job_running", "lease_until", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    # Two jobs of one lock never run at once, whatever two workers see at the same moment.
    Index(
        "uq_job_lock_running",
        "tenant_id",
        "lock",
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
)

schedule_tick = Table(
    "schedule_tick",
    metadata,
    tenant_id(),
    word("name", key=True),
    moment("tick"),
)
