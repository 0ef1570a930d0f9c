"""What an installation does of its own after a chargeback: asked for once it is committed (F094)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from faktura.domain.jobs import Args
from faktura.flows.job_context import JobContext
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.errors import FakturaError, shortened
from faktura.kernel.outside_errors import DeliveryFailed
from faktura.plugin import ChargebackAction, ChargebackNotice
from faktura.store.chargebacks import (
    ListedChargeback,
    lock_chargeback,
    read_chargeback,
    rewrite_chargeback,
)
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

_LIMIT = timedelta(seconds=60)


async def act_on_chargeback_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Have one action done for one chargeback: args `chargeback`, its id, and `action`, its name.

    Done already, nothing is asked. Raises what the action raises, or DeliveryFailed: the job is
    tried again, so an action is asked at least once.
    """
    chargeback_id, name = UUID(str(args["chargeback"])), str(args["action"])
    notice = await in_read_tx(context.database, tenant_id, _notice, chargeback_id, name)
    if notice is None:
        return
    action = await asyncio.to_thread(context.adapters.chargeback_action, tenant_id, name)
    said = await _asked(action, notice, name)
    await in_tx(context.database, tenant_id, _keep, chargeback_id, name, said)


def _notice(tx: Tx, chargeback_id: UUID, action: str) -> ChargebackNotice | None:
    """What the action is told; None where it was done."""
    listed = read_chargeback(tx, chargeback_id)
    if listed.chargeback.course.actions.get(action):
        return None
    return notice_of(listed, read_tenant(tx).key)


def notice_of(listed: ListedChargeback, tenant: str) -> ChargebackNotice:
    """A chargeback as an action sees it."""
    one = listed.chargeback
    return ChargebackNotice(
        chargeback=one.id,
        tenant=tenant,
        customer_number=listed.customer_number,
        invoice_number=listed.document_number or "",
        contract_numbers=one.course.contracts,
        method=one.method,
        amount=one.amount.decimal,
        currency=one.amount.currency,
        reason=one.reason,
        done=one.follow_up,
    )


async def _asked(action: ChargebackAction, notice: ChargebackNotice, name: str) -> str:
    try:
        async with asyncio.timeout(_LIMIT.total_seconds()):
            said = await action.act(notice)
    except FakturaError:
        raise
    except Exception as error:
        problem = f"the action {name} failed: {type(error).__name__}: {shortened(error)}"
        raise DeliveryFailed(problem, place=f"chargeback {notice.chargeback}") from error
    return shortened(said) or "done"


def _keep(tx: Tx, chargeback_id: UUID, action: str, said: str) -> None:
    kept = lock_chargeback(tx, chargeback_id)
    actions = {**kept.course.actions, action: said}
    rewrite_chargeback(tx, replace(kept, course=replace(kept.course, actions=actions)))
