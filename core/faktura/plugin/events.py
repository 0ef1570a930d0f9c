"""Facts that left the core: what a listener is told, at least once, after commit."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import JsonValue

from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto


class EventData(Dto):
    """One fact. `sequence` counts the events of one object from 1; deliveries may repeat.

    `delivery_id` stays the same over all tries, so that a receiver can tell a repeat.
    """

    delivery_id: UUID
    type: str
    tenant: str
    object_type: str
    object_id: UUID
    sequence: int
    occurred_at: datetime
    data: Mapping[str, JsonValue]


class EventListener(Adapter):
    """Reacts to facts; called from the outbox, never inside the fact's transaction."""

    listens_to: ClassVar[frozenset[str]]
    """Event types, e.g. INVOICE_CREATED; empty means all."""

    @abstractmethod
    async def handle(self, event: EventData) -> None:
        """React; an exception means: not delivered, try again later."""
