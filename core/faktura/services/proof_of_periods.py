"""Proof of what was billed and what is derived: periods without gap or overlap, true projections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.billing_plan import plan_contract
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.pauses import running_from
from faktura.domain.service_periods import unbilled_periods
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.violations import Proof, Violation
from faktura.kernel.periods import Period
from faktura.store.billable import views_by_id
from faktura.store.billed_facts import billed_periods, planned_contracts, wrong_open_items
from faktura.store.catalogue import read_catalogue
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

_GAPS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Gap:
    """Days of an item that are not billed though days behind them are."""

    contract_id: UUID
    item_id: UUID
    days: Period


def periods_are_continuous(tx: Tx) -> Iterator[Violation]:
    """Each item is billed from its first paid day on, day after day, once; only pauses leave gaps.

    Periods to be billed again, as their invoice was cancelled, count as billed (P10).
    """
    gaps: list[_Gap] = []
    item, until = None, date.min
    for period in billed_periods(tx):
        if period.item_id != item:
            item, until = period.item_id, period.first_paid_day
        if period.start > until:
            days = Period(until, period.start)
            gaps.append(_Gap(period.contract_id, period.item_id, days))
        elif period.start < until:
            yield _broken(period.contract, period.item_id, "an overlap", (period.start, until))
        until = max(until, period.end)
    for start in range(0, len(gaps), _GAPS_AT_ONCE):
        yield from _unlawful(tx, gaps[start : start + _GAPS_AT_ONCE])


def _unlawful(tx: Tx, gaps: Sequence[_Gap]) -> Iterator[Violation]:
    views = views_by_id(tx, {gap.contract_id for gap in gaps})
    known = {item.id: (view.contract, item) for view in views for item in view.items}
    for gap in gaps:
        contract, item = known[gap.item_id]
        if not _is_lawful(gap.days, item, contract):
            yield _broken(contract.number, item.id, "a gap", (gap.days.start, gap.days.end))


def _is_lawful(gap: Period, item: SubscriptionItem, contract: Contract) -> bool:
    """Whether nothing of it was to be billed, or all of it was paused and is never billed.

    The second says more: a later pause may lie over what was billed behind an earlier one.
    """
    pauses = item.subscription.pauses
    unpaused = replace(item, subscription=replace(item.subscription, pauses=()))
    # What lies behind the gap may have been billed before the pause over it was recorded.
    for one in (item, unpaused):
        following = next(unbilled_periods(one, contract, gap.start), None)
        if following is not None and following.service.start == gap.end:
            return True
    if not pauses or item.article.pause_policy.billed_later:
        return False
    runs = running_from(pauses, gap.start)
    return runs is None or runs >= gap.end


def _broken(contract: str, item_id: UUID, what: str, days: tuple[date, date]) -> Violation:
    place = f"activity of item {item_id} of contract {contract}"
    return Violation(Proof.PERIODS, place, f"{what} from {days[0]} until before {days[1]}")


def projections_are_true(tx: Tx) -> Iterator[Violation]:
    """Open items and due days are what the facts and the plan say."""
    for number in wrong_open_items(tx):
        problem = "it is not the document's amount less what is allocated to it"
        yield Violation(Proof.PROJECTIONS, f"open_item of document {number}", problem)
    tenant = read_tenant(tx)
    for batch in planned_contracts(tx, read_catalogue(tx)):
        for view, stored in batch:
            if view.contract.state not in BILLABLE:
                continue
            # Before all days nothing is due, so the plan only says from when on something is.
            due = plan_contract(tenant, view, date.min).next_due_on
            if due != stored:
                yield Violation(
                    Proof.PROJECTIONS,
                    f"contract {view.contract.number}",
                    f"next_due_on is {stored}, the plan says {due}",
                )
