"""Collecting as jobs: what is due once a day, what is tried again hourly, what is unknown at once."""

from faktura.domain.jobs import Args, JobName
from faktura.domain.retries import is_open, next_opening
from faktura.domain.tenants import Tenant
from faktura.flows.collecting import Till, Wanted, collect
from faktura.flows.job_context import JobContext
from faktura.flows.pay_pages import expire_pages
from faktura.flows.refunding import RefundDesk, resolve_refunds
from faktura.flows.resolving import resolve
from faktura.flows.transactions import in_read_tx
from faktura.kernel.clock import local_date, zone
from faktura.store.jobs import enqueue
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

_ALL_DUE = {"scope": "due"}


async def collect_payments_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Collect what is to be tried again; with args `scope` = `due` all that is due.

    Outside the tenant's hours of collection nothing is: retries wait for the next hour within them.
    """
    tenant = await in_read_tx(context.database, tenant_id, read_tenant)
    time_zone, clock = zone(tenant.time_zone), context.database.clock
    if not is_open(tenant.payments, time_zone, clock.now()):
        return
    wanted = Wanted(local_date(clock, tenant.time_zone), retries_only=args != _ALL_DUE)
    await collect(Till(context.database, context.adapters, tenant), wanted)


async def resolve_payments_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Find out what nobody knows, and close pages whose time is over."""
    tenant = await in_read_tx(context.database, tenant_id, read_tenant)
    await resolve(Till(context.database, context.adapters, tenant))
    await resolve_refunds(RefundDesk(context.database, context.adapters, tenant))
    await expire_pages(context.database, context.adapters, tenant)


def payment_day_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Have all that is due collected: now, or when the tenant's hours of collection begin."""
    with context.database.write(tenant_id) as tx:
        ask_for_collection(tx, read_tenant(tx))


def ask_for_collection(tx: Tx, tenant: Tenant) -> None:
    """Put the day's collection into the queue, once a day."""
    opens = next_opening(tenant.payments, zone(tenant.time_zone), tx.now())
    day = opens.astimezone(zone(tenant.time_zone)).date()
    enqueue(tx, JobName.COLLECT_PAYMENTS, _ALL_DUE, key=f"collect:{day}", run_at=opens)
