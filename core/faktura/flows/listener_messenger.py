"""Telling a listener, a plugin's own code: whatever it does is the outcome of one attempt (P53)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import JsonValue, TypeAdapter

from faktura.domain.events import Delivery
from faktura.flows.messengers import Told
from faktura.flows.retry import described
from faktura.hub.adapters import Adapters
from faktura.kernel.outside_errors import DeliveryFailed, OutsideUnavailable
from faktura.plugin.events import EventData, EventListener

TIME_LIMIT = timedelta(seconds=30)
# So many facts does a listener handle at once.
_MOST = 8
_ANSWER_KEPT = 500

_data = TypeAdapter(dict[str, JsonValue])


@dataclass(slots=True)
class ListenerMessenger:
    """The way to a tenant's listener `<plugin>.<class>`; one that cannot be built takes nothing."""

    adapters: Adapters
    tenant_id: int
    name: str
    time_limit: timedelta = TIME_LIMIT
    _listener: EventListener | None = None

    @property
    def in_flight(self) -> int:
        """How many facts it handles at once."""
        return _MOST

    async def prepare(self, deliveries: Sequence[Delivery]) -> None:
        """A fact's own data is all that a listener gets."""

    async def tell(self, delivery: Delivery) -> Told:
        """Have the listener handle it, within the time limit."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        failed, wish = None, 0
        try:
            await self._handle(delivery)
        except DeliveryFailed as error:
            failed, cause = error, error.__cause__
            wish = cause.retry_after if isinstance(cause, OutsideUnavailable) else 0
        return Told(
            taken=failed is None,
            status=None,
            answer="" if failed is None else failed.problem,
            milliseconds=round((loop.time() - began) * 1000),
            error=None if failed is None else described(failed),
            retry_after=wish,
        )

    async def close(self) -> None:
        """Nothing is open: the adapter lives on."""

    async def _handle(self, delivery: Delivery) -> None:
        seconds = self.time_limit.total_seconds()
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                listener = await self._built()
                await listener.handle(_event_data(delivery))
        except Exception as exc:
            # Whatever a plugin raises is its answer to this delivery, and to nothing else.
            said = described(exc)
            problem = (
                f"no answer within {seconds:g} seconds" if deadline.expired() else said["problem"]
            )
            place = f"listener {self.name}, delivery {delivery.id}"
            raise DeliveryFailed(_writable(problem), place=place, mend=said["mend"]) from exc

    async def _built(self) -> EventListener:
        if self._listener is None:
            # Building it may read its settings from the database: not on the event loop.
            self._listener = await asyncio.to_thread(
                self.adapters.listener, self.tenant_id, self.name
            )
        return self._listener


def _writable(text: str) -> str:
    """The text as it is kept and told a person: printable, one line, not longer than a line or two."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:_ANSWER_KEPT]


def _event_data(delivery: Delivery) -> EventData:
    return EventData(
        delivery_id=delivery.id,
        type=delivery.type,
        tenant=delivery.tenant_key,
        object_type=delivery.object_type,
        object_id=delivery.object_id,
        sequence=delivery.sequence,
        occurred_at=delivery.occurred_at,
        data=_data.validate_python(delivery.data),
    )
