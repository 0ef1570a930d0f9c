"""What a run locks, and what it may not take for granted before it has locked it (P47).

On SQLite a writer has the whole database to itself; only PostgreSQL can show these.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text, update
from tests.services.billing.scene import TENANT, Scene
from tests.services.waiting import until_it_waits

from faktura.domain.customers import Customer
from faktura.domain.run_chunks import Chunk
from faktura.kernel.errors import WriteRefused
from faktura.kernel.terms import ContractState
from faktura.store import tables
from faktura.store.billable import lock_due_customers
from faktura.store.billing import Scope
from faktura.store.contracts import write_contracts
from faktura.store.customers import lock_customers
from faktura.store.refusals import WriteCollided
from faktura.store.transaction import Tx

_DAY = date(2026, 9, 15)

only_postgresql = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@only_postgresql
@pytest.mark.postgres
def test_recording_a_contract_does_not_wait_for_a_run_that_bills_its_customer(scene: Scene):
    """An import and a run that lock customers in different orders would be a deadlock."""
    owner = scene.customer()
    contract = scene.contract(owner)
    new = replace(contract, id=scene.database.new_id(), number="V-NEW")

    with scene.database.write(TENANT.id) as billing:
        lock_due_customers(billing, Scope(), Chunk(1, owner.id, owner.id), _DAY)
        with scene.database.write(TENANT.id) as importing:
            importing.connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            write_contracts(importing, [(new, None)])

    assert scene.count("contract") == 2


@only_postgresql
@pytest.mark.postgres
def test_a_contract_that_ends_while_the_run_waits_for_its_account_is_billed_as_ended(scene: Scene):
    """P9: what decides is read once nobody else writes to the account."""
    owner = scene.customer()
    contract = scene.contract(owner)

    with ThreadPoolExecutor(1) as other:
        with scene.database.write(TENANT.id) as ending:
            lock_customers(ending, [owner.id])
            run = other.submit(scene.bill, _DAY)
            until_it_waits(scene.database, run)
            ending.connection.execute(
                update(tables.contract)
                .where(tables.contract.c.id == contract.id)
                .values(state=ContractState.TERMINATED, end=contract.start, next_due_on=None)
            )
        receipt = run.result(30)

    assert (receipt.planned_contracts, receipt.totals.documents) == (1, 0)


@only_postgresql
@pytest.mark.postgres
def test_who_is_sacrificed_in_a_deadlock_is_told_that_it_only_collided(scene: Scene):
    """The same may be done again; a constraint that says no says so once and for all."""
    first, second = scene.customer(), scene.customer()
    k = tables.customer.c

    def lock(tx: Tx, customer: Customer) -> None:
        tx.connection.execute(select(k.id).where(k.id == customer.id).with_for_update())

    def both() -> str:
        try:
            with scene.database.write(TENANT.id) as tx:
                lock(tx, second)
                lock(tx, first)
        except WriteRefused as refused:
            return f"{type(refused).__name__}: {refused.problem}"
        return "written"

    with ThreadPoolExecutor(1) as pool, scene.database.write(TENANT.id) as tx:
        # The other one looks for the deadlock long before.
        tx.connection.execute(text("SET LOCAL deadlock_timeout = '60s'"))
        lock(tx, first)
        told = pool.submit(both)
        until_it_waits(scene.database, told)
        lock(tx, second)
        assert told.result(timeout=30) == "WriteCollided: the database refused: deadlock detected"

    with pytest.raises(WriteRefused) as refused, scene.database.write(TENANT.id) as tx:
        tx.connection.execute(tables.customer.insert().values(tenant_id=TENANT.id, id=first.id))
    assert not isinstance(refused.value, WriteCollided)
