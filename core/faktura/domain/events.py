"""Facts that leave the house: one event row per fact, with a sequence per object (P48)."""

from dataclasses import dataclass, field
from enum import StrEnum, unique
from uuid import UUID


@unique
class EventType(StrEnum):
    """Types of events as users know them."""

    CUSTOMER_CREATED = "CUSTOMER_CREATED"
    CONTRACT_CREATED = "CONTRACT_CREATED"
    CONTRACT_ACTIVATED = "CONTRACT_ACTIVATED"
    CONTRACT_VOIDED = "CONTRACT_VOIDED"
    INVOICE_CREATED = "INVOICE_CREATED"
    INVOICE_PAYMENT_RECEIVED = "INVOICE_PAYMENT_RECEIVED"
    CHARGEBACK_RECEIVED = "CHARGEBACK_RECEIVED"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about one object; `sequence` counts the object's events from 1."""

    type: EventType
    object_type: str
    object_id: UUID
    sequence: int
    data: dict[str, object] = field(default_factory=dict)
