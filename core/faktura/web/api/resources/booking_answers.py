"""Bookings, their splits and sums as the API shows them."""

from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.bookings import BookingKind, BookingStatus
from faktura.services.bookings import Booking, BookingSums
from faktura.web.api.replies import Answer
from faktura.web.api.resources.activity_answers import ActivityAnswer
from faktura.web.api.resources.contract_answers import SubscriptionItemAnswer
from faktura.web.api.resources.cost_answers import CostShareAnswer
from faktura.web.api.resources.link_answers import LinkAnswer
from faktura.web.api.shapes import AmountText, Currency, Day, DecimalText


class BookingAnswer(Answer):
    """A subscription item, a one-off or usage in the list of all bookings (F043)."""

    kind: BookingKind = Field(description="ITEM recurs, ACTIVITY is billed once.")
    item_id: UUID | None = Field(description="What names an item in addresses.")
    activity_id: UUID | None = Field(description="What names an activity in addresses.")
    status: BookingStatus = Field(description="OPEN is grey, DONE (billed or ended) is green.")
    contract_number: str = Field(description="The contract it is booked on.")
    customer_number: str = Field(description="Who is billed.")
    article_number: str = Field(description="The article.")
    article_name: str = Field(description="The article's name.")
    quantity: DecimalText = Field(description="How many.")
    from_: Day = Field(alias="from", description="The first day of the service.")
    until: Day | None = Field(description="The first day after the service; null: open.")
    billed_until: Day | None = Field(description="The first day of an item that is not billed yet.")
    invoice_on: Day | None = Field(
        description="Day from which an activity is billed, if it has one."
    )
    manual: bool = Field(description="Whether an activity is left to interim billing.")
    currency: Currency
    monthly: AmountText | None = Field(
        description="Net income a month of an item that is billed for today: the price valid today"
        " times the quantity less its discount, a year / 12, a week x 52 / 12, a day x 365 / 12,"
        " rounded once."
    )
    amount: AmountText | None = Field(description="Net amount of an activity that is not billed.")
    ledger_account: str | None = Field(
        description="Account of its revenue, its own or its product group's; null: the chart's."
    )
    links: tuple[LinkAnswer, ...] = Field(description="What it belongs to elsewhere (F042).")
    costs: tuple[CostShareAnswer, ...] = Field(
        description="Where accounting counts its revenue: its own, the contract's or the article's."
    )
    problem: str = Field(description="Why it has no amount; empty where it has one or needs none.")

    @classmethod
    def of(cls, one: Booking) -> Self:
        """The answer."""
        is_item = one.kind is BookingKind.ITEM
        return cls(
            kind=one.kind,
            item_id=one.id if is_item else None,
            activity_id=None if is_item else one.id,
            status=one.status,
            contract_number=one.contract.number,
            customer_number=one.customer_number,
            article_number=one.article.number,
            article_name=one.article.name,
            quantity=one.quantity,
            from_=one.start,
            until=one.until,
            billed_until=one.billed_until,
            invoice_on=one.invoice_on,
            manual=one.manual,
            currency=one.contract.currency,
            monthly=one.monthly,
            amount=one.amount,
            ledger_account=one.ledger_account,
            links=tuple(LinkAnswer.of(link) for link in one.links),
            costs=CostShareAnswer.all_of(one.costs),
            problem=one.problem,
        )


class BookingSumAnswer(Answer):
    """What bookings of one currency bring in, net."""

    currency: Currency
    monthly: AmountText = Field(description="Of the items that are billed for today, a month.")
    one_offs: AmountText = Field(
        description="Of one-offs and usage that are not billed; drafts are left out."
    )
    items: int = Field(description="How many items there are.")
    activities: int = Field(description="How many one-offs and usage there are.")
    unpriced: int = Field(description="How many of them are in no sum for want of a price.")

    @classmethod
    def of(cls, sums: BookingSums) -> Self:
        """The answer."""
        return cls(
            currency=sums.monthly.currency,
            monthly=sums.monthly,
            one_offs=sums.one_offs,
            items=sums.items,
            activities=sums.activities,
            unpriced=sums.unpriced,
        )


class BookingSumsAnswer(Answer):
    """The sums below the list of bookings."""

    date: Day = Field(description="The day whose prices count.")
    sums: tuple[BookingSumAnswer, ...] = Field(description="One for each currency.")


class ItemSplitAnswer(Answer):
    """An item split in two; a person is asked to check both (F039)."""

    task_id: UUID = Field(description="The task that asks for it.")
    items: tuple[SubscriptionItemAnswer, ...] = Field(
        description="Both parts; new from the day until when the item is billed."
    )


class ActivitySplitAnswer(Answer):
    """An activity split in two; a person is asked to check both (F039)."""

    task_id: UUID = Field(description="The task that asks for it.")
    activities: tuple[ActivityAnswer, ...] = Field(description="Both parts.")


class FirstShareAnswer(Answer):
    """The days before the regular billing, as one-offs (F038)."""

    contract_number: str = Field(description="The contract.")
    payment_start: Day = Field(description="The day from which it is billed regularly.")
    activities: tuple[ActivityAnswer, ...] = Field(description="One for each item.")
