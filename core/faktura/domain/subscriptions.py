"""Subscriptions and their items: the recurring part of a contract (F023-F028)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.articles import Article, Price
from faktura.domain.discounts import Discount
from faktura.kernel.periods import Interval, boundary
from faktura.kernel.terms import Renewal


@dataclass(frozen=True, slots=True)
class Subscription:
    """Term, notice and renewal of a contract's items.

    `payment_start` ends the free time after `term_start` (F035). With renewal NONE nothing is
    billed after the minimum term while the contract stays active (F027).
    """

    id: UUID
    term_start: date
    minimum_term: Interval | None = None
    notice: Interval | None = None
    renewal: Renewal = Renewal.INDEFINITE
    renewal_term: Interval | None = None
    payment_start: date | None = None

    @property
    def first_paid_day(self) -> date:
        """The first day that is billed."""
        return max(self.term_start, self.payment_start or self.term_start)

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

    @property
    def first_paid_day(self) -> date:
        """The first day that is billed for this item."""
        return max(self.start, self.subscription.first_paid_day)
