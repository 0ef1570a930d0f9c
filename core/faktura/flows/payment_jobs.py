"""Collecting as jobs: what is due once a day, what is tried again hourly, what is unknown at once."""

import logging
from collections import Counter

from faktura.domain.jobs import Args, JobName
from faktura.domain.retries import is_open, next_opening
from faktura.domain.tenants import Tenant
from faktura.flows.collecting import Till, Wanted, collect
from faktura.flows.job_context import JobContext
from faktura.flows.pay_pages import expire_pages
from faktura.flows.refunding import RefundDesk, resolve_refunds
from faktura.flows.resolving import resolve
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.clock import local_date, zone
from faktura.kernel.errors import shortened
from faktura.services.attempt_questions import settle_left
from faktura.store.jobs import enqueue
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

_ALL_DUE = {"scope": "due"}
_REASONS_LOGGED = 10

log = logging.getLogger("faktura.payments")


async def collect_payments_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Collect what is to be tried again; with args `scope` = `due` all that is due.

    What a person must mend becomes a task, once, until the document is paid or under way.

    Outside the tenant's hours of collection nothing is: retries wait for the next hour within them.
    """
    tenant = await in_read_tx(context.database, tenant_id, read_tenant)
    time_zone, clock = zone(tenant.time_zone), context.database.clock
    if not is_open(tenant.payments, time_zone, clock.now()):
        return
    today = local_date(clock, tenant.time_zone)
    wanted = Wanted(today, retries_only=args != _ALL_DUE, tells=True)
    collected = await collect(Till(context.database, context.adapters, tenant), wanted)
    await in_tx(context.database, tenant_id, settle_left)
    if collected.reasons:
        _log_left(tenant, collected.reasons)


def _log_left(tenant: Tenant, reasons: Counter[str]) -> None:
    """Say how many documents were not tried, and why; the rarer reasons only by their number."""
    most = reasons.most_common(_REASONS_LOGGED)
    others = reasons.total() - sum(count for _, count in most)
    told = "; ".join(f"{count} x {shortened(reason)}" for reason, count in most)
    log.info(
        "payments_left tenant=%s documents=%d others=%d reasons=%s",
        tenant.key, reasons.total(), others, told,
    )  # fmt: skip


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
