"""The quarantine: contracts a run had to leave for a person, each with its reason (O19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from faktura.kernel.errors import FakturaError
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import contract, quarantine
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A contract that could not be billed, why, and what to do about it (O19)."""

    contract_id: UUID
    contract_number: str
    run_date: date
    code: str
    problem: str
    place: str
    mend: str


def put_in_quarantine(
    tx: Tx, run_id: UUID, run_date: date, failures: Sequence[tuple[UUID, FakturaError]]
) -> None:
    """Isolate contracts with the reason; a later failure replaces an earlier one."""
    release(tx, [contract_id for contract_id, _ in failures])
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            contract_id,
            run_id,
            run_date,
            error.code,
            error.problem,
            error.place,
            error.mend,
            now,
        )
        for contract_id, error in failures
    ]
    bulk_write(tx, quarantine, rows)


def release(tx: Tx, contract_ids: Sequence[UUID]) -> None:
    """Take contracts out of quarantine: they are billed now."""
    for batch in in_batches(contract_ids):
        tx.connection.execute(
            delete(quarantine).where(
                quarantine.c.tenant_id == tx.tenant_id, quarantine.c.contract_id.in_(batch)
            )
        )


def read_quarantine(
    tx: Tx, *, limit: int | None = None, contract_id: UUID | None = None
) -> list[Quarantined]:
    """Contracts in quarantine, by number; all of them, the first `limit`, or a single one."""
    query = (
        select(quarantine, contract.c.number)
        .join(
            contract,
            (contract.c.tenant_id == quarantine.c.tenant_id)
            & (contract.c.id == quarantine.c.contract_id),
        )
        .where(quarantine.c.tenant_id == tx.tenant_id)
        .order_by(contract.c.number)
        .limit(limit)
    )
    if contract_id is not None:
        query = query.where(quarantine.c.contract_id == contract_id)
    return [
        Quarantined(
            row.contract_id,
            row.number,
            row.run_date,
            row.code,
            row.problem,
            row.place,
            row.mend,
        )
        for row in tx.connection.execute(query)
    ]
