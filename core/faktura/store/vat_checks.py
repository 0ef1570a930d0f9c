"""Checks of VAT ids as rows, and the last decisive one with its customer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from faktura.domain.customers import Customer
from faktura.domain.jobs import JobName, JobState
from faktura.domain.vat_checks import VatChecked
from faktura.kernel.canonical import canonical_json
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.store.codec import to_json
from faktura.store.customers import customer_from_row
from faktura.store.tables import customer, job, vat_check
from faktura.store.transaction import Tx

c = vat_check.c
_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class VatCheck:
    """One check: what was asked, by whom, and what the register said; `no` counts the customer's from 1."""

    id: UUID
    customer_id: UUID
    customer_number: str
    no: int
    vat_id: str
    own_vat_id: str
    checker: str
    result: VatCheckResult
    reference: str
    matches: str
    problem: str
    answer: str
    checked_at: datetime


def next_check_no(tx: Tx, customer_id: UUID) -> int:
    """The number of the customer's next check; the caller holds the customer's lock."""
    last = tx.connection.execute(
        select(func.max(c.no)).where(c.tenant_id == tx.tenant_id, c.customer_id == customer_id)
    ).scalar_one()
    return (last or 0) + 1


def write_check(tx: Tx, check: VatCheck) -> None:
    """Keep a check for ever."""
    tx.connection.execute(
        vat_check.insert().values(
            tenant_id=tx.tenant_id,
            id=check.id,
            customer_id=check.customer_id,
            no=check.no,
            vat_id=check.vat_id,
            own_vat_id=check.own_vat_id,
            checker=check.checker,
            result=check.result,
            reference=check.reference,
            matches=check.matches,
            problem=check.problem,
            answer=check.answer,
            checked_at=check.checked_at,
        )
    )


def keep_last_check(tx: Tx, customer_id: UUID, checked: VatChecked) -> None:
    """From now on invoices of the customer freeze this check."""
    tx.connection.execute(
        update(customer)
        .where(customer.c.tenant_id == tx.tenant_id, customer.c.id == customer_id)
        .values(vat_checked=to_json(checked, VatChecked))
    )


def list_checks(
    tx: Tx,
    *,
    customer_number: str | None = None,
    result: VatCheckResult | None = None,
    differs: bool = False,
    before: UUID | None = None,
    limit: int = 100,
) -> list[VatCheck]:
    """Checks, the newest first, of those that are older than `before`.

    With `differs` only those in which something that was compared differs.
    """
    query = (
        select(vat_check, customer.c.number.label("customer_number"))
        .join(customer, (customer.c.tenant_id == c.tenant_id) & (customer.c.id == c.customer_id))
        .where(c.tenant_id == tx.tenant_id)
        .order_by(c.id.desc())
        .limit(limit)
    )
    if customer_number is not None:
        query = query.where(customer.c.number == customer_number)
    if result is not None:
        query = query.where(c.result == result)
    if differs:
        query = query.where(c.matches.contains(f'"{VatTraderMatch.DIFFERS}"'))
    if before is not None:
        query = query.where(c.id < before)
    return [_check(row) for row in tx.connection.execute(query)]


def customers_abroad(tx: Tx, home: str) -> Iterator[Customer]:
    """All customers whose address is not in that country, by id, a page at a time."""
    k = customer.c
    query = (
        select(k.id, k.data, k.vat_checked)
        .where(k.tenant_id == tx.tenant_id, k.country != home)
        .order_by(k.id)
        .limit(_AT_A_TIME)
    )
    rows = tx.connection.execute(query).all()
    while rows:
        for row in rows:
            yield customer_from_row(row)
        rows = tx.connection.execute(query.where(k.id > rows[-1].id)).all()


def waiting_checks(tx: Tx) -> set[str]:
    """Numbers of the customers that a check was put in for and not made yet."""
    j = job.c
    rows = tx.connection.execute(
        select(j.args).where(
            j.tenant_id == tx.tenant_id,
            j.name == JobName.CHECK_VAT_ID,
            j.state.in_([JobState.READY, JobState.RUNNING]),
        )
    ).scalars()
    return {str(json.loads(args)["customer"]) for args in rows}


def _check(row: Any) -> VatCheck:
    return VatCheck(
        row.id,
        row.customer_id,
        row.customer_number,
        row.no,
        row.vat_id,
        row.own_vat_id,
        row.checker,
        VatCheckResult(row.result),
        row.reference,
        row.matches,
        row.problem,
        row.answer,
        row.checked_at,
    )


def matches_text(matches: Mapping[str, str]) -> str:
    """What was compared, as it is kept."""
    return canonical_json(matches)
