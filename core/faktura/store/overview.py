"""The company at a glance, for the status page: one set-based read a figure, none of them long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, case, extract, func, select

from faktura.domain.document_kinds import WITHOUT_LINES
from faktura.domain.jobs import JobState
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.kernel.periods import add_months
from faktura.kernel.terms import ContractState
from faktura.store.billing import RunTotals, run_totals
from faktura.store.quarantine import Quarantined, read_quarantine
from faktura.store.tables import (
    bank_transaction,
    billing_run,
    contract,
    customer,
    document,
    job,
    open_item,
    quarantine,
)
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class OpenTotal:
    """Open items of one currency, and those of them due before today; credit counts negative."""

    items: int
    open: Money
    overdue_items: int
    overdue: Money


@dataclass(frozen=True, slots=True)
class LastRun:
    """The billing run that was started last; not finished = interrupted or under way."""

    run_date: date
    planned_contracts: int
    totals: RunTotals
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthRevenue:
    """Net of the documents dated in the month that begins on `month`."""

    month: date
    net: Money


@dataclass(frozen=True, slots=True)
class Overview:
    """What the status page shows; `quarantined` are the first rows of `quarantined_contracts`."""

    customers: int
    active_contracts: int
    documents: int
    open_totals: Sequence[OpenTotal]
    last_run: LastRun | None
    jobs: Mapping[JobState, int]
    waiting_movements: int
    quarantined_contracts: int
    quarantined: Sequence[Quarantined]

    @property
    def failed_jobs(self) -> int:
        """Jobs that wait for a person."""
        return self.jobs[JobState.QUARANTINED]


def read_overview(tx: Tx, today: date, *, rows: int) -> Overview:
    """All figures of the transaction's tenant on one snapshot; `today` is a local date."""
    return Overview(
        _count(tx, customer),
        _count(tx, contract, contract.c.state == ContractState.ACTIVE),
        _count(tx, document),
        _open_totals(tx, today),
        _last_run(tx),
        _jobs(tx),
        _count(tx, bank_transaction, bank_transaction.c.state == MovementState.OPEN),
        _count(tx, quarantine),
        read_quarantine(tx, limit=rows),
    )


def _count(tx: Tx, table: Table, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table)
    return tx.connection.execute(
        query.where(table.c.tenant_id == tx.tenant_id, *conditions)
    ).scalar_one()


def _open_totals(tx: Tx, today: date) -> list[OpenTotal]:
    o = open_item.c
    late = (o.due_on < today) & (o.open > 0)
    rows = tx.connection.execute(
        select(
            o.currency,
            func.count().label("items"),
            func.sum(o.open).label("open"),
            func.sum(case((late, 1), else_=0)).label("overdue_items"),
            func.sum(case((late, o.open), else_=0)).label("overdue"),
        )
        .where(o.tenant_id == tx.tenant_id)
        .group_by(o.currency)
        .order_by(o.currency)
    )
    return [
        OpenTotal(
            row.items,
            Money(int(row.open), row.currency),
            int(row.overdue_items),
            Money(int(row.overdue), row.currency),
        )
        for row in rows
    ]


def _last_run(tx: Tx) -> LastRun | None:
    r = billing_run.c
    row = tx.connection.execute(
        select(billing_run)
        .where(r.tenant_id == tx.tenant_id)
        .order_by(r.started_at.desc(), r.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return LastRun(
        row.run_date,
        row.planned_contracts,
        run_totals(tx, row.id),
        row.started_at,
        row.finished_at,
    )


def _jobs(tx: Tx) -> dict[JobState, int]:
    rows = tx.connection.execute(
        select(job.c.state, func.count().label("jobs"))
        .where(job.c.tenant_id == tx.tenant_id)
        .group_by(job.c.state)
    )
    found = {row.state: row.jobs for row in rows}
    return {state: found.get(state.value, 0) for state in JobState}


def read_revenue(tx: Tx, today: date, months: int) -> dict[str, list[MonthRevenue]]:
    """Invoiced net by currency: so many whole months, the last one of the newest document or today.

    A month without documents is there with nothing; a tenant without documents has no currency.
    """
    d = document.c
    newest: date | None = tx.connection.execute(
        select(func.max(d.issued_on)).where(
            d.tenant_id == tx.tenant_id, d.kind.not_in(sorted(WITHOUT_LINES))
        )
    ).scalar_one_or_none()
    last = max(today, newest or today).replace(day=1)
    shown = [add_months(last, no - months + 1) for no in range(months)]
    year, month = extract("year", d.issued_on), extract("month", d.issued_on)
    rows = tx.connection.execute(
        select(d.currency, year.label("year"), month.label("month"), func.sum(d.net).label("net"))
        .where(
            d.tenant_id == tx.tenant_id,
            d.issued_on >= shown[0],
            # What another system left open was its revenue (P54); charges of dunning are damages.
            d.kind.not_in(sorted(WITHOUT_LINES)),
        )
        .group_by(d.currency, year, month)
    ).all()
    nets = {(row.currency, int(row.year), int(row.month)): int(row.net) for row in rows}
    return {
        currency: [
            MonthRevenue(start, Money(nets.get((currency, start.year, start.month), 0), currency))
            for start in shown
        ]
        for currency in sorted({row.currency for row in rows})
    }
