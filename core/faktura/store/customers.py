"""Customers: read and written whole; number, name and accounts are columns for searching."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from faktura.domain.customers import Customer
from faktura.domain.vat_checks import VatChecked
from faktura.kernel.errors import NotFound
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import from_json, to_json
from faktura.store.duplicates import refusing_duplicates
from faktura.store.pages import containing, page_after
from faktura.store.tables import customer
from faktura.store.transaction import Tx


def write_customers(tx: Tx, customers: Iterable[Customer]) -> None:
    """Add customers; raises NumberTaken for a number or debtor account that exists already."""
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            new.number,
            new.name,
            new.debtor_account,
            new.address.country,
            to_json(new, Customer),
            now,
            None,
            None,
        )
        for new in customers
    ]
    with refusing_duplicates("customer number or debtor account"):
        bulk_write(tx, customer, rows)


def replace_customers(tx: Tx, customers: Iterable[Customer]) -> None:
    """Store these customers' records anew; id and number stay. Raises NumberTaken."""
    changed = [
        {
            "of": new.id,
            "new_name": new.name,
            "new_account": new.debtor_account,
            "new_country": new.address.country,
            "new_data": to_json(new, Customer),
        }
        for new in customers
    ]
    if not changed:
        return
    statement = (
        update(customer)
        .where(customer.c.tenant_id == tx.tenant_id, customer.c.id == bindparam("of"))
        .values(
            name=bindparam("new_name"),
            debtor_account=bindparam("new_account"),
            country=bindparam("new_country"),
            data=bindparam("new_data"),
        )
    )
    with refusing_duplicates("debtor account"):
        tx.connection.execute(statement, changed)


def read_customer(tx: Tx, number: str) -> Customer:
    """The customer of that number; raises NotFound."""
    row = tx.connection.execute(
        select(customer.c.data, customer.c.vat_checked).where(
            customer.c.tenant_id == tx.tenant_id, customer.c.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no customer {number}", place="customerNumber")
    return customer_from_row(row)


def read_customers_by_number(tx: Tx, numbers: Iterable[str]) -> dict[str, Customer]:
    """Customers of these numbers; those that do not exist are absent."""
    found: dict[str, Customer] = {}
    for batch in in_batches(sorted(set(numbers))):
        rows = tx.connection.execute(
            select(customer.c.number, customer.c.data, customer.c.vat_checked).where(
                customer.c.tenant_id == tx.tenant_id, customer.c.number.in_(batch)
            )
        )
        found.update((row.number, customer_from_row(row)) for row in rows)
    return found


def list_customers(
    tx: Tx, *, search: str | None = None, after: str | None = None, limit: int | None = None
) -> list[Customer]:
    """Customers by number, of those behind `after`; at most `limit`.

    `search` is part of a number or name, letters A to Z in either case.
    """
    query = select(customer.c.data, customer.c.vat_checked).where(
        customer.c.tenant_id == tx.tenant_id
    )
    if search is not None:
        query = query.where(containing(search, customer.c.number, customer.c.name))
    rows = tx.connection.execute(page_after(query, customer.c.number, after, limit))
    return [customer_from_row(row) for row in rows]


def count_customers(tx: Tx) -> int:
    """How many customers the tenant has."""
    return tx.connection.execute(
        select(func.count()).select_from(customer).where(customer.c.tenant_id == tx.tenant_id)
    ).scalar_one()


def read_customers_by_id(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Customer]:
    """Customers of these ids."""
    found: dict[UUID, Customer] = {}
    for batch in in_batches(ids):
        rows = tx.connection.execute(
            select(customer.c.id, customer.c.data, customer.c.vat_checked).where(
                customer.c.tenant_id == tx.tenant_id, customer.c.id.in_(batch)
            )
        )
        found.update((row.id, customer_from_row(row)) for row in rows)
    return found


def customer_from_row(row: Any) -> Customer:
    """The customer behind a row with `data` and `vat_checked`: a check is no part of the record."""
    found = from_json(row.data, Customer)
    if row.vat_checked is None and found.vat_checked is None:
        return found
    checked = None if row.vat_checked is None else from_json(row.vat_checked, VatChecked)
    return replace(found, vat_checked=checked)


def lock_customers(tx: Tx, ids: Iterable[UUID]) -> None:
    """Lock accounts in id order, so that two writers never wait for each other (P47).

    Rows that name a customer can still be added meanwhile: who adds them in another order would
    otherwise be in a deadlock with us.
    """
    for batch in in_batches(sorted(ids)):
        tx.connection.execute(
            select(customer.c.id)
            .where(customer.c.tenant_id == tx.tenant_id, customer.c.id.in_(batch))
            .order_by(customer.c.id)
            .with_for_update(key_share=True)
        ).all()
