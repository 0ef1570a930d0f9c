"""Contracts as a person looks for them: with their customer, project and next due day (F018)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from faktura.domain.commissions import CommissionRule
from faktura.domain.contracts import Contract
from faktura.kernel.terms import ContractState
from faktura.store.commissions import read_commission_rules
from faktura.store.contract_neighbours import ALONE, Neighbours, neighbours
from faktura.store.contracts import contract_from_row
from faktura.store.pages import containing, page_after, page_of_few
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
    commission_rules: tuple[CommissionRule, ...] = ()
    has_discounts: bool = False
    unbilled_services: bool = False
    neighbours: Neighbours = ALONE


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """Which contracts are wanted; what is None filters nothing.

    `search` is part of a number or internal identifier, letters A to Z in either case.
    """

    projects: Collection[UUID] | None = None
    customer_id: UUID | None = None
    internal_identifier: str | None = None
    states: Collection[ContractState] | None = None
    number: str | None = None
    search: str | None = None


def find_contracts(
    tx: Tx, wanted: ContractFilter, *, after: str | None = None, limit: int | None = None
) -> list[ContractOverview]:
    """Contracts by number, of those behind `after` (F018); at most `limit`."""
    # The page is cut before anything is joined to it: neither database may begin elsewhere.
    paged = page_after if wanted.customer_id is None else page_of_few
    page = paged(_wanted(tx, wanted), contract.c.number, after, limit).subquery("page")
    query = (
        select(
            page,
            customer.c.number.label("customer_number"),
            customer.c.name.label("customer_name"),
            project.c.key.label("project_key"),
        )
        .join(
            customer,
            (customer.c.tenant_id == page.c.tenant_id) & (customer.c.id == page.c.customer_id),
        )
        .join(
            project,
            (project.c.tenant_id == page.c.tenant_id) & (project.c.id == page.c.project_id),
        )
        .order_by(page.c.number)
    )
    rows = tx.connection.execute(query).all()
    ids = [row.id for row in rows]
    commissions = read_commission_rules(tx, ids)
    linked = neighbours(tx, ids)
    return [
        ContractOverview(
            contract_from_row(row),
            row.customer_number,
            row.customer_name,
            row.project_key,
            row.next_due_on,
            commissions.get(row.id, ()),
            neighbours=linked.get(row.id, ALONE),
        )
        for row in rows
    ]


def count_contracts(tx: Tx) -> int:
    """How many contracts the tenant has."""
    return tx.connection.execute(
        select(func.count()).select_from(contract).where(contract.c.tenant_id == tx.tenant_id)
    ).scalar_one()


def _wanted(tx: Tx, wanted: ContractFilter) -> Select[Any]:
    query = select(contract).where(contract.c.tenant_id == tx.tenant_id)
    for column, value in (
        (contract.c.customer_id, wanted.customer_id),
        (contract.c.internal_identifier, wanted.internal_identifier),
        (contract.c.number, wanted.number),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.projects is not None:
        query = query.where(contract.c.project_id.in_(wanted.projects))
    if wanted.states is not None:
        query = query.where(contract.c.state.in_(wanted.states))
    if wanted.search is not None:
        query = query.where(
            containing(wanted.search, contract.c.number, contract.c.internal_identifier)
        )
    return query
