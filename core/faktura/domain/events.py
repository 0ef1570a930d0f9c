"""Facts that leave the house: one event row per fact, with a sequence per object (P48)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from faktura.kernel.outbox_terms import DeliveryState

# Objects whose facts say their number; a rendering goes by its document's.
_NUMBERED = frozenset({"item", "contract", "invoice", "rendering"})


@unique
class EventType(StrEnum):
    """Types of events as users know them."""

    CUSTOMER_CREATED = "CUSTOMER_CREATED"
    CUSTOMER_CHANGED = "CUSTOMER_CHANGED"
    CUSTOMER_DELETED = "CUSTOMER_DELETED"
    ITEM_CREATED = "ITEM_CREATED"
    ITEM_CHANGED = "ITEM_CHANGED"
    ITEM_DELETED = "ITEM_DELETED"
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
    INVOICECORRECTION_CREATED = "INVOICECORRECTION_CREATED"
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
    DUNNING_CREATED = "DUNNING_CREATED"
    DUNNING_WAIVED = "DUNNING_WAIVED"
    DUNNING_STOP_CHANGED = "DUNNING_STOP_CHANGED"
    VATID_CHECK_FAILED = "VATID_CHECK_FAILED"
    MAIL_BOUNCED = "MAIL_BOUNCED"
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about one object; `sequence` counts the object's events from 1.

    `data` is kept for ever, so it names no person. `after` and `before` are the object as REST shows
    it, for subscribers (F116): they are kept for a time only.
    """

    type: EventType
    object_type: str
    object_id: UUID
    sequence: int
    data: dict[str, object] = field(default_factory=dict)
    after: Mapping[str, object] | None = field(default=None, repr=False)
    before: Mapping[str, object] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A fact on its way to one subscriber; its `id` stays the same over all tries (P48).

    Facts of one `lane`, a customer's, reach a subscriber in the order of (`seal_seq`, object, sequence).
    `due_at` is when it is tried next, `attempts` how often it was tried.
    """

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
    lane: str = ""
    seal_seq: int = 0
    attempts: int = 0
    due_at: datetime | None = None

    @property
    def place(self) -> tuple[int, UUID, int]:
        """Where it stands among its subscriber's: seal, object and sequence."""
        return self.seal_seq, self.object_id, self.sequence

    def is_due(self, now: datetime) -> bool:
        """Whether it may be tried by now; without `due_at` it may."""
        return self.due_at is None or self.due_at <= now


def object_number(object_type: str, data: Mapping[str, object]) -> str | None:
    """The number by which people know the object of a fact that says `data`; None where it has none."""
    if object_type == "customer":
        found = data.get("customerNumber", data.get("number"))
    else:
        found = data.get("number") if object_type in _NUMBERED else None
    return found if isinstance(found, str) else None
