"""Bank feeds as jobs: an update is begun, an errand looked at, and what is due put in."""

from uuid import UUID

from faktura.domain.jobs import Args
from faktura.flows.bank_feeds import begin_alone
from faktura.flows.feed_calls import FeedDesk
from faktura.flows.feed_looks import look
from faktura.flows.job_context import JobContext
from faktura.flows.transactions import in_read_tx
from faktura.services.feed_schedule import attendance_of, start_what_is_due
from faktura.store.tenants import read_tenant


async def sync_bank_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Begin to update args `connection`, or look at args `errand`."""
    tenant = await in_read_tx(context.database, tenant_id, read_tenant)
    desk = FeedDesk(
        context.database,
        context.keys,
        context.contents,
        context.adapters,
        tenant,
        context.public_url,
    )
    if "errand" in args:
        number = args.get("look")
        await look(desk, UUID(str(args["errand"])), None if number is None else int(str(number)))
        return
    attended = attendance_of(args, context.database.clock.now())
    await begin_alone(desk, UUID(str(args["connection"])), attended)


def bank_day_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Put in what is due now, and tell of connections whose state time alone has changed."""
    with context.database.write(tenant_id) as tx:
        start_what_is_due(tx)
