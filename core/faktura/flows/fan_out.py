"""Facts leave the house: events become deliveries, and each listener is told until it took them.

A listener never sees the fact's transaction and cannot harm it: whatever it raises, and that it
does not answer, is the outcome of this one attempt (P53).
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from pydantic import JsonValue, TypeAdapter

from faktura.domain.events import Delivery
from faktura.domain.jobs import Args
from faktura.flows.job_context import JobContext
from faktura.flows.retry import described
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.outside_errors import DeliveryFailed
from faktura.plugin.events import EventData
from faktura.services.outbox import hand_out, open_delivery
from faktura.store.events import mark_delivered, mark_undelivered

TIME_LIMIT = timedelta(seconds=30)

_data = TypeAdapter(dict[str, JsonValue])


def fan_out(context: JobContext, tenant_id: int, args: Args) -> None:
    """Hand out the events of one transaction: args `seal`, the number of its seal."""
    subscribers = {
        name: offer.adapter.listens_to for name, offer in context.registry.listeners.items()
    }
    with context.database.write(tenant_id) as tx:
        hand_out(tx, int(str(args["seal"])), subscribers)


async def deliver(context: JobContext, tenant_id: int, args: Args) -> None:
    """Tell one subscriber one fact: args `delivery`. Raises DeliveryFailed if it did not take it."""
    delivery_id = UUID(str(args["delivery"]))
    delivery = await in_read_tx(context.database, tenant_id, open_delivery, delivery_id)
    if delivery is None:
        return
    try:
        await _tell(context, tenant_id, delivery)
    except DeliveryFailed as exc:
        await in_tx(context.database, tenant_id, mark_undelivered, delivery_id, exc.as_dict())
        raise
    await in_tx(context.database, tenant_id, mark_delivered, delivery_id)


async def _tell(context: JobContext, tenant_id: int, delivery: Delivery) -> None:
    place = f"listener {delivery.subscriber}, delivery {delivery.id}"
    seconds = TIME_LIMIT.total_seconds()
    deadline = asyncio.timeout(seconds)
    try:
        async with deadline:
            # Building it may read its settings from the database: not on the event loop.
            listener = await asyncio.to_thread(
                context.adapters.listener, tenant_id, delivery.subscriber
            )
            await listener.handle(_event_data(delivery))
    except Exception as exc:
        # Whatever a plugin raises is its answer to this delivery, and to nothing else.
        said = described(exc)
        problem = f"no answer within {seconds:g} seconds" if deadline.expired() else said["problem"]
        raise DeliveryFailed(problem, place=place, mend=said["mend"]) from exc


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
