"""The quarantine: contracts a run had to leave for a person, each with its reason (O19)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from faktura.kernel.errors import FakturaError
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import contract, customer, quarantine
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A contract that could not be billed, why, and what to do about it (O19)."""

    contract_id: UUID
    contract_number: str
    customer_number: str
    run_id: UUID
    run_date: date
    code: str
    problem: str
    place: str
    mend: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Which:
    """Which contracts in quarantine: a single one, those a run put there last, of some projects.

    `after` is exclusive: a contract number.
    """

    contract_id: UUID | None = None
    run_id: UUID | None = None
    projects: Collection[UUID] | None = None
    after: str | None = None


_ALL = Which()


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


def read_quarantine(tx: Tx, wanted: Which = _ALL, *, limit: int | None = None) -> list[Quarantined]:
    """Contracts in quarantine, by number; all that are `wanted`, or the first `limit` of them."""
    query = (
        select(quarantine, contract.c.number, customer.c.number.label("customer_number"))
        .join(
            contract,
            (contract.c.tenant_id == quarantine.c.tenant_id)
            & (contract.c.id == quarantine.c.contract_id),
        )
        .join(
            customer,
            (customer.c.tenant_id == contract.c.tenant_id)
            & (customer.c.id == contract.c.customer_id),
        )
        .where(quarantine.c.tenant_id == tx.tenant_id, *_conditions(wanted))
        .order_by(contract.c.number)
        .limit(limit)
    )
    return [
        Quarantined(
            row.contract_id,
            row.number,
            row.customer_number,
            row.run_id,
            row.run_date,
            row.code,
            row.problem,
            row.place,
            row.mend,
            row.since,
        )
        for row in tx.connection.execute(query)
    ]


def _conditions(wanted: Which) -> Iterator[ColumnElement[bool]]:
    if wanted.contract_id is not None:
        yield quarantine.c.contract_id == wanted.contract_id
    if wanted.run_id is not None:
        yield quarantine.c.run_id == wanted.run_id
    if wanted.projects is not None:
        yield contract.c.project_id.in_(wanted.projects)
    if wanted.after is not None:
        yield contract.c.number > wanted.after
