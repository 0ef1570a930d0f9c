"""The contracts of documents that are of several: a collective invoice, and what corrects it whole.

Such a document has no contract of its own; its lines' activities say whose they are. A correction
is of the contracts of what it corrects.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from faktura.store.batches import in_batches
from faktura.store.tables import activity, contract, document, document_link, project
from faktura.store.transaction import Tx

# The contracts of a document by its lines, beside the one that a document may have itself.
billed = contract.alias("billed")


@dataclass(frozen=True, slots=True)
class BilledContract:
    """A contract that a document bills, with its project; all of a document are of one project."""

    number: str
    project_id: UUID
    project_key: str


def _bills() -> ColumnElement[bool]:
    """Whether `activity` is one that `document`, or what it corrects, bills."""
    original = select(document_link.c.original_id).where(
        document_link.c.tenant_id == document.c.tenant_id,
        document_link.c.document_id == document.c.id,
    )
    return or_(
        activity.c.document_id == document.c.id,
        activity.c.document_id.in_(original.correlate(document)),
    )


def shared_with(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a document of several contracts has one that meets these conditions on `billed`.

    It is looked for among its customer's contracts: activities lie by contract.
    """
    found = (
        exists()
        .where(
            billed.c.tenant_id == document.c.tenant_id,
            billed.c.customer_id == document.c.customer_id,
            activity.c.tenant_id == billed.c.tenant_id,
            activity.c.contract_id == billed.c.id,
            _bills(),
            *conditions,
        )
        .correlate(document)
    )
    return and_(document.c.contract_id.is_(None), found)


def contracts_of_documents(
    tx: Tx, document_ids: Sequence[UUID]
) -> dict[UUID, tuple[BilledContract, ...]]:
    """The contracts of documents that have none of their own, by number; absent where none is."""
    found: dict[UUID, list[BilledContract]] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(
                document.c.id, billed.c.number, billed.c.project_id, project.c.key.label("project")
            )
            .distinct()
            .select_from(document)
            .join(
                billed,
                (billed.c.tenant_id == document.c.tenant_id)
                & (billed.c.customer_id == document.c.customer_id),
            )
            .join(
                activity,
                (activity.c.tenant_id == billed.c.tenant_id)
                & (activity.c.contract_id == billed.c.id),
            )
            .join(
                project,
                (project.c.tenant_id == billed.c.tenant_id) & (project.c.id == billed.c.project_id),
            )
            .where(
                document.c.tenant_id == tx.tenant_id,
                document.c.id.in_(batch),
                document.c.contract_id.is_(None),
                _bills(),
            )
            .order_by(document.c.id, billed.c.number)
        )
        for row in rows:
            one = BilledContract(row.number, row.project_id, row.project)
            found.setdefault(row.id, []).append(one)
    return {document_id: tuple(own) for document_id, own in found.items()}


def with_contract(query: Select[Any]) -> Select[Any]:
    """A query over `document`, with the contract that a document may have of its own."""
    return query.outerjoin(
        contract,
        (contract.c.tenant_id == document.c.tenant_id) & (contract.c.id == document.c.contract_id),
    )


def of_projects(projects: Collection[UUID]) -> ColumnElement[bool]:
    """Documents of these projects; `contract` is joined to `document`, if it has one."""
    return or_(
        contract.c.project_id.in_(sorted(projects)),
        shared_with(billed.c.project_id.in_(sorted(projects))),
    )


def of_contract(number: str) -> ColumnElement[bool]:
    """Documents that bill the contract of that number; `contract` is joined as above."""
    return or_(contract.c.number == number, shared_with(billed.c.number == number))
