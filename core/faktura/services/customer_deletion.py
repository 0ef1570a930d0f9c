"""A customer that nothing refers to goes for good; all others stay, as the books want (GoBD)."""

from collections.abc import Sequence

from faktura.domain.customers import Customer
from faktura.kernel.errors import Conflict
from faktura.services.customer_events import deleted_customer
from faktura.services.payment_events import write_events
from faktura.store.customers import read_customer
from faktura.store.deletions import (
    Reference,
    delete_customer_row,
    lock_customer_to_delete,
    references_to_customer,
)
from faktura.store.transaction import Tx


def customer_to_delete(tx: Tx, number: str) -> Customer:
    """The customer, read once nobody else can change it or refer to it; raises NotFound."""
    lock_customer_to_delete(tx, read_customer(tx, number).id)
    return read_customer(tx, number)


def delete_customer(tx: Tx, present: Customer) -> Customer:
    """Delete the locked customer; its number is free again. Gives what it was.

    Raises Conflict naming what refers to it: contracts, documents, means of payment, checks.
    """
    found = references_to_customer(tx, present.id, present.number)
    if found:
        raise Conflict(
            f"customer {present.number} stays: {referring(found)} refer to it",
            place="customerNumber",
            mend="A customer can be deleted while nothing was ever recorded about it",
        )
    write_events(tx, [deleted_customer(tx, present)])
    delete_customer_row(tx, present.id)
    return present


def referring(found: Sequence[Reference]) -> str:
    """`2 contracts, 1 document`: what keeps something, in words."""
    return ", ".join(f"{one.count} {_words(one)}" for one in found)


def _words(one: Reference) -> str:
    if one.count == 1 or one.what.endswith("means of payment"):
        return one.what
    return f"{one.what[:-1]}ies" if one.what.endswith("y") else f"{one.what}s"
