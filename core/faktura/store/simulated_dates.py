"""The day on which a sandbox's customer lives, where it is not the real one (O23)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from faktura.domain.contracts import BILLABLE
from faktura.store.tables import contract, customer, document, tenant
from faktura.store.tenants import tenant_of
from faktura.store.transaction import Tx


def at_real_date(tx: Tx, customer_id: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    """The condition that a customer lives on the real day; none at all outside a sandbox."""
    if not _is_sandbox(tx):
        return ()
    elsewhere = select(customer.c.id).where(
        customer.c.tenant_id == tx.tenant_id, customer.c.simulated_on.is_not(None)
    )
    return (customer_id.not_in(elsewhere),)


def simulated_on(tx: Tx, customer_id: UUID) -> date | None:
    """The customer's own day; None where the real one counts."""
    found: date | None = tx.connection.execute(
        select(customer.c.simulated_on).where(
            customer.c.tenant_id == tx.tenant_id, customer.c.id == customer_id
        )
    ).scalar_one_or_none()
    return found


def simulated_dates(tx: Tx) -> dict[str, date]:
    """The days of their own of all the tenant's customers who have one, by number; no query outside a sandbox."""
    if not _is_sandbox(tx):
        return {}
    rows = tx.connection.execute(
        select(customer.c.number, customer.c.simulated_on).where(
            customer.c.tenant_id == tx.tenant_id, customer.c.simulated_on.is_not(None)
        )
    )
    return {row.number: row.simulated_on for row in rows}


def simulated_on_of(
    tx: Tx,
    *,
    customer_number: str | None = None,
    contract_number: str | None = None,
    document_number: str | None = None,
) -> date | None:
    """The own day of the customer of that number, or of whose contract or document it is; None where there is none."""
    if (customer_number or contract_number or document_number) is None or not _is_sandbox(tx):
        return None
    query = select(customer.c.simulated_on).where(customer.c.tenant_id == tx.tenant_id)
    if customer_number is not None:
        query = query.where(customer.c.number == customer_number)
    else:
        of, number = (
            (document, document_number) if contract_number is None else (contract, contract_number)
        )
        owner = select(of.c.customer_id).where(
            of.c.tenant_id == tx.tenant_id, of.c.number == number
        )
        query = query.where(customer.c.id.in_(owner))
    found: date | None = tx.connection.execute(query).scalar_one_or_none()
    return found


def set_simulated(tx: Tx, customer_id: UUID, on: date | None) -> bool:
    """Put the customer onto a day, never back to an earlier one; None is the real day again.

    Whether it was done.
    """
    own = customer.c.simulated_on
    statement = update(customer).where(
        customer.c.tenant_id == tx.tenant_id, customer.c.id == customer_id
    )
    if on is not None:
        statement = statement.where(or_(own.is_(None), own <= on))
    return bool(tx.connection.execute(statement.values(simulated_on=on)).rowcount)


def next_due_of(tx: Tx, customer_id: UUID) -> date | None:
    """The first day on which one of the customer's contracts is due; None where none ever is."""
    found: date | None = tx.connection.execute(
        select(func.min(contract.c.next_due_on)).where(
            contract.c.tenant_id == tx.tenant_id,
            contract.c.customer_id == customer_id,
            contract.c.state.in_(sorted(BILLABLE)),
        )
    ).scalar_one_or_none()
    return found


def _is_sandbox(tx: Tx) -> bool:
    data = tx.connection.execute(
        select(tenant.c.data).where(tenant.c.id == tx.tenant_id)
    ).scalar_one_or_none()
    return data is not None and tenant_of(data).sandbox
