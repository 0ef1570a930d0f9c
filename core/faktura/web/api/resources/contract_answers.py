"""Contracts as the API shows them: the frame and the subscriptions."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.commissions import CommissionRule
from faktura.domain.discounts import Discount
from faktura.domain.pauses import Pause
from faktura.domain.subscriptions import SubscriptionState
from faktura.domain.terms import earliest_end, term_end
from faktura.kernel.contract_terms import CommissionDue
from faktura.kernel.periods import Interval
from faktura.kernel.terms import (
    ContractKind,
    ContractState,
    DayCount,
    IntervalUnit,
    PaymentMethod,
    Renewal,
)
from faktura.services.contract_view import ItemView, SubscriptionView
from faktura.store.contract_overview import ContractOverview
from faktura.web.api.replies import Answer
from faktura.web.api.resources.cost_answers import CostShareAnswer
from faktura.web.api.resources.link_answers import LinkAnswer
from faktura.web.api.resources.parties import RecipientAnswer
from faktura.web.api.resources.price_answers import PriceAnswer
from faktura.web.api.shapes import Day, DecimalText


class IntervalAnswer(Answer):
    """`count` times `unit`."""

    count: int = Field(description="How many of the unit.")
    unit: IntervalUnit = Field(description="What is counted.")

    @classmethod
    def of(cls, interval: Interval) -> Self:
        """The answer."""
        return cls(count=interval.count, unit=interval.unit)


class CommissionRuleAnswer(Answer):
    """What a partner earns on a contract."""

    partner_number: str = Field(description="The customer that earns.")
    article_number: str | None = Field(description="The article it is for; null: all.")
    percent: DecimalText = Field(description="Per cent of the net amount.")
    due: CommissionDue = Field(
        description="Due with the customer's invoice, or its payment (F080)."
    )

    @classmethod
    def of(cls, rule: CommissionRule) -> Self:
        """The answer."""
        return cls(
            partner_number=rule.partner_number,
            article_number=rule.article_number,
            percent=rule.percent,
            due=rule.due,
        )


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
    commission_rules: tuple[CommissionRuleAnswer, ...] = Field(
        description="Which partners earn on it (F079); carried only, nothing is paid by them yet."
    )
    costs: tuple[CostShareAnswer, ...] = Field(
        description="Where accounting counts its revenue; none: as the articles'."
    )
    has_discounts: bool = Field(
        description="Whether it has discounts that count now or later (F076)."
    )
    unbilled_services: bool = Field(
        description="Whether something is due or rendered that is not billed yet: interim billing"
        " does it (F021)."
    )
    next_due_on: Day | None = Field(description="When a run next bills something; null: never.")
    invoice_not_before: Day | None = Field(
        description="The day before which nothing is billed, moved by hand (F036)."
    )
    predecessor_number: str | None = Field(
        description="The contract that this one followed after a large upgrade (F022)."
    )
    successor_number: str | None = Field(description="The contract that follows this one (F022).")

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
            commission_rules=tuple(CommissionRuleAnswer.of(one) for one in found.commission_rules),
            costs=CostShareAnswer.all_of(contract.costs),
            has_discounts=found.has_discounts,
            unbilled_services=found.unbilled_services,
            next_due_on=found.next_due_on,
            invoice_not_before=contract.invoice_not_before,
            predecessor_number=found.neighbours.predecessor,
            successor_number=found.neighbours.successor,
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

    item_id: UUID = Field(description="What names the item in addresses.")
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
    ledger_account: str | None = Field(
        description="Account of its revenue; null: its product group's (F042)."
    )
    links: tuple[LinkAnswer, ...] = Field(description="What it belongs to elsewhere (F042).")
    costs: tuple[CostShareAnswer, ...] = Field(
        description="Where accounting counts its revenue; none: as the contract's."
    )
    note: str = Field(description="Printed on its parts of a period (F029).")

    @classmethod
    def of(cls, view: ItemView) -> Self:
        """The answer."""
        item = view.item
        return cls(
            item_id=item.id,
            article_number=item.article.number,
            article_name=item.article.name,
            quantity=item.quantity,
            from_=item.start,
            until=item.until,
            aligned_to=item.anchor,
            billed_until=view.billed_until,
            special_prices=tuple(PriceAnswer.of(price) for price in item.special_prices),
            discount=None if item.discount is None else DiscountAnswer.of(item.discount),
            ledger_account=item.ledger_account,
            links=tuple(LinkAnswer.of(link) for link in item.links),
            costs=CostShareAnswer.all_of(item.costs),
            note=item.note,
        )


class PauseAnswer(Answer):
    """Days on which a subscription rests."""

    start: Day = Field(description="The first day without service.")
    end: Day | None = Field(description="The first day of service again; null: not resumed yet.")
    reason: str = Field(description="Why it rests.")

    @classmethod
    def of(cls, pause: Pause) -> Self:
        """The answer."""
        return cls(start=pause.start, end=pause.end, reason=pause.reason)


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
    state: SubscriptionState = Field(description="Whether it rests today (F030).")
    pauses: tuple[PauseAnswer, ...] = Field(description="When it rested, rests or will rest.")
    term_end: Day | None = Field(
        description="The first day behind its term as of today (F032); null: it has none."
    )
    earliest_end: Day = Field(
        description="The first day behind the service if notice is given today (F033)."
    )
    terminated_as_of: Day | None = Field(
        description="From this day on no period of it starts (F037); null: it is not terminated."
    )
    items: tuple[SubscriptionItemAnswer, ...] = Field(description="What is billed each period.")

    @classmethod
    def of(cls, view: SubscriptionView, today: date) -> Self:
        """The answer, as of today."""
        one, items = view.subscription, [shown.item for shown in view.items]
        return cls(
            term_start=one.term_start,
            payment_start=one.payment_start,
            minimum_term=_interval(one.minimum_term),
            notice=_interval(one.notice),
            renewal=one.renewal,
            renewal_term=_interval(one.renewal_term),
            state=one.state(today),
            pauses=tuple(PauseAnswer.of(pause) for pause in one.pauses),
            term_end=term_end(one, items, today),
            earliest_end=earliest_end(one, items, today),
            terminated_as_of=one.terminated_as_of,
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
