"""The queue: jobs with their state, and ticks of the schedule that are done."""

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from faktura.domain.jobs import JobName, JobState
from faktura.store.schema.meta import count, metadata, moment, one_of, tenant_id, text, uid, word

job = Table(
    "job",
    metadata,
    tenant_id(),
    uid(key=True),
    word("name"),
    word("key", optional=True),
    word("lock", optional=True),
    text("args"),
    word("state"),
    moment("run_at"),
    count("attempts"),
    word("worker", optional=True),
    moment("lease_until", optional=True),
    text("last_error", optional=True),
    moment("created_at"),
    moment("finished_at", optional=True),
    one_of("name", JobName),
    one_of("state", JobState),
    UniqueConstraint("tenant_id", "key"),
    Index(
        "ix_job_waiting",
        "run_at",
        sqlite_where=sql("state IN ('READY', 'RUNNING')"),
        postgresql_where=sql("state IN ('READY', 'RUNNING')"),
    ),
)

schedule_tick = Table(
    "schedule_tick",
    metadata,
    tenant_id(),
    word("name", key=True),
    moment("tick"),
)
