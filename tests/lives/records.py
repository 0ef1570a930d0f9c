"""What a life wrote down about its contracts as it went, apart from the database."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from tests.lives.day_table import (
    ContractFacts,
    Cycle,
    ItemFacts,
    Rest,
    Stretch,
    stretches,
)
from tests.lives.world import Offer

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An item as it was agreed."""

    offer: Offer
    quantity: Fraction
    anchor: date
    start: date
    until: date | None = None
    elsewhere_until: date | None = None
    percent_off: Fraction | None = None

    def ended(self, day: date) -> "ItemRecord":
        """Until that day (exclusive), or until it ended already; one of later never runs."""
        until = day if self.until is None else min(day, self.until)
        return replace(self, until=max(self.start, until))

    def runs_behind(self, day: date) -> bool:
        """Whether it has days on or after that one."""
        return self.until is None or self.until > day


@dataclass
class ContractRecord:
    """A contract as it was agreed; `state` is one word, bounds are exclusive."""

    id: UUID
    number: str
    start: date
    interval: Cycle
    anchor: date
    in_advance: bool
    convention: str
    payment_start: date | None = None
    service_end: date | None = None
    state: str = "DRAFT"
    end: date | None = None
    rests: list[Rest] = field(default_factory=list)
    items: dict[UUID, ItemRecord] = field(default_factory=dict)
    one_offs: dict[UUID, int] = field(default_factory=dict)
    given_away: set[tuple[UUID, date, date]] = field(default_factory=set)
    spared: set[tuple[UUID, date, date]] = field(default_factory=set)
    discounted: bool = False
    not_before: date | None = None

    def facts(self, item: ItemRecord) -> tuple[ItemFacts, ContractFacts]:
        """What the day table asks for."""
        end, policy = self.service_end, item.offer.policy
        if end is not None and policy.extends_term:
            for rest in self.rests:
                if rest.end is not None and rest.start < end:
                    end += rest.end - rest.start
        paid_from = max(self.start, self.payment_start or self.start)
        return (
            ItemFacts(
                item.offer.cycle(self.interval),
                item.anchor,
                item.start,
                item.until,
                item.quantity,
                item.offer.prices,
                item.elsewhere_until,
                policy.billed_later,
                policy.whole_periods_only,
                item.percent_off,
            ),
            ContractFacts(self.convention, paid_from, self.end, end, tuple(self.rests)),
        )

    def table(self, item: ItemRecord, horizon: date) -> list[Stretch]:
        """The stretches of an item that begin before the horizon."""
        return stretches(*self.facts(item), horizon)

    def is_due(
        self, item: ItemRecord, stretch: Stretch, day: date, *, put_off: bool = True
    ) -> bool:
        """Whether a run of that day bills a stretch, unless it was `put_off` (domain.md)."""
        if put_off and self.not_before is not None and day < self.not_before:
            return False
        begin, over = self.interval.around(self.anchor, stretch.start)
        if item.offer.policy.billed_later and self._held_up(stretch.start, day):
            return False
        if not self.in_advance:
            over = over if self.end is None else min(over, self.end)
            return over <= day and stretch.end <= day
        first = stretch.start
        if stretch.start == stretch.nominal[0]:
            first = max(item.start, self.start, self.payment_start or self.start)
        return max(begin, first) <= day

    def _held_up(self, start: date, day: date) -> bool:
        """Whether a pause over that day is not over yet."""
        for rest in self.rests:
            if rest.start <= start and (rest.end is None or start < rest.end):
                return rest.end is None or day < rest.end or self._held_up(rest.end, day)
        return False

    def spares(self, item_id: UUID, start: date, end: date) -> bool:
        """Whether those days of an item were billed before a pause over them was recorded."""
        in_rest = any(r.start <= start and (r.end is None or start < r.end) for r in self.rests)
        return in_rest and (item_id, start, end) in self.spared
