"""The bench that event listeners are tried on: a double, a listener, a wire that fails in between."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from faktura.plugin import EventData, EventListener
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.fact_receiver import FactReceiverDouble
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.wire import Wire

_INVOICE = UUID("018f0000-0000-7000-8000-000000000001")
_TYPE = "INVOICE_CREATED"


@dataclass(slots=True)
class Listening:
    """A listener on a receiver that has heard of nothing."""

    receiver: FactReceiverDouble
    listener: EventListener
    wire: Wire
    around: Surroundings


class EventListenerBench(ConnectorKit):
    """What a maker gives, and how the scenarios use it."""

    @property
    def listener_class(self) -> type[EventListener]:
        """The class that is tried."""
        assert issubclass(self.adapter_class, EventListener), "name its class in `adapter_class`"
        return self.adapter_class

    def running(self) -> AbstractAsyncContextManager[FactReceiverDouble]:
        """A new double of what facts are passed on to."""
        raise NotImplementedError("Write: a double of the system that hears of facts")

    def fact(self, number: int = 1, **changed: object) -> EventData:
        """A fact that the listener listens to, the `number`th of its object."""
        listens_to = sorted(self.listener_class.listens_to)
        facts: dict[str, object] = {
            "delivery_id": UUID(int=0x018F_0000_0000_7000_8000_0000_0000_1000 + number),
            "type": listens_to[0] if listens_to else _TYPE,
            "tenant": "werk",
            "object_type": "invoice",
            "object_id": _INVOICE,
            "sequence": number,
            "occurred_at": datetime(2031, 3, 14, 7, 0, number, tzinfo=UTC),
            "data": {"number": f"RE-2031-{number:06}", "gross": "119.00"},
        }
        return EventData.model_validate(facts | changed)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Listening]:
        """A listener on a new double, with a wire that can fail in between."""
        async with self.running() as receiver:
            wire = Wire(receiver.http)
            around = Surroundings(wire)
            yield Listening(receiver, self.on(receiver, around), wire, around)

    def on(self, receiver: FactReceiverDouble, around: Surroundings) -> EventListener:
        """A listener with these surroundings."""
        return self.listener_class(receiver.settings(), around.runtime())
