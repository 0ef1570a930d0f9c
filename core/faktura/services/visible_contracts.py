"""Contracts by number, for somebody who reaches some projects only; locked before they change."""

from collections.abc import Collection, Sequence
from uuid import UUID

from faktura.domain.contracts import Contract
from faktura.store.contracts import no_contract, read_contracts
from faktura.store.customers import lock_customers
from faktura.store.transaction import Tx


def visible_contracts(
    tx: Tx, numbers: Sequence[str], projects: Collection[UUID] | None = None
) -> list[Contract]:
    """The contracts of these numbers, in their order.

    Raises NotFound, in the same words whether one does not exist or lies outside `projects` (None:
    all).
    """
    found = read_contracts(tx, numbers)
    for contract in found:
        if projects is not None and contract.project_id not in projects:
            raise no_contract(contract.number)
    return found


def visible_contract(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> Contract:
    """The contract of that number; raises NotFound as `visible_contracts` does."""
    return visible_contracts(tx, [number], projects)[0]


def locked_contracts(
    tx: Tx, numbers: Sequence[str], projects: Collection[UUID] | None = None
) -> list[Contract]:
    """The contracts, read once nobody else writes to their customers' accounts (P47).

    Raises NotFound as `visible_contracts` does.
    """
    owners = {contract.customer_id for contract in visible_contracts(tx, numbers, projects)}
    lock_customers(tx, owners)
    return read_contracts(tx, numbers)
