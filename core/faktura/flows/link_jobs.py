"""Handing over as jobs: a batch is sent on after whatever cut it off, and its results asked for."""

import asyncio
from datetime import timedelta

from faktura.domain.jobs import Args
from faktura.flows.accounting_links import Linked
from faktura.flows.documents import Documents
from faktura.flows.handovers import Handing, ask_for_results, send_batch
from faktura.flows.job_context import JobContext
from faktura.store.link_calls import delete_calls
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

# DATEV asks for fourteen days at least; a month lets a person look into the last closing.
_CALLS_KEPT = timedelta(days=30)


async def send_export_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Hand a batch over: args `target` and `batch`, its number."""
    handing = await asyncio.to_thread(_handing, context, tenant_id, args)
    await send_batch(handing)


async def check_transfers_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Ask what became of a batch: args `target` and `batch`, its number."""
    linked = await asyncio.to_thread(_linked, context, tenant_id, args)
    await ask_for_results(linked, _number(args))


def _linked(context: JobContext, tenant_id: int, args: Args) -> Linked:
    # Building it may read its settings from the database: not on the event loop.
    link = context.adapters.link(tenant_id, str(args["target"]))
    return Linked(context.database, context.keys, tenant_id, link)


def _handing(context: JobContext, tenant_id: int, args: Args) -> Handing:
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    formats = context.adapters.formats(tenant_id)
    documents = Documents(context.database, context.contents, formats, tenant)
    return Handing(_linked(context, tenant_id, args), documents, _number(args))


def _number(args: Args) -> int:
    return int(str(args["batch"]))


def forget_old_calls(tx: Tx) -> int:
    """Delete calls to linked systems that are older than thirty days; how many they were."""
    return delete_calls(tx, tx.now() - _CALLS_KEPT)
