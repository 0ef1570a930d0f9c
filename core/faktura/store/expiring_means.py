"""Cards whose last good day is near, and that something would still be charged to."""

from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.store.tables import customer, payment_means
from faktura.store.transaction import Tx

m = payment_means.c
_newer = payment_means.alias("newer")


def expiring_cards(
    tx: Tx, first: date, last: date, *, after: UUID | None, limit: int
) -> list[tuple[UUID, UUID, str, str, date]]:
    """Active cards whose last good day lies between two days, both inclusive, by id behind `after`.

    Each with its customer's id and number, its label and that day. One that a later card of the same
    customer or contract has taken over for longer is left out.
    """
    n = _newer.c
    replaced = exists().where(
        n.tenant_id == m.tenant_id,
        n.customer_id == m.customer_id,
        or_(n.contract_id == m.contract_id, and_(n.contract_id.is_(None), m.contract_id.is_(None))),
        n.method == m.method,
        n.state == MeansState.ACTIVE,
        n.created_at > m.created_at,
        or_(n.expires_on.is_(None), n.expires_on > m.expires_on),
    )
    query = (
        select(m.id, m.customer_id, customer.c.number, m.label, m.expires_on)
        .join(customer, and_(customer.c.tenant_id == m.tenant_id, customer.c.id == m.customer_id))
        .where(
            m.tenant_id == tx.tenant_id,
            m.method == PaymentMethod.CARD,
            m.state == MeansState.ACTIVE,
            m.expires_on.between(first, last),
            ~replaced,
        )
    )
    if after is not None:
        query = query.where(m.id > after)
    rows = tx.connection.execute(query.order_by(m.id).limit(limit))
    return [(row.id, row.customer_id, row.number, row.label, row.expires_on) for row in rows]
