"""What a contract has been: its items and every period of theirs that is billed and stands.

Changes of mind are made on it: billed time is reversed in full from the period of the change on and
billed again under what is agreed now (F071, P6). Pure: nothing is written here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.activities import ReopenedPeriod
from faktura.domain.articles import service_cycle
from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.kernel.errors import NotFound, OutOfRange, TransitionRefused
from faktura.kernel.periods import Period, start_at
from faktura.kernel.terms import DayCount, Origin


@dataclass(frozen=True, slots=True)
class StandingPeriod:
    """A billed period of an item that is not reversed, and the line that billed it.

    Without a document it cost nothing, or was billed elsewhere (origin MIGRATION).
    """

    activity_id: UUID
    item_id: UUID
    origin: Origin
    service: Period
    document_id: UUID | None = None
    line_no: int | None = None


@dataclass(frozen=True, slots=True)
class ContractLife:
    """A contract as the plan sees it, and the periods that are billed, in order."""

    view: BillableContract
    standing: tuple[StandingPeriod, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of mind does to a contract.

    `items` are existing items as they are from now on, `added` new ones. `reversed` periods are
    taken back and billed again as far as they still are to be: what of `rebill_until` begins before
    its day at once. `dropped` periods waited to be billed again. `subscription` is
    one whose terms are others from now on; its items carry it.
    """

    contract: Contract
    items: tuple[SubscriptionItem, ...] = ()
    added: tuple[SubscriptionItem, ...] = ()
    reversed: tuple[StandingPeriod, ...] = ()
    dropped: tuple[ReopenedPeriod, ...] = ()
    subscription: Subscription | None = None

    @property
    def rebill_until(self) -> dict[UUID, date]:
        """The exclusive end of what is taken back, for each item that changes; empty for nothing.

        The items that stay as they are are billed when they fall due, never ahead of it.
        """
        if not self.reversed:
            return {}
        until = max(one.service.end for one in self.reversed)
        items = (item.id for item in (*self.items, *self.added))
        return dict.fromkeys((*(one.item_id for one in self.reversed), *items), until)


def changed_view(life: ContractLife, change: Change) -> BillableContract:
    """The contract as the plan sees it after the change, without what waits besides its items."""
    items = {item.id: item for item in (*life.view.items, *change.items, *change.added)}
    gone = {one.activity_id for one in change.reversed}
    gone |= {one.activity_id for one in change.dropped}
    reopened = tuple(one for one in life.view.reopened if one.activity_id not in gone)
    until: dict[UUID, date] = {}
    for item_id, activity_id, end in (
        *((one.item_id, one.activity_id, one.service.end) for one in life.standing),
        *((one.item_id, one.activity_id, one.service.end) for one in reopened),
    ):
        if activity_id not in gone:
            until[item_id] = max(end, until.get(item_id, end))
    return replace(
        life.view,
        contract=change.contract,
        items=tuple(items.values()),
        billed_until=tuple(until.get(item_id) for item_id in items),
        activities=(),
        reopened=reopened,
        discount_uses=tuple(use for use in life.view.discount_uses if use.activity_id not in gone),
    )


def taken_back(
    life: ContractLife, item_ids: Collection[UUID], day: date, *, whole: bool = False
) -> tuple[tuple[StandingPeriod, ...], tuple[ReopenedPeriod, ...]]:
    """The billed and the reopened periods of items that contain `day` or lie after it.

    With `whole` those that begin before the day stay. Raises OutOfRange where another system billed
    one of them (P54).
    """

    def is_hit(service: Period) -> bool:
        return service.start >= day if whole else service.end > day

    hit = tuple(one for one in life.standing if one.item_id in item_ids and is_hit(one.service))
    for one in hit:
        if one.origin is Origin.MIGRATION:
            raise OutOfRange(
                f"another system billed until {one.service.end} (P54)",
                place="date",
                mend=f"Use {one.service.end} or later, or correct it where it was billed",
            )
    waiting = tuple(
        one for one in life.view.reopened if one.item_id in item_ids and is_hit(one.service)
    )
    return hit, waiting


def ended(item: SubscriptionItem, day: date) -> SubscriptionItem:
    """The item until a day (exclusive); one that begins later never runs."""
    until = max(item.start, day if item.until is None else min(day, item.until))
    return replace(item, until=until)


def item_of(life: ContractLife, item_id: UUID, *, place: str) -> SubscriptionItem:
    """The item of that id; raises NotFound."""
    for item in life.view.items:
        if item.id == item_id:
            return item
    raise NotFound(
        f"contract {life.view.contract.number} has no such item",
        place=place,
        mend="Look the items up: GET Contracts/{n}/Subscription",
    )


def check_changeable(contract: Contract, day: date) -> None:
    """Raise TransitionRefused or OutOfRange where a contract cannot change from that day on (F070)."""
    if contract.state not in BILLABLE:
        raise TransitionRefused(
            f"contract {contract.number} is {contract.state}: nothing is up- or downgraded (F068)",
            place="contract.state",
            mend="Only an active or terminated contract is changed this way",
        )
    if day < contract.start:
        raise OutOfRange(
            f"{day} lies before the contract's start {contract.start} (F070)",
            place="date",
            mend=f"Use {contract.start} or later",
        )
    if contract.end is not None and day >= contract.end:
        raise OutOfRange(
            f"the contract ends before {contract.end}: there is nothing to change on {day} (F070)",
            place="date",
            mend=f"Use a day before {contract.end}",
        )


def check_cut(items: Iterable[SubscriptionItem], contract: Contract, day: date) -> None:
    """Raise OutOfRange where an item does not run on that day, or its periods are never cut (P8)."""
    for item in items:
        if day < item.start or (item.until is not None and day >= item.until):
            until = "" if item.until is None else f" until before {item.until}"
            raise OutOfRange(
                f"article {item.article.number} runs from {item.start}{until}, not on {day} (F070)",
                place="date",
                mend="Use a day on which the item runs",
            )
        cycle = service_cycle(item.article.unit, contract.interval)
        begin = start_at(item.anchor, cycle, day)[1]
        if contract.day_count is DayCount.NONE and day not in (begin, item.start):
            raise OutOfRange(
                f"the contract bills whole periods only: {day} lies inside one (P8)",
                place="date",
                mend=f"Use the first day of a period, such as {begin}",
            )
