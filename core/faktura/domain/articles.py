"""What is sold: articles, their product groups and prices (F045-F051)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.costs import Costs, costs_of
from faktura.domain.pauses import NO_POLICY, PausePolicy
from faktura.domain.tax import TaxGroup
from faktura.kernel.errors import PriceMissing
from faktura.kernel.periods import Interval
from faktura.kernel.terms import ArticleUnit, IntervalUnit, Supply

NO_QUANTITY = Decimal(0)


@dataclass(frozen=True, slots=True)
class Price:
    """A unit price of up to six decimals, per one unit of the article.

    Valid from `valid_from` (inclusive; None = always) until `valid_until` (exclusive; None = open);
    for quantities from `from_quantity` on (tiers by volume).
    """

    unit_price: Decimal
    currency: str
    valid_from: date | None = None
    valid_until: date | None = None
    from_quantity: Decimal = NO_QUANTITY

    def fits(self, on: date, currency: str, quantity: Decimal) -> bool:
        """Whether it may be used on that day for that quantity."""
        return (
            self.currency == currency
            and self.from_quantity <= quantity
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_until is None or on < self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class ProductGroup:
    """Articles taxed and booked alike; `revenue_account` overrides the chart's (F045, F049)."""

    key: str
    name: str
    tax_group: TaxGroup
    revenue_account: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """Something that is sold; a subscription article recurs with its unit.

    `description` is printed on invoices, `html_description` only shown on order pages (F050).
    `costs` stand in for the one cost centre.
    """

    id: UUID
    number: str
    name: str
    unit: ArticleUnit
    supply: Supply
    group: ProductGroup
    prices: tuple[Price, ...] = ()
    description: str = ""
    html_description: str = ""
    recurring: bool = False
    cost_centre: str | None = None
    pause_policy: PausePolicy = NO_POLICY
    costs: Costs = ()

    @property
    def booked_costs(self) -> Costs:
        """Where accounting counts its revenue unless a contract or booking says otherwise."""
        return self.costs or costs_of(self.cost_centre)


@dataclass(frozen=True, slots=True)
class PickedPrice:
    """The price that decides, and where it comes from, for the line's derivation (O10)."""

    price: Price
    special: bool


def pick_price(
    article: Article,
    special_prices: Iterable[Price],
    *,
    on: date,
    currency: str,
    quantity: Decimal,
) -> PickedPrice:
    """The price valid `on` the first day of the period: a special price, else the list price.

    Of several that fit, the latest `valid_from` wins, then the highest tier (F047, F048).
    Raises PriceMissing.
    """
    for prices, special in ((special_prices, True), (article.prices, False)):
        fitting = [price for price in prices if price.fits(on, currency, quantity)]
        if fitting:
            return PickedPrice(max(fitting, key=_precedence), special)
    raise PriceMissing(
        f"article {article.number} has no price in {currency} for {quantity} on {on}",
        mend="Record a price that is valid on that day",
    )


def _precedence(price: Price) -> tuple[date, Decimal]:
    return price.valid_from or date.min, price.from_quantity


_CYCLES = {
    ArticleUnit.DAY: Interval(1, IntervalUnit.DAY),
    ArticleUnit.WEEK: Interval(1, IntervalUnit.WEEK),
    ArticleUnit.MONTH: Interval(1, IntervalUnit.MONTH),
    ArticleUnit.YEAR: Interval(1, IntervalUnit.YEAR),
}


def service_cycle(unit: ArticleUnit, billing_interval: Interval) -> Interval:
    """The cycle of an article's service periods: its unit, else the billing interval (F025, F028)."""
    return _CYCLES.get(unit, billing_interval)


def unit_allowed(unit: ArticleUnit, billing_interval: Interval) -> bool:
    """Whether a subscription article of that unit may be added: F024, with F025's exceptions."""
    return unit in (ArticleUnit.PIECE, ArticleUnit.NONE) or unit == billing_interval.unit.value
