"""Facts that leave the house: one event row per fact, with a sequence per object (P48)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID


@unique
class EventType(StrEnum):
    """Types of events as users know them."""

    CUSTOMER_CREATED = "CUSTOMER_CREATED"
    CUSTOMER_CHANGED = "CUSTOMER_CHANGED"
    ITEM_CREATED = "ITEM_CREATED"
    ITEM_CHANGED = "ITEM_CHANGED"
    CONTRACT_CREATED = "CONTRACT_CREATED"
    CONTRACT_ACTIVATED = "CONTRACT_ACTIVATED"
    CONTRACT_CHANGED = "CONTRACT_CHANGED"
    CONTRACT_VOIDED = "CONTRACT_VOIDED"
    CONTRACT_TERMINATED = "CONTRACT_TERMINATED"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    CONTRACT_RENEWED = "CONTRACT_RENEWED"
    CONTRACT_PAUSED = "CONTRACT_PAUSED"
    CONTRACT_RESUMED = "CONTRACT_RESUMED"
    CONTRACT_ALIGNED = "CONTRACT_ALIGNED"
    CONTRACT_UPGRADED = "CONTRACT_UPGRADED"
    CONTRACT_INVOICE_DATE_MOVED = "CONTRACT_INVOICE_DATE_MOVED"
    CONTRACT_ITEM_SPLIT = "CONTRACT_ITEM_SPLIT"
    INVOICE_CREATED = "INVOICE_CREATED"
    INVOICE_CORRECTED = "INVOICE_CORRECTED"
    INVOICE_CANCELLED = "INVOICE_CANCELLED"
    INVOICE_SET_UNPAID = "INVOICE_SET_UNPAID"
    CREDIT_NOTE_CREATED = "CREDIT_NOTE_CREATED"
    INVOICE_PAYMENT_RECEIVED = "INVOICE_PAYMENT_RECEIVED"
    CHARGEBACK_RECEIVED = "CHARGEBACK_RECEIVED"
    DOCUMENT_RENDERED = "DOCUMENT_RENDERED"
    INVOICE_WRITTEN_OFF = "INVOICE_WRITTEN_OFF"
    INVOICE_REFUNDED = "INVOICE_REFUNDED"
    INVOICE_DISCOUNT_TAKEN = "INVOICE_DISCOUNT_TAKEN"
    RECURRING_PAYMENT_FAILED = "RECURRING_PAYMENT_FAILED"
    CUSTOMER_NOTICE = "CUSTOMER_NOTICE"
    CHARGEBACK_WON = "CHARGEBACK_WON"
    PAYMENT_MEANS_CHANGED = "PAYMENT_MEANS_CHANGED"
    PROVIDER_ACCOUNT_CHANGED = "PROVIDER_ACCOUNT_CHANGED"
    PERIOD_LOCKED = "PERIOD_LOCKED"
    ACCOUNTING_CHANGED = "ACCOUNTING_CHANGED"
    BANK_CONNECTION_CHANGED = "BANK_CONNECTION_CHANGED"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about one object; `sequence` counts the object's events from 1."""

    type: EventType
    object_type: str
    object_id: UUID
    sequence: int
    data: dict[str, object] = field(default_factory=dict)


@unique
class DeliveryState(StrEnum):
    """Whether a subscriber has got a fact; a delivery that is given up stays PENDING."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A fact on its way to one subscriber; its `id` stays the same over all tries (P48)."""

    id: UUID
    subscriber: str
    state: DeliveryState
    tenant_key: str
    type: str
    object_type: str
    object_id: UUID
    sequence: int
    occurred_at: datetime
    data: Mapping[str, object]
