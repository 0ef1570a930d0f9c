"""A charge: one priced line with its tax and its derivation (P11, O10).

net = round(quantity x price / base) - round(discount): two roundings when a discount is shown, as
in EN 16931; a part of a period is rounded cumulatively, so that parts sum to the whole (P16).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.articles import Article, PickedPrice, Price, pick_price
from faktura.domain.contracts import Contract
from faktura.domain.costs import Costs, CostShare, split_minor, split_of_rest
from faktura.domain.customers import Customer
from faktura.domain.discounts import AppliedDiscount, Discount
from faktura.domain.line_amounts import PricedPart, discount_amounts, list_amount
from faktura.domain.proration import WHOLE, Share, share_of
from faktura.domain.service_periods import ServicePeriod
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tax import TaxDecision, decide
from faktura.domain.tenants import Tenant
from faktura.kernel.decimals import ONE
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import line_total
from faktura.kernel.terms import ArticleUnit, Origin


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """The line of an issued document that a line takes back.

    `derivation` is the original's, for a line taken back whole; None for a part of its amount.
    `left` is what was left of the line's net before, in minor units; None for all of it.
    """

    document_id: UUID
    number: str
    line_no: int
    derivation: Mapping[str, object] | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a document.

    `quantity`, `unit`, `price`, `base` are as printed; `list_net` is before, `net` after the
    discounts, whose sum is `discount_amount`. `part` and `picked` explain the line (O10). `ledger_account` overrides the account of
    its revenue (F042); `corrects` is the line it takes back; `contract_id` is the contract it is of.
    `costs` are those that count: its own, else the contract's, else the article's.
    """

    origin: Origin
    item_id: UUID | None
    activity_id: UUID | None
    article: Article
    item_quantity: Decimal
    quantity: Decimal
    unit: ArticleUnit
    price: Decimal
    base: Decimal
    list_net: Money
    discounts: tuple[AppliedDiscount, ...]
    discount_amount: Money
    net: Money
    tax: TaxDecision
    service: Period
    part: Share
    picked: PickedPrice
    text: str = ""
    ledger_account: str | None = None
    corrects: CorrectedLine | None = None
    contract_id: UUID | None = None
    costs: Costs = ()


def cost_amounts(charge: Charge) -> list[tuple[CostShare, int]]:
    """A line's net by cost centre and object; corrections of a line add up to it at each of them."""
    corrects = charge.corrects
    if corrects is None or corrects.left is None:
        return split_minor(charge.net.minor, charge.costs)
    return split_of_rest(charge.net.minor, corrects.left, charge.costs)


@dataclass(frozen=True, slots=True)
class Amounts:
    """The printed arithmetic of a line."""

    quantity: Decimal
    unit: ArticleUnit
    price: Decimal
    base: Decimal
    list_net: Money
    text: str = ""


def recurring_charge(
    tenant: Tenant,
    customer: Customer,
    contract: Contract,
    item: SubscriptionItem,
    period: ServicePeriod,
) -> Charge:
    """The charge of one service period of an item, priced on the period's first day.

    Raises PriceMissing, TaxCaseMissing, FieldMissing.
    """
    picked = pick_price(
        item.article,
        item.special_prices,
        on=period.service.start,
        currency=contract.currency,
        quantity=item.quantity,
    )
    part = share_of(period, contract.day_count)
    price = picked.price.unit_price
    amounts = _amounts(item.article.unit, price, item.quantity, contract.currency, part)
    discounts = _own_discount(item.discount, price, item.quantity, contract.currency, part)
    off = _sum_of(discounts, contract.currency)
    return Charge(
        Origin.SUBSCRIPTION,
        item.id,
        None,
        item.article,
        item.quantity,
        amounts.quantity,
        amounts.unit,
        amounts.price,
        amounts.base,
        amounts.list_net,
        discounts,
        off,
        amounts.list_net - off,
        _tax(tenant, customer, item.article, period.service.last_day),
        period.service,
        part,
        picked,
        _line_text(item, part, amounts.text),
        item.ledger_account,
        contract_id=contract.id,
        costs=item.costs or contract.costs or item.article.booked_costs,
    )


def _line_text(item: SubscriptionItem, part: Share, computed: str) -> str:
    """What is printed below the article: how a part came about, and the note on it (F029)."""
    note = "" if part.is_whole else item.note
    return "\n".join(text for text in (computed, note) if text)


def activity_charge(
    tenant: Tenant, customer: Customer, contract: Contract, activity: OpenActivity
) -> Charge:
    """The charge of a one-off or usage; an agreed unit price wins over the list price."""
    if activity.unit_price is None:
        picked = pick_price(
            activity.article,
            (),
            on=activity.service.start,
            currency=contract.currency,
            quantity=activity.quantity,
        )
    else:
        picked = PickedPrice(Price(activity.unit_price, contract.currency), special=True)
    price = picked.price.unit_price
    list_net = list_amount(price, activity.quantity, contract.currency, WHOLE)
    discounts = _own_discount(activity.discount, price, activity.quantity, contract.currency, WHOLE)
    off = _sum_of(discounts, contract.currency)
    return Charge(
        activity.origin,
        None,
        activity.id,
        activity.article,
        activity.quantity,
        activity.quantity,
        activity.article.unit,
        price,
        ONE,
        list_net,
        discounts,
        off,
        list_net - off,
        _tax(tenant, customer, activity.article, activity.service.last_day),
        activity.service,
        WHOLE,
        picked,
        activity.text,
        activity.ledger_account,
        contract_id=contract.id,
        costs=activity.costs or contract.costs or activity.article.booked_costs,
    )


def _own_discount(
    discount: Discount | None, price: Decimal, quantity: Decimal, currency: str, part: Share
) -> tuple[AppliedDiscount, ...]:
    if discount is None:
        return ()
    (amount,) = discount_amounts((discount,), PricedPart(price, quantity, currency, part))
    return (AppliedDiscount(discount, amount),)


def _sum_of(discounts: tuple[AppliedDiscount, ...], currency: str) -> Money:
    return Money(sum(applied.amount.minor for applied in discounts), currency)


def _tax(tenant: Tenant, customer: Customer, article: Article, last_day: date) -> TaxDecision:
    return decide(tenant, customer.buyer, article.group.tax_group, article.supply, last_day)


def _amounts(
    unit: ArticleUnit, price: Decimal, quantity: Decimal, currency: str, part: Share
) -> Amounts:
    """A whole period as quantity x price; a part in days per days of the nominal period.

    Where the cumulative rounding differs from the printed product, the line is printed as
    1 x its net with the fraction in the text, so that it never contradicts itself.
    """
    net = list_amount(price, quantity, currency, part)
    if part.is_whole:
        return Amounts(quantity, unit, price, ONE, net)
    days, base = quantity * part.days, Decimal(part.whole)
    if line_total(price, days, currency, base=base) == net:
        return Amounts(days, ArticleUnit.DAY, price, base, net)
    text = f"{_plain(quantity)} × {_plain(price)} {currency} × {part.days}/{part.whole}"
    return Amounts(ONE, ArticleUnit.NONE, net.decimal, ONE, net, text)


def _plain(value: Decimal) -> str:
    return f"{value:f}"
