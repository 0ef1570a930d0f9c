"""Deliveries as they wait and as they went: a place in the line, one try, and an entry of the log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from faktura.kernel.outbox_terms import DeliveryState

# How long the log of tries is kept.
KEPT = timedelta(days=90)

# Seal, object and sequence: the order in which facts happened.
Place: TypeAlias = tuple[int, UUID, int]


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to deliver, begun `at`, and what came of it.

    One that was not taken is tried again at `next_at`; without a next moment it was the last one.
    The other side wants to be left alone for `retry_after` seconds.
    """

    delivery_id: UUID
    at: datetime
    milliseconds: int
    taken: bool
    status: int | None
    answer: str
    error: Mapping[str, str] | None
    next_at: datetime | None
    retry_after: int = 0

    @property
    def is_last(self) -> bool:
        """Whether nobody tries any more, although it was not taken."""
        return not self.taken and self.next_at is None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What the log says: a try with its answer, or with `asked_by` who had it sent again."""

    no: int
    at: datetime
    milliseconds: int
    taken: bool
    status: int | None
    answer: str
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as a person sees it; `error` is the last failure's, by code and problem.

    `customer_number` is None where the fact concerns none, `number` where its object has none.
    """

    id: UUID
    subscriber: str
    state: DeliveryState
    type: str
    object_type: str
    object_id: UUID
    number: str | None
    customer_number: str | None
    sequence: int
    occurred_at: datetime
    attempts: int
    due_at: datetime | None
    delivered_at: datetime | None
    error: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries are wanted; what is None filters nothing.

    `since` is inclusive, `until` is not; both mean when the fact happened.
    """

    subscriber: str | None = None
    states: Collection[DeliveryState] | None = None
    types: Collection[str] | None = None
    customer_number: str | None = None
    since: datetime | None = None
    until: datetime | None = None
