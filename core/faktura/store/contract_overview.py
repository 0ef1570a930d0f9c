"""Contracts as a person looks for them: with their customer, project and next due day (F018)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from faktura.domain.contracts import Contract
from faktura.store.contracts import contract_from_row
from faktura.store.tables import contract, customer, project
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ContractOverview:
    """A contract with what its ids stand for; `next_due_on` None means that nothing waits."""

    contract: Contract
    customer_number: str
    customer_name: str
    project_key: str
    next_due_on: date | None


def find_contracts(
    tx: Tx,
    *,
    customer_id: UUID | None = None,
    internal_identifier: str | None = None,
    number: str | None = None,
) -> list[ContractOverview]:
    """Contracts by number, filtered by any of these (F018)."""
    query = (
        select(
            contract,
            customer.c.number.label("customer_number"),
            customer.c.name.label("customer_name"),
            project.c.key.label("project_key"),
        )
        .join(
            customer,
            (customer.c.tenant_id == contract.c.tenant_id)
            & (customer.c.id == contract.c.customer_id),
        )
        .join(
            project,
            (project.c.tenant_id == contract.c.tenant_id) & (project.c.id == contract.c.project_id),
        )
        .where(contract.c.tenant_id == tx.tenant_id)
    )
    for column, wanted in (
        (contract.c.customer_id, customer_id),
        (contract.c.internal_identifier, internal_identifier),
        (contract.c.number, number),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return [
        ContractOverview(
            contract_from_row(row),
            row.customer_number,
            row.customer_name,
            row.project_key,
            row.next_due_on,
        )
        for row in tx.connection.execute(query.order_by(contract.c.number))
    ]
