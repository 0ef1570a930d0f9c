"""The inbox as jobs: what waits is handled, and providers are asked for what did not come."""

from faktura.domain.jobs import Args
from faktura.flows.inbox import Inbox, handle_inbox
from faktura.flows.job_context import JobContext
from faktura.flows.polling import poll_providers
from faktura.flows.transactions import in_read_tx
from faktura.store.tenants import read_tenant


async def handle_inbox_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Handle what waits in the tenant's inbox."""
    tenant = await in_read_tx(context.database, tenant_id, read_tenant)
    await handle_inbox(Inbox(context.database, context.adapters, tenant))


async def poll_providers_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Ask the tenant's providers for what they did not deliver."""
    tenant = await in_read_tx(context.database, tenant_id, read_tenant)
    await poll_providers(context.database, context.adapters, tenant)
