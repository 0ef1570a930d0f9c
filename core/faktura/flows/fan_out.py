"""Facts leave the house: a transaction's events become deliveries and mails."""

from faktura.domain.jobs import Args
from faktura.flows.job_context import JobContext
from faktura.services.handing_out import hand_out
from faktura.services.webhook_endpoints import subscribed


def fan_out(context: JobContext, tenant_id: int, args: Args) -> None:
    """Hand out the events of one transaction: args `seal`, the number of its seal.

    They go to the listeners of enabled plugins and to the tenant's endpoints of webhooks.
    """
    listeners = {
        name: offer.adapter.listens_to for name, offer in context.registry.listeners.items()
    }
    with context.database.write(tenant_id) as tx:
        hand_out(tx, int(str(args["seal"])), {**listeners, **subscribed(tx)})
