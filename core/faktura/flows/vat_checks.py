"""A VAT id checked: what to ask is read, the register asked, its answer kept; no transaction is open meanwhile."""

import asyncio

from faktura.domain.tenants import Tenant
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.hub.adapters import Adapters
from faktura.services.vat_checks import answer_without_asking, record_check
from faktura.services.vat_requests import Asked, ask_by_turns, vat_question, whose_turn
from faktura.store.database import Database
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx
from faktura.store.vat_checks import VatCheck


async def check_vat_id(
    database: Database, adapters: Adapters, tenant_id: int, customer_number: str
) -> VatCheck:
    """Check a customer's VAT id now and keep the answer, also that there was none.

    Raises as `vat_question` and as VatIdChecker.check; then nothing is kept.
    """
    tenant, asked = await in_read_tx(database, tenant_id, _asked, customer_number)
    answer = answer_without_asking(asked.question)
    if answer is None:
        # Building it may read its settings from the database: not on the event loop.
        checker = await asyncio.to_thread(adapters.vat_checker, tenant_id, asked.checker)
        answer = await checker.check(asked.question)
    return await in_tx(database, tenant_id, record_check, tenant, asked, answer)


def ask_what_is_due(database: Database, adapters: Adapters, tenant_id: int) -> int:
    """Put in a check for each customer whose turn it is; how many. Without a register nobody is asked.

    Raises as `Adapters.vat_checker`, once for all of them.
    """
    with database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
        if not tenant.vat_checks.checker:
            return 0
        due = whose_turn(tx, tenant)
    adapters.vat_checker(tenant_id, tenant.vat_checks.checker)
    with database.write(tenant_id) as tx:
        ask_by_turns(tx, tenant, due)
    return len(due)


def _asked(tx: Tx, customer_number: str) -> tuple[Tenant, Asked]:
    tenant = read_tenant(tx)
    return tenant, vat_question(tx, tenant, customer_number)
