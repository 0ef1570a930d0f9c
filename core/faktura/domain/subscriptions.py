"""Subscriptions and their items: the recurring part of a contract (F023-F028)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.articles import Article, Price
from faktura.domain.costs import Costs
from faktura.domain.discounts import Discount
from faktura.domain.external_links import ExternalLink
from faktura.domain.pauses import Pause
from faktura.kernel.periods import Interval, boundary
from faktura.kernel.terms import Renewal


@unique
class SubscriptionState(StrEnum):
    """Whether a subscription rests on a day (F030)."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Term, notice and renewal of a contract's items.

    `payment_start` ends the free time after `term_start` (F035). With renewal NONE nothing is
    billed after the minimum term while the contract stays active (F027). From `terminated_as_of`
    on no period starts (F037). `pauses` are in order and do not overlap.
    """

    id: UUID
    term_start: date
    minimum_term: Interval | None = None
    notice: Interval | None = None
    renewal: Renewal = Renewal.INDEFINITE
    renewal_term: Interval | None = None
    payment_start: date | None = None
    terminated_as_of: date | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def first_paid_day(self) -> date:
        """The first day that is billed."""
        return max(self.term_start, self.payment_start or self.term_start)

    def state(self, on: date) -> SubscriptionState:
        """Whether it rests on that day (F030)."""
        rests = any(on in pause for pause in self.pauses)
        return SubscriptionState.PAUSED if rests else SubscriptionState.RUNNING

    @property
    def service_end(self) -> date | None:
        """Exclusive end of service for lack of renewal; None when it goes on (F027)."""
        if self.renewal is not Renewal.NONE or self.minimum_term is None:
            return None
        return boundary(self.term_start, self.minimum_term, 1)


@dataclass(frozen=True, slots=True)
class SubscriptionItem:
    """An article with its quantity inside a subscription.

    Service periods are counted from `anchor`; the item runs from `start` (inclusive) to `until`
    (exclusive; None = open). Special prices override the list price while valid (F047, F048).
    `ledger_account` overrides the account of its revenue, `links` name it elsewhere (F042); `note`
    is printed on the lines of its parts of a period (F029). `costs` override the contract's.
    """

    id: UUID
    subscription: Subscription
    article: Article
    quantity: Decimal
    anchor: date
    start: date
    until: date | None = None
    special_prices: tuple[Price, ...] = ()
    discount: Discount | None = None
    ledger_account: str | None = None
    links: tuple[ExternalLink, ...] = ()
    note: str = ""
    costs: Costs = ()

    @property
    def first_paid_day(self) -> date:
        """The first day that is billed for this item."""
        return max(self.start, self.subscription.first_paid_day)


def subscriptions_of(items: Iterable[SubscriptionItem]) -> list[Subscription]:
    """The subscriptions of a contract's items in the order in which they were added.

    A subscription's number counts from 1; it stays the same whatever becomes of single items.
    """
    found = {item.subscription.id: item.subscription for item in items}
    return [found[key] for key in sorted(found)]
