"""The format of contract files (docs/imports.md)."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.periods import Interval
from faktura.kernel.terms import DayCount, Origin, Renewal
from faktura.services.imports.checks import Fields
from faktura.services.imports.commission_fields import CommissionRuleFields
from faktura.services.imports.cost_fields import CostsGiven
from faktura.services.imports.customer_file import PaymentTermFields, RecipientFields
from faktura.services.imports.discount_fields import ContractDiscountFields
from faktura.services.imports.link_fields import LinkFields
from faktura.services.imports.list_fields import filled_list
from faktura.services.imports.price_fields import DiscountFields, PriceFields
from faktura.services.imports.text_fields import Currency, LedgerAccount, Line, Number, Prose
from faktura.services.imports.value_fields import (
    ActivityOriginWord,
    Amount,
    ContractKindWord,
    Day,
    DayCountWord,
    Flag,
    IntervalFields,
    NotNegative,
    PaymentMethodWord,
    Positive,
    RenewalWord,
)


class ItemFields(Fields):
    """An item of a subscription: an article with its quantity (F023-F029)."""

    article_number: Number = Field(
        description="A recurring article whose unit is that of the billing interval, or PIECE or"
        " NONE (F024, F025)."
    )
    quantity: Positive = Field(description="How many; more than 0, of up to six decimals.")
    start: Day | None = Field(
        default=None, alias="from", description="First day of service; left out: `termStart`."
    )
    until: Day | None = Field(
        default=None, description="First day that no longer counts; left out: open."
    )
    aligned_to: Day | None = Field(
        default=None,
        description="Day from which this item's service periods are counted (F029); left out: the"
        " contract's.",
    )
    billed_until: Day | None = Field(
        default=None,
        description="First day that is not billed yet: what lies before was billed elsewhere (F019).",
    )
    special_prices: tuple[PriceFields, ...] = Field(
        default=(),
        strict=False,
        description="Override the list price while they are valid, in the contract's currency"
        " (F047, F048).",
    )
    discount: DiscountFields | None = Field(default=None, description="On each of its lines.")
    ledger_account: LedgerAccount | None = Field(
        default=None,
        description="Account of its revenue, 3 to 9 digits; left out: its product group's (F042).",
    )
    links: tuple[LinkFields, ...] = Field(
        default=(), strict=False, description="Objects of other systems it belongs to (F042)."
    )
    costs: CostsGiven = Field(
        default=(), description="Where accounting counts its revenue; left out: as the contract's."
    )


class SubscriptionFields(Fields):
    """A subscription: term, notice and renewal of its items (F023)."""

    term_start: Day | None = Field(
        default=None, description="First day of the term; left out: the contract's `start`."
    )
    minimum_term: IntervalFields | None = Field(
        default=None, description="How long it runs at least; FIXED and NONE need it."
    )
    notice: IntervalFields | None = Field(default=None, description="Period of notice.")
    renewal: RenewalWord = Field(
        default=Renewal.INDEFINITE,
        description="What follows the minimum term; NONE: nothing is billed any more, the contract"
        " stays active (F027).",
    )
    renewal_term: IntervalFields | None = Field(
        default=None, description="Length of a renewal; FIXED needs it, others have none."
    )
    payment_start: Day | None = Field(
        default=None, description="First day that costs (F035); left out: `termStart`."
    )
    terminated_as_of: Day | None = Field(
        default=None,
        description="Day from which on no period starts (F037); left out: it goes on.",
    )
    items: Annotated[tuple[ItemFields, ...], *filled_list("a subscription has items")] = Field(
        description="At least one."
    )


class ActivityFields(Fields):
    """An activity: a one-off or usage that waits to be billed (F040)."""

    article_number: Number = Field(description="An article of the contract's project.")
    origin: ActivityOriginWord = Field(default=Origin.ONE_OFF, description="Where it comes from.")
    quantity: Amount = Field(
        description="How many; not 0, negative for a credit, which needs a `unitPrice`."
    )
    start: Day = Field(alias="from", description="First day of service.")
    until: Day | None = Field(
        default=None, description="First day after the service; left out: the next day."
    )
    invoice_on: Day | None = Field(
        default=None,
        description="Day from which it is billed; left out: with the next regular invoice (F040).",
    )
    manual: Flag = Field(
        default=False, description="Whether it is left to interim billing; has no `invoiceOn` then."
    )
    unit_price: NotNegative | None = Field(
        default=None, description="Agreed price of one unit, net; left out: the list price."
    )
    discount: DiscountFields | None = Field(default=None, description="On its line.")
    text: Prose = Field(default="", description="Printed below the article.")
    ledger_account: LedgerAccount | None = Field(
        default=None,
        description="Account of its revenue, 3 to 9 digits; left out: its product group's (F042).",
    )
    links: tuple[LinkFields, ...] = Field(
        default=(), strict=False, description="Objects of other systems it belongs to (F042)."
    )
    costs: CostsGiven = Field(
        default=(), description="Where accounting counts its revenue; left out: as the contract's."
    )


class ContractChangeFields(PaymentTermFields):
    """What may change of a contract that exists (F011, F016, F017)."""

    payment_method: PaymentMethodWord | None = Field(
        default=None, description="How this contract is paid (F011); left out: the customer's."
    )
    internal_identifier: Line = Field(
        default="", description="Your own name of it; contracts are found by it (F018)."
    )
    extra_text_invoice_header: Prose = Field(
        default="", description="Printed above the lines of its invoices (F016)."
    )
    extra_text_invoice_footer: Prose = Field(
        default="", description="Printed below the lines of its invoices (F016)."
    )
    order_reference: Line = Field(
        default="", description="The customer's reference for this order (BT-13)."
    )
    recipients: tuple[RecipientFields, ...] = Field(
        default=(),
        strict=False,
        description="Who gets its documents (F017); none: the customer's recipients.",
    )
    commission_rules: tuple[CommissionRuleFields, ...] = Field(
        default=(),
        strict=False,
        description="Which partners earn on it (F079); carried only, nothing is paid by them yet.",
    )
    costs: CostsGiven = Field(
        default=(), description="Where accounting counts its revenue; left out: as the articles'."
    )


class ContractFields(ContractChangeFields):
    """One contract: the base of every invoice (F003, F008)."""

    contract_number: Number | None = Field(
        default=None,
        description="1 to 36 of A-Z a-z 0-9 . _ -; left out: the next of the range (F062).",
    )
    customer_number: Number = Field(description="Who is billed.")
    project: Number | None = Field(
        default=None, description="Key of its project; left out: the only one there is (F020)."
    )
    kind: ContractKindWord | None = Field(
        default=None, description="Left out: SUBSCRIPTION where there are subscriptions (F003)."
    )
    start: Day = Field(description="Day of conclusion.")
    billing_interval: IntervalFields = Field(description="How often it is billed.")
    aligned_to: Day | None = Field(
        default=None,
        description="Day from which billing intervals and service periods are counted (F029); left"
        " out: `start`.",
    )
    currency: Currency | None = Field(default=None, description="ISO 4217; left out: the tenant's.")
    bill_in_advance: Flag = Field(
        default=True, description="Whether an interval is billed at its start or its end (F015)."
    )
    day_count: DayCountWord = Field(
        default=DayCount.ACTUAL, description="How parts of a period are prorated."
    )
    subscriptions: tuple[SubscriptionFields, ...] = Field(
        default=(), strict=False, description="What recurs (F023)."
    )
    activities: tuple[ActivityFields, ...] = Field(
        default=(), strict=False, description="One-offs and usage that wait to be billed (F040)."
    )
    discounts: tuple[ContractDiscountFields, ...] = Field(
        default=(),
        strict=False,
        description="Discounts on the lines of articles, product groups or all of it (F076).",
    )
    activate: Flag = Field(
        default=False, description="Whether it is active at once; a draft is never billed (F010)."
    )


def articles_named(given: ContractFields) -> Iterator[str]:
    """The numbers of all articles that a contract names."""
    for subscription in given.subscriptions:
        for item in subscription.items:
            yield item.article_number
    for activity in given.activities:
        yield activity.article_number
    yield from rule_articles(given)
    for discount in given.discounts:
        if discount.scope is DiscountScope.ARTICLE and discount.target is not None:
            yield discount.target


def groups_named(given: ContractFields) -> Iterator[str]:
    """The keys of the product groups that discounts of a contract name."""
    for discount in given.discounts:
        if discount.scope is DiscountScope.PRODUCT_GROUP and discount.target is not None:
            yield discount.target


def customers_named(given: ContractFields) -> Iterator[str]:
    """The numbers of all customers that a contract names: its own, and partners."""
    yield given.customer_number
    yield from rule_partners(given)


def rule_articles(given: ContractChangeFields) -> Iterator[str]:
    """The numbers of the articles that commission rules name."""
    for rule in given.commission_rules:
        if rule.article_number is not None:
            yield rule.article_number


def rule_partners(given: ContractChangeFields) -> Iterator[str]:
    """The numbers of the partners that commission rules name."""
    for rule in given.commission_rules:
        yield rule.partner_number


def interval_of(given: IntervalFields | None) -> Interval | None:
    """The interval, where one is given."""
    return None if given is None else given.interval
