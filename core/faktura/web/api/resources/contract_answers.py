"""Contracts as the API shows them: the frame, the subscriptions, the activities."""

from typing import Self

from pydantic import Field

from faktura.domain.discounts import Discount
from faktura.kernel.periods import Interval
from faktura.kernel.terms import (
    ContractKind,
    ContractState,
    DayCount,
    IntervalUnit,
    Origin,
    PaymentMethod,
    Renewal,
)
from faktura.services.contract_view import (
    ActivityState,
    ActivityView,
    ItemView,
    SubscriptionView,
)
from faktura.store.contract_overview import ContractOverview
from faktura.web.api.replies import Answer
from faktura.web.api.resources.parties import RecipientAnswer
from faktura.web.api.resources.price_answers import PriceAnswer
from faktura.web.api.shapes import AmountText, Day, DecimalText


class IntervalAnswer(Answer):
    """`count` times `unit`."""

    count: int = Field(description="How many of the unit.")
    unit: IntervalUnit = Field(description="What is counted.")

    @classmethod
    def of(cls, interval: Interval) -> Self:
        """The answer."""
        return cls(count=interval.count, unit=interval.unit)


class ContractAnswer(Answer):
    """A contract: the base of every invoice. What is null is taken from the customer."""

    contract_number: str = Field(description="What names the contract everywhere.")
    customer_number: str = Field(description="Who is billed.")
    customer_name: str = Field(description="The name of who is billed.")
    project: str = Field(description="The key of the project.")
    kind: ContractKind = Field(description="Whether it may have subscriptions (F003).")
    state: ContractState = Field(description="Where it stands (F004).")
    start: Day = Field(description="Day of conclusion.")
    end: Day | None = Field(description="The first day after the end; null while none is set.")
    billing_interval: IntervalAnswer = Field(description="How often it is billed.")
    billing_anchor: Day = Field(description="The day from which billing intervals are counted.")
    currency: str = Field(description="ISO 4217; of all its prices and invoices.")
    bill_in_advance: bool = Field(description="Whether periods are billed at their beginning.")
    day_count: DayCount = Field(description="How parts of a period are prorated.")
    payment_method: PaymentMethod | None = Field(description="How it is paid.")
    due_period: int | None = Field(description="So many `dueUnit` after the invoice date (F011).")
    due_unit: IntervalUnit | None = Field(description="Unit of `duePeriod`.")
    internal_identifier: str = Field(
        description="Your own name for it; contracts are found by it (F018)."
    )
    extra_text_invoice_header: str = Field(
        description="Printed above the lines of its invoices (F016)."
    )
    extra_text_invoice_footer: str = Field(
        description="Printed below the lines of its invoices (F016)."
    )
    order_reference: str = Field(description="The customer's own reference for the order (BT-13).")
    recipients: tuple[RecipientAnswer, ...] = Field(
        description="Who gets what is sent (F017); none: those of the customer."
    )
    next_due_on: Day | None = Field(description="When a run next bills something; null: never.")

    @classmethod
    def of(cls, found: ContractOverview) -> Self:
        """The answer."""
        contract = found.contract
        term = contract.payment_term
        return cls(
            contract_number=contract.number,
            customer_number=found.customer_number,
            customer_name=found.customer_name,
            project=found.project_key,
            kind=contract.kind,
            state=contract.state,
            start=contract.start,
            end=contract.end,
            billing_interval=IntervalAnswer.of(contract.interval),
            billing_anchor=contract.billing_anchor,
            currency=contract.currency,
            bill_in_advance=contract.in_advance,
            day_count=contract.day_count,
            payment_method=contract.payment_method,
            due_period=None if term is None else term.period,
            due_unit=None if term is None else term.unit,
            internal_identifier=contract.internal_identifier,
            extra_text_invoice_header=contract.header_text,
            extra_text_invoice_footer=contract.footer_text,
            order_reference=contract.order_reference,
            recipients=tuple(RecipientAnswer.of(one) for one in contract.recipients),
            next_due_on=found.next_due_on,
        )


class DiscountAnswer(Answer):
    """Either per cent or a fixed amount per full period."""

    percent: DecimalText | None = Field(description="Per cent of the price.")
    amount: DecimalText | None = Field(
        description="An amount per full period, in the contract's currency."
    )
    reason: str = Field(description="Printed on the invoice.")

    @classmethod
    def of(cls, discount: Discount) -> Self:
        """The answer."""
        return cls(percent=discount.percent, amount=discount.amount, reason=discount.reason)


class SubscriptionItemAnswer(Answer):
    """An article with its quantity inside a subscription."""

    article_number: str = Field(description="The article.")
    article_name: str = Field(description="The article's name.")
    quantity: DecimalText = Field(description="How many are billed each period.")
    from_: Day = Field(alias="from", description="The first day that counts.")
    until: Day | None = Field(description="The first day that no longer counts.")
    aligned_to: Day = Field(description="The day from which service periods are counted.")
    billed_until: Day | None = Field(description="The first day that is not billed yet (F019).")
    special_prices: tuple[PriceAnswer, ...] = Field(
        description="They override the article's prices while valid (F048)."
    )
    discount: DiscountAnswer | None = Field(description="What is taken off; null: nothing.")

    @classmethod
    def of(cls, view: ItemView) -> Self:
        """The answer."""
        item = view.item
        return cls(
            article_number=item.article.number,
            article_name=item.article.name,
            quantity=item.quantity,
            from_=item.start,
            until=item.until,
            aligned_to=item.anchor,
            billed_until=view.billed_until,
            special_prices=tuple(PriceAnswer.of(price) for price in item.special_prices),
            discount=None if item.discount is None else DiscountAnswer.of(item.discount),
        )


class SubscriptionAnswer(Answer):
    """A subscription: term, notice, renewal and items (F023)."""

    term_start: Day = Field(description="From when the minimum term is counted.")
    payment_start: Day | None = Field(
        description="The first day that is paid for; null: `termStart`."
    )
    minimum_term: IntervalAnswer | None = Field(description="How long it cannot end.")
    notice: IntervalAnswer | None = Field(
        description="How long before its end it must be given notice of."
    )
    renewal: Renewal = Field(description="What happens after the minimum term.")
    renewal_term: IntervalAnswer | None = Field(description="By how much a `FIXED` one is renewed.")
    items: tuple[SubscriptionItemAnswer, ...] = Field(description="What is billed each period.")

    @classmethod
    def of(cls, view: SubscriptionView) -> Self:
        """The answer."""
        one = view.subscription
        return cls(
            term_start=one.term_start,
            payment_start=one.payment_start,
            minimum_term=_interval(one.minimum_term),
            notice=_interval(one.notice),
            renewal=one.renewal,
            renewal_term=_interval(one.renewal_term),
            items=tuple(SubscriptionItemAnswer.of(item) for item in view.items),
        )


def _interval(interval: Interval | None) -> IntervalAnswer | None:
    return None if interval is None else IntervalAnswer.of(interval)


class ContractSubscriptionsAnswer(Answer):
    """The recurring part of a contract."""

    contract_number: str = Field(description="Whose subscriptions they are.")
    subscriptions: tuple[SubscriptionAnswer, ...] = Field(
        description="One for each term of its own."
    )


class ActivityAnswer(Answer):
    """A billable activity with its service period; `until` is exclusive (F058, F059).

    Amounts are null with origin MIGRATION, and where `problem` says why there are none.
    """

    state: ActivityState = Field(description="Whether it is billed, due or waiting.")
    origin: Origin = Field(description="Where it comes from (F058).")
    article_number: str = Field(description="The article.")
    article_name: str = Field(description="The article's name.")
    from_: Day = Field(alias="from", description="The first day of the service.")
    until: Day = Field(description="The first day after the service.")
    quantity: DecimalText = Field(description="How many; negative is a credit.")
    net: AmountText | None = Field(description="Without VAT.")
    gross: AmountText | None = Field(description="Reserved until it is billed.")
    contract_number: str = Field(description="The contract.")
    invoice_number: str | None = Field(description="The invoice that billed it.")
    problem: str = Field(description="Why it cannot be billed; empty where it can.")

    @classmethod
    def of(cls, view: ActivityView) -> Self:
        """The answer."""
        return cls(
            state=view.state,
            origin=view.origin,
            article_number=view.article_number,
            article_name=view.article_name,
            from_=view.service.start,
            until=view.service.end,
            quantity=view.quantity,
            net=view.net,
            gross=view.gross,
            contract_number=view.contract_number,
            invoice_number=view.invoice_number,
            problem=view.problem,
        )


class ActivitiesAnswer(Answer):
    """The activities of a contract: billed, due on the day asked for, and waiting."""

    contract_number: str = Field(description="Whose activities they are.")
    date: Day = Field(description="The day on which they are due or not.")
    activities: tuple[ActivityAnswer, ...] = Field(
        description="What was billed, then what was not."
    )
