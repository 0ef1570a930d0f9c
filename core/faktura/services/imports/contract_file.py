"""The format of contract files (docs/imports.md)."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from faktura.kernel.errors import FieldMissing
from faktura.kernel.periods import Interval
from faktura.kernel.terms import DayCount, Origin, Renewal
from faktura.services.imports.checks import Fields, checked
from faktura.services.imports.customer_file import PaymentTermFields, RecipientFields
from faktura.services.imports.price_fields import DiscountFields, PriceFields
from faktura.services.imports.text_fields import Currency, Line, Number, Prose
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


def _at_least_one(items: tuple[ItemFields, ...]) -> tuple[ItemFields, ...]:
    if not items:
        raise FieldMissing("a subscription has items", mend="Give at least one")
    return items


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
    items: Annotated[
        tuple[ItemFields, ...],
        Field(strict=False, json_schema_extra={"minItems": 1}),
        AfterValidator(checked(_at_least_one)),
    ] = Field(description="At least one.")


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


def interval_of(given: IntervalFields | None) -> Interval | None:
    """The interval, where one is given."""
    return None if given is None else given.interval
