"""Every contract-day is billed at most once, and where it is due exactly once (P1-P10).

Expected is what a contract's own dates say, worked out here anew: nothing of the billing run is asked.
"""

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from faktura.domain.articles import service_cycle
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.periods import Period, boundary, period_at, start_at
from faktura.kernel.terms import DayCount
from faktura.store.billable import views_by_id
from faktura.store.simulation_books import last_seal
from faktura.store.simulation_life import (
    BilledPart,
    billed_parts,
    contracts_touched,
    held_contracts,
)
from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants import Breach, Invariant


@dataclass(frozen=True, slots=True)
class _Bare:
    """The first day of an item that is to be billed and is not, and when that was due at the latest."""

    number: str
    day: date
    due_on: date


@dataclass(slots=True)
class BilledOnce:
    """Parts of an item never overlap, and what is due is billed by the evening of the next day.

    A day later, because what is agreed in the afternoon is billed by the next morning's run.
    """

    seal: int = 0
    _bare: dict[UUID, _Bare] = field(default_factory=dict)
    _contracts: dict[UUID, UUID] = field(default_factory=dict)
    _items: dict[UUID, set[UUID]] = field(default_factory=dict)
    _due: list[tuple[date, UUID]] = field(default_factory=list)
    _overdue: dict[UUID, date] = field(default_factory=dict)

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """Contracts of whom anything was told or issued, and those on which something became due."""
        touched = contracts_touched(tx, self.seal)
        while self._due and self._due[0][0] <= day.date:
            _, item = heapq.heappop(self._due)
            touched.add(self._contracts[item])
        touched |= {self._contracts[item] for item in self._overdue}
        yield from self._read(tx, touched)
        held = {one.contract_id for one in held_contracts(tx)}
        yield from self._waiting(day.date, touched, held)
        self.seal = last_seal(tx)

    def _read(self, tx: Tx, touched: Collection[UUID]) -> Iterator[Breach]:
        parts = billed_parts(tx, touched)
        for view in views_by_id(tx, touched):
            for item in view.items:
                own = parts.get(item.id, [])
                yield from _overlaps(view.contract.number, own)
                self._keep(view.contract, item, own)

    def _keep(self, contract: Contract, item: SubscriptionItem, own: Sequence[BilledPart]) -> None:
        self._contracts[item.id] = contract.id
        self._items.setdefault(contract.id, set()).add(item.id)
        bare = None
        if contract.state in BILLABLE:
            first = first_bare_day(contract, item, [one for one in own if one.billed])
            if first is not None:
                bare = _Bare(contract.number, first, due_day(contract, item, first))
        if bare is None:
            self._bare.pop(item.id, None)
            return
        if self._bare.get(item.id) != bare:
            heapq.heappush(self._due, (bare.due_on, item.id))
        self._bare[item.id] = bare

    def _waiting(
        self, today: date, touched: Collection[UUID], held: Collection[UUID]
    ) -> Iterator[Breach]:
        before, self._overdue = self._overdue, {}
        looked_at = {item for owner in touched for item in self._items.get(owner, ())}
        for item in sorted(looked_at & self._bare.keys()):
            bare = self._bare[item]
            if bare.due_on > today or self._contracts[item] in held:
                continue
            self._overdue[item] = bare.day
            if before.get(item) == bare.day:
                problem = f"{bare.day} was due on {bare.due_on} and is not billed"
                yield Breach(Invariant.BILLED_WHEN_DUE, f"contract {bare.number}", problem)


def _overlaps(number: str, parts: Sequence[BilledPart]) -> Iterator[Breach]:
    until = date.min
    for one in parts:
        if one.start < until:
            place = f"contract {number}, item {one.item_id}"
            problem = f"{one.start} until before {min(until, one.end)} is billed twice"
            yield Breach(Invariant.BILLED_AT_MOST_ONCE, place, problem)
        until = max(until, one.end)


def first_bare_day(
    contract: Contract, item: SubscriptionItem, parts: Sequence[BilledPart]
) -> date | None:
    """The first day that is to be billed one day and is not; None where there is none.

    Cycles that a pause touches are left to the article's policy (P10): they prove nothing here.
    """
    subscription = item.subscription
    bounds = (item.until, contract.end, subscription.terminated_as_of, subscription.service_end)
    limit = min((bound for bound in bounds if bound is not None), default=None)
    day = item.first_paid_day
    for part in (*parts, None):
        until = limit if part is None else part.start
        bare = _bare_within(contract, item, day, until)
        if bare is not None:
            return bare
        if part is None or part.start >= (limit or date.max):
            return None
        day = max(day, part.end)
    return None


def _bare_within(
    contract: Contract, item: SubscriptionItem, day: date, until: date | None
) -> date | None:
    """The first day from `day` to before `until` (None = without end) that no policy excuses."""
    cycle = service_cycle(item.article.unit, contract.interval)
    pauses = item.subscription.pauses
    while until is None or day < until:
        whole = period_at(item.anchor, cycle, day)
        begun_elsewhere = (
            contract.day_count is DayCount.NONE and item.first_paid_day < day != whole.start
        )
        if not begun_elsewhere and not _is_paused(item, whole):
            return day
        if pauses and pauses[-1].end is None and pauses[-1].start < whole.end:
            return None
        day = whole.end
    return None


def _is_paused(item: SubscriptionItem, whole: Period) -> bool:
    return any(
        pause.start < whole.end and (pause.end is None or whole.start < pause.end)
        for pause in item.subscription.pauses
    )


def due_day(contract: Contract, item: SubscriptionItem, day: date) -> date:
    """The latest day on which that day of an item falls due.

    In advance: itself, as its billing interval has begun by then. In arrears: once the interval and
    the service cycle are over.
    """
    due = day
    if not contract.in_advance:
        number, _ = start_at(contract.billing_anchor, contract.interval, day)
        over = boundary(contract.billing_anchor, contract.interval, number + 1)
        cycle = service_cycle(item.article.unit, contract.interval)
        due = max(over, period_at(item.anchor, cycle, day).end)
    return max(due, contract.invoice_not_before or due)
