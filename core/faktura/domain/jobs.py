"""Background work: names of tasks, where a job stands, and what a worker makes of it.

Each name has one handler in flows/tasks.py (a test says so).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from typing import TypeAlias
from uuid import UUID

JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"
Args: TypeAlias = Mapping[str, JSON]


@unique
class JobName(StrEnum):
    """What can be put into the queue."""

    FAN_OUT = "FAN_OUT"
    DELIVER = "DELIVER"
    RUN_BILLING = "RUN_BILLING"
    BILL_CHUNKS = "BILL_CHUNKS"
    RENDER_DOCUMENTS = "RENDER_DOCUMENTS"
    CONTRACT_DAY = "CONTRACT_DAY"
    ACCOUNTING_DAY = "ACCOUNTING_DAY"
    SEND_EXPORT = "SEND_EXPORT"
    CHECK_TRANSFERS = "CHECK_TRANSFERS"
    COLLECT_PAYMENTS = "COLLECT_PAYMENTS"
    RESOLVE_PAYMENTS = "RESOLVE_PAYMENTS"
    HANDLE_INBOX = "HANDLE_INBOX"
    POLL_PROVIDERS = "POLL_PROVIDERS"
    PAYMENT_DAY = "PAYMENT_DAY"
    ACT_ON_CHARGEBACK = "ACT_ON_CHARGEBACK"
    SYNC_BANK = "SYNC_BANK"
    BANK_DAY = "BANK_DAY"
    OUTBOX_ROUND = "OUTBOX_ROUND"
    SEND_MAILS = "SEND_MAILS"
    MAIL_DAY = "MAIL_DAY"
    RUN_DUNNING = "RUN_DUNNING"
    CHECK_VAT_ID = "CHECK_VAT_ID"
    VAT_DAY = "VAT_DAY"
    TIDY_UP = "TIDY_UP"


@unique
class JobState(StrEnum):
    """Where a job stands; QUARANTINED waits for a person."""

    READY = "READY"
    RUNNING = "RUNNING"
    DONE = "DONE"
    QUARANTINED = "QUARANTINED"


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A job as it is asked for.

    Of two requests with one `key` only the first becomes a job. Jobs with one `lock` never run at
    the same time and run in the order in which they were put in; one that waits to be tried again
    holds up those behind it, a quarantined one does not. Without `run_at` the job is due at once.
    """

    name: JobName
    args: Args
    key: str | None = None
    run_at: datetime | None = None
    lock: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that a worker holds; `attempt` counts from 1 and includes attempts cut off by a crash."""

    tenant_id: int
    id: UUID
    name: JobName
    args: Args
    attempt: int
    worker: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The job did its work."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The job failed and is tried again at `run_at`."""

    run_at: datetime
    error: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """The job failed for good and waits for a person."""

    error: Mapping[str, str]


Outcome: TypeAlias = Finished | Postponed | Quarantined
EndedJob: TypeAlias = tuple[ClaimedJob, Outcome]


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as a person sees it; `error` is that of the last failed attempt, by code and problem."""

    id: UUID
    name: JobName
    state: JobState
    args: Args
    attempts: int
    run_at: datetime
    created_at: datetime
    finished_at: datetime | None = None
    key: str | None = None
    lock: str | None = None
    worker: str | None = None
    error: Mapping[str, str] = field(default_factory=dict)
