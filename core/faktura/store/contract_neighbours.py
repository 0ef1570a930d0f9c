"""Contracts that follow one another after large upgrades (F022)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from faktura.kernel.terms import ContractState
from faktura.store.batches import in_batches
from faktura.store.tables import contract
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The numbers of the contracts before and after one; None where there is none."""

    predecessor: str | None = None
    successor: str | None = None


ALONE = Neighbours()


def neighbours(tx: Tx, contract_ids: Collection[UUID]) -> dict[UUID, Neighbours]:
    """Predecessors and successors by contract; contracts with neither are absent."""
    own, other = contract.c, contract.alias("other").c
    before: dict[UUID, str] = {}
    after: dict[UUID, str] = {}
    for batch in in_batches(contract_ids):
        found = tx.connection.execute(
            select(own.id, other.number)
            .join_from(contract, other.id.table, other.id == own.predecessor_id)
            .where(
                own.tenant_id == tx.tenant_id, other.tenant_id == tx.tenant_id, own.id.in_(batch)
            )
        )
        before.update((row.id, row.number) for row in found)
        # A successor that was voided never followed.
        following = tx.connection.execute(
            select(own.predecessor_id, own.number).where(
                own.tenant_id == tx.tenant_id,
                own.predecessor_id.in_(batch),
                own.state != ContractState.VOIDED,
            )
        )
        after.update((row.predecessor_id, row.number) for row in following)
    return {key: Neighbours(before.get(key), after.get(key)) for key in {*before, *after}}


def successors_of(tx: Tx, contract_id: UUID) -> list[UUID]:
    """The contracts that follow a contract, each after its own predecessor."""
    found: list[UUID] = []
    at: UUID | None = contract_id
    while at is not None:
        at = tx.connection.execute(
            select(contract.c.id).where(
                contract.c.tenant_id == tx.tenant_id,
                contract.c.predecessor_id == at,
                contract.c.state != ContractState.VOIDED,
            )
        ).scalar_one_or_none()
        if at is not None:
            found.append(at)
    return found
