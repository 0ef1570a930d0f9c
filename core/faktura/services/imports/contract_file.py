"""The format of contract files (docs/imports.md)."""

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
    """One of a subscription's `items`; `until` and `billedUntil` are exclusive (F019)."""

    article_number: Number
    quantity: Positive
    start: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    aligned_to: Day | None = None
    billed_until: Day | None = None
    special_prices: tuple[PriceFields, ...] = Field(default=(), strict=False)
    discount: DiscountFields | None = None


def _at_least_one(items: tuple[ItemFields, ...]) -> tuple[ItemFields, ...]:
    if not items:
        raise FieldMissing("a subscription has items", mend="Give at least one")
    return items


class SubscriptionFields(Fields):
    """One of `subscriptions` (F023)."""

    term_start: Day | None = None
    minimum_term: IntervalFields | None = None
    notice: IntervalFields | None = None
    renewal: RenewalWord = Renewal.INDEFINITE
    renewal_term: IntervalFields | None = None
    payment_start: Day | None = None
    items: Annotated[
        tuple[ItemFields, ...], Field(strict=False), AfterValidator(checked(_at_least_one))
    ]


class ActivityFields(Fields):
    """One of `activities`: a one-off or usage; `until` is exclusive, absent = one day."""

    article_number: Number
    origin: ActivityOriginWord = Origin.ONE_OFF
    quantity: Amount
    start: Day = Field(alias="from")
    until: Day | None = None
    invoice_on: Day | None = None
    manual: Flag = False
    unit_price: NotNegative | None = None
    discount: DiscountFields | None = None
    text: Prose = ""


class ContractFields(PaymentTermFields):
    """One contract (F008); `alignedTo` moves its periods and its billing interval (F029)."""

    contract_number: Number | None = None
    customer_number: Number
    project: Number | None = None
    kind: ContractKindWord | None = None
    start: Day
    billing_interval: IntervalFields
    aligned_to: Day | None = None
    currency: Currency | None = None
    bill_in_advance: Flag = True
    day_count: DayCountWord = DayCount.ACTUAL
    payment_method: PaymentMethodWord | None = None
    internal_identifier: Line = ""
    extra_text_invoice_header: Prose = ""
    extra_text_invoice_footer: Prose = ""
    order_reference: Line = ""
    recipients: tuple[RecipientFields, ...] = Field(default=(), strict=False)
    subscriptions: tuple[SubscriptionFields, ...] = Field(default=(), strict=False)
    activities: tuple[ActivityFields, ...] = Field(default=(), strict=False)
    activate: Flag = False


def interval_of(given: IntervalFields | None) -> Interval | None:
    """The interval, where one is given."""
    return None if given is None else given.interval
