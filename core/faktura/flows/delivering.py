"""Jobs that tell subscribers: one at a time for each of them, in the order of the facts."""

from uuid import UUID

from faktura.domain.delivery_lines import Line
from faktura.domain.jobs import Args
from faktura.domain.subscribers import endpoint_of
from faktura.flows.job_context import JobContext
from faktura.flows.listener_messenger import ListenerMessenger
from faktura.flows.messengers import Messenger
from faktura.flows.pump import Pump
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.flows.webhook_messenger import open_endpoint
from faktura.kernel.errors import NotFound
from faktura.services.outbox import start_pump
from faktura.store.deliveries import subscriber_of


async def deliver(context: JobContext, tenant_id: int, args: Args) -> None:
    """Tell args `subscriber` what waits for it.

    Jobs from before name one args `delivery`: they start such a job. Raises NotFound for a delivery
    that the tenant does not have.
    """
    if "subscriber" not in args:
        subscriber = await _subscriber(context, tenant_id, UUID(str(args["delivery"])))
        await in_tx(context.database, tenant_id, start_pump, subscriber)
        return
    subscriber = str(args["subscriber"])
    messenger = await _messenger(context, tenant_id, subscriber)
    if messenger is None:
        return
    line = Line(context.database.clock.now())
    try:
        goes_on = await Pump(context.database, tenant_id, subscriber, messenger, line).run()
    finally:
        await messenger.close()
    if goes_on:
        await in_tx(context.database, tenant_id, start_pump, subscriber)


async def _subscriber(context: JobContext, tenant_id: int, delivery_id: UUID) -> str:
    found = await in_read_tx(context.database, tenant_id, subscriber_of, delivery_id)
    if found is None:
        raise NotFound(f"delivery {delivery_id} does not exist")
    return found


async def _messenger(context: JobContext, tenant_id: int, subscriber: str) -> Messenger | None:
    """The way to a subscriber; None while nothing is to be sent there."""
    endpoint_id = endpoint_of(subscriber)
    if endpoint_id is None:
        return ListenerMessenger(context.adapters, tenant_id, subscriber)
    return await open_endpoint(context, tenant_id, endpoint_id)
