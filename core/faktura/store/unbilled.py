"""Contracts with services that are rendered and that no run bills by itself (F021)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select

from faktura.kernel.terms import ContractState
from faktura.store.activities import WAITING
from faktura.store.batches import in_batches
from faktura.store.tables import activity, contract
from faktura.store.transaction import Tx

_OWING = (ContractState.ACTIVE, ContractState.TERMINATED, ContractState.ENDED)


def contracts_with_unbilled(tx: Tx, contract_ids: Sequence[UUID], on: date) -> frozenset[UUID]:
    """Those of these contracts on which interim billing of that day finds something.

    Something is due until then, or an activity waits whose service has begun: one without a date,
    one left to a person, one of an ended contract. What was put off by hand counts from its day.
    """
    found: set[UUID] = set()
    c, a = contract.c, activity.c
    dated = a.invoice_on.is_not(None) & ~a.manual
    for batch in in_batches(contract_ids):
        waiting = select(a.contract_id).where(
            a.tenant_id == tx.tenant_id,
            a.contract_id.in_(batch),
            WAITING,
            a.item_id.is_(None),
            or_(and_(dated, a.invoice_on <= on), and_(~dated, a.service_start <= on)),
        )
        rows = tx.connection.execute(
            select(c.id).where(
                c.tenant_id == tx.tenant_id,
                c.id.in_(batch),
                c.state.in_(_OWING),
                or_(c.next_due_on <= on, c.id.in_(waiting)),
            )
        )
        found.update(rows.scalars())
    return frozenset(found)
