"""Discounts of contracts and special prices of items as the API shows them."""

from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.kernel.contract_terms import DiscountScope
from faktura.services.contract_discounts import DiscountState, DiscountView
from faktura.services.special_prices import SpecialPricesAdded
from faktura.web.api.replies import Answer
from faktura.web.api.resources.contract_answers import SubscriptionItemAnswer
from faktura.web.api.shapes import AmountText, Day, DecimalText


class ContractDiscountAnswer(Answer):
    """A discount of a contract on the lines of its scope (F076)."""

    discount_id: UUID = Field(description="What names it.")
    scope: DiscountScope = Field(description="Which lines it is for.")
    target: str | None = Field(
        description="The article number or the key of the product group; null: all lines."
    )
    percent: DecimalText | None = Field(description="Per cent of each line.")
    amount: DecimalText | None = Field(
        description="An amount for each invoice, in the contract's currency, spread over the lines."
    )
    reason: str = Field(description="Printed on the lines.")
    valid_from: Day | None = Field(description="First day on which a period may start.")
    valid_until: Day | None = Field(description="First day on which it no longer counts.")
    next_invoice: bool = Field(description="Whether only the next invoice bears it (F077).")
    state: DiscountState = Field(description="Where it stands today.")
    used: bool = Field(description="Whether it took anything off what is billed and stands.")
    taken: AmountText = Field(description="What it took off what is billed and stands.")

    @classmethod
    def of(cls, view: DiscountView) -> Self:
        """The answer."""
        one = view.discount
        return cls(
            discount_id=one.id,
            scope=one.scope,
            target=one.target,
            percent=one.discount.percent,
            amount=one.discount.amount,
            reason=one.discount.reason,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            next_invoice=one.next_invoice,
            state=view.state,
            used=view.used,
            taken=view.taken,
        )


class ContractDiscountsAnswer(Answer):
    """The discounts of a contract, in the order in which they were added."""

    contract_number: str = Field(description="The contract.")
    discounts: tuple[ContractDiscountAnswer, ...] = Field(description="Also those that are over.")


class SpecialPricesAnswer(Answer):
    """An item with its new special prices."""

    item: SubscriptionItemAnswer = Field(description="The item with all its special prices.")
    effective_from: Day | None = Field(
        description="First day of the first period that one of the new prices decides; null: what"
        " they are for is billed already and stays so, or no period of the item is for them."
    )

    @classmethod
    def of(cls, added: SpecialPricesAdded) -> Self:
        """The answer."""
        return cls(item=SubscriptionItemAnswer.of(added.item), effective_from=added.effective_from)
