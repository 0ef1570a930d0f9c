"""Contracts: the frame of what a customer gets; its parts stand in subscriptions.py."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import bindparam, select, update

from faktura.domain.contracts import Contract
from faktura.domain.costs import Costs
from faktura.domain.customers import Recipient
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.errors import NotFound
from faktura.kernel.periods import Interval
from faktura.kernel.terms import (
    ContractKind,
    ContractState,
    DayCount,
    IntervalUnit,
    PaymentMethod,
)
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import from_json, to_json
from faktura.store.duplicates import refusing_duplicates
from faktura.store.tables import contract
from faktura.store.transaction import Tx

SHARDS = 64
_NO_PRICES = "[]"


@dataclass(frozen=True, slots=True)
class _Overrides:
    """What a contract sets for itself; most contracts set nothing."""

    payment_method: PaymentMethod | None = None
    payment_term: PaymentTerm | None = None
    header_text: str = ""
    footer_text: str = ""
    order_reference: str = ""
    recipients: tuple[Recipient, ...] = ()
    invoice_not_before: date | None = None
    costs: Costs = ()


_PLAIN = to_json(_Overrides(), _Overrides)


def shard_of(customer_id: UUID) -> int:
    """The shard of a customer's contracts: stable over Python versions and machines."""
    return zlib.crc32(customer_id.bytes) % SHARDS


def write_contracts(tx: Tx, contracts: Iterable[tuple[Contract, date | None]]) -> None:
    """Add contracts, each with the day on which it is next due (None = never).

    Raises NumberTaken for a number that exists already.
    """
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            new.number,
            new.customer_id,
            new.project_id,
            shard_of(new.customer_id),
            new.kind,
            new.state,
            new.start,
            new.interval.count,
            new.interval.unit,
            new.billing_anchor,
            new.currency,
            new.in_advance,
            new.day_count,
            new.end,
            new.internal_identifier,
            _overrides(new),
            next_due_on,
            now,
            new.predecessor_id,
        )
        for new, next_due_on in contracts
    ]
    with refusing_duplicates("contract number"):
        bulk_write(tx, contract, rows)


def _overrides(of: Contract) -> str:
    own = _Overrides(
        of.payment_method,
        of.payment_term,
        of.header_text,
        of.footer_text,
        of.order_reference,
        of.recipients,
        of.invoice_not_before,
        of.costs,
    )
    return to_json(own, _Overrides)


def contract_from_row(row: SqlRow[tuple[object, ...]]) -> Contract:
    """The contract behind a row of all the table's columns."""
    overrides = _Overrides() if row.data == _PLAIN else from_json(row.data, _Overrides)
    return Contract(
        row.id,
        row.number,
        row.customer_id,
        row.project_id,
        ContractKind(row.kind),
        ContractState(row.state),
        row.start,
        Interval(row.interval_count, IntervalUnit(row.interval_unit)),
        row.billing_anchor,
        row.currency,
        row.in_advance,
        DayCount(row.day_count),
        row.end,
        overrides.payment_method,
        overrides.payment_term,
        row.internal_identifier,
        overrides.header_text,
        overrides.footer_text,
        overrides.order_reference,
        overrides.recipients,
        overrides.invoice_not_before,
        row.predecessor_id,
        overrides.costs,
    )


def read_contract(tx: Tx, number: str) -> Contract:
    """The contract of that number; raises NotFound."""
    return read_contracts(tx, [number])[0]


def read_contracts(tx: Tx, numbers: Sequence[str]) -> list[Contract]:
    """The contracts of these numbers, in their order; raises NotFound."""
    found: dict[str, Contract] = {}
    for batch in in_batches(sorted(set(numbers))):
        rows = tx.connection.execute(
            select(contract).where(
                contract.c.tenant_id == tx.tenant_id, contract.c.number.in_(batch)
            )
        )
        found.update((row.number, contract_from_row(row)) for row in rows)
    for number in numbers:
        if number not in found:
            raise no_contract(number)
    return [found[number] for number in numbers]


def no_contract(number: str) -> NotFound:
    """What is said of a contract that does not exist, or not for whoever asks."""
    return NotFound(f"there is no contract {number}", place="contractNumber")


def update_states(tx: Tx, changed: Iterable[Contract]) -> None:
    """Store the contracts' states, ends, and days from which billing intervals are counted."""
    rows = [
        {
            "of": one.id,
            "new_state": one.state,
            "new_end": one.end,
            "new_anchor": one.billing_anchor,
        }
        for one in changed
    ]
    if not rows:
        return
    tx.connection.execute(
        update(contract)
        .where(contract.c.tenant_id == tx.tenant_id, contract.c.id == bindparam("of"))
        .values(
            state=bindparam("new_state"),
            end=bindparam("new_end"),
            billing_anchor=bindparam("new_anchor"),
        ),
        rows,
    )


def link_predecessor(tx: Tx, contract_id: UUID, predecessor_id: UUID) -> None:
    """Record that a contract follows another one (F022)."""
    tx.connection.execute(
        update(contract)
        .where(contract.c.tenant_id == tx.tenant_id, contract.c.id == contract_id)
        .values(predecessor_id=predecessor_id)
    )


def update_frame(tx: Tx, changed: Contract) -> None:
    """Store what a contract sets for itself and no run searches by (F011, F016, F017)."""
    tx.connection.execute(
        update(contract)
        .where(contract.c.tenant_id == tx.tenant_id, contract.c.id == changed.id)
        .values(internal_identifier=changed.internal_identifier, data=_overrides(changed))
    )


def set_next_due(tx: Tx, days: Mapping[UUID, date | None]) -> None:
    """Rewrite the projection `next_due_on` of these contracts, by distinct day."""
    by_day: dict[date | None, list[UUID]] = {}
    for contract_id, due in days.items():
        by_day.setdefault(due, []).append(contract_id)
    for due, ids in by_day.items():
        for batch in in_batches(ids):
            tx.connection.execute(
                update(contract)
                .where(contract.c.tenant_id == tx.tenant_id, contract.c.id.in_(batch))
                .values(next_due_on=due)
            )
