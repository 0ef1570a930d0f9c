"""Changes of mind as files and requests give them: up- and downgrades, alignment, termination."""

from typing import Annotated

from pydantic import Field

from faktura.services.imports.checks import Fields
from faktura.services.imports.contract_file import ActivityFields, SubscriptionFields
from faktura.services.imports.cost_fields import CostsGiven
from faktura.services.imports.list_fields import filled_list, short_list
from faktura.services.imports.price_fields import DiscountFields, NewPricesFields, PriceFields
from faktura.services.imports.text_fields import Filled, Line, Number, Prose
from faktura.services.imports.value_fields import (
    Count,
    Day,
    DayCountWord,
    Flag,
    IntervalFields,
    Positive,
)

# What one request may ask for: all of it happens in one transaction.
MOST_ITEMS = 500
MOST_STEPS = 20


class ItemChangeFields(Fields):
    """An item that is another from the day of the change on."""

    item_id: Line | None = Field(
        default=None, description="The item, as `itemId` of the subscription names it."
    )
    current_article_number: Number | None = Field(
        default=None,
        description="Instead of `itemId`: the article of the only item that has it on that day.",
    )
    article_number: Number | None = Field(
        default=None, description="Its article from then on; left out: the same."
    )
    quantity: Positive | None = Field(
        default=None, description="How many from then on; left out: as many."
    )
    remove: Flag = Field(default=False, description="Whether the item ends with that day.")
    inherit_special_prices: Flag = Field(
        default=True, description="Keep its special prices, if the article stays the same (F073)."
    )
    inherit_discount: Flag = Field(
        default=True, description="Keep its own discount, if the article stays the same."
    )


class AddedItemFields(Fields):
    """An item that begins on the day of the change."""

    article_number: Number = Field(description="A recurring article that fits (F024, F025).")
    quantity: Positive = Field(description="How many; more than 0, of up to six decimals.")
    special_prices: tuple[PriceFields, ...] = Field(
        default=(), strict=False, description="Override the list price while they are valid."
    )
    discount: DiscountFields | None = Field(default=None, description="On each of its lines.")
    costs: CostsGiven = Field(
        default=(), description="Where accounting counts its revenue; left out: as the contract's."
    )


class SmallUpgradeFields(Fields):
    """Items or quantities change, the contract's frame stays (F068)."""

    date: Day = Field(description="First day of the change; past or future (F070).")
    items: Annotated[tuple[ItemChangeFields, ...], *short_list(MOST_ITEMS)] = Field(
        default=(), description="Items that change or end."
    )
    add: Annotated[tuple[AddedItemFields, ...], *short_list(MOST_ITEMS)] = Field(
        default=(), description="Items that begin."
    )
    note: Prose = Field(default="", description="Printed on the lines of parts of a period.")


class LargeUpgradeFields(Fields):
    """The frame changes: a successor contract follows (F069); what is left out is as it was."""

    date: Day = Field(description="First day of the successor; past or future (F070).")
    template: Number | None = Field(
        default=None, description="Key of the template that the successor is made from."
    )
    contract_number: Number | None = Field(
        default=None, description="Number of the successor; left out: the next of the range."
    )
    billing_interval: IntervalFields | None = Field(
        default=None, description="How often the successor is billed."
    )
    bill_in_advance: Flag | None = Field(
        default=None, description="Whether an interval is billed at its start."
    )
    day_count: DayCountWord | None = Field(
        default=None, description="How parts of a period are prorated."
    )
    subscriptions: tuple[SubscriptionFields, ...] = Field(
        default=(), strict=False, description="What recurs; needed without a template."
    )
    inherit_contract_start: Flag = Field(
        default=False,
        description="Whether it starts with its predecessor, whose periods it then keeps.",
    )
    inherit_special_prices: Flag = Field(
        default=True, description="Carry special prices over, for equal article numbers (F073)."
    )
    inherit_discounts: Flag = Field(
        default=True, description="Carry the contract's discounts over (F074)."
    )
    inherit_commission_rules: Flag = Field(
        default=True, description="Carry commission rules over (F074)."
    )
    activate: Flag = Field(
        default=True,
        description="Whether the successor is active at once; otherwise a task asks for a review.",
    )


class AlignFields(Fields):
    """Service periods are counted from another day on (F029)."""

    start_of_new_service_period: Day = Field(description="First day of the new cycle.")
    item_ids: Annotated[tuple[Line, ...], *short_list(MOST_ITEMS)] = Field(
        default=(), description="Only these items; left out: all, and the invoices."
    )
    text: Prose = Field(default="", description="Printed on the lines of the stub period.")


class TerminateFields(Fields):
    """The contract comes to its end (F013, F033)."""

    end: Day | None = Field(
        default=None,
        description="The first day after the contract; left out: the earliest that notice allows.",
    )
    notice_on: Day | None = Field(
        default=None, description="Day on which notice was received; left out: today."
    )
    to_the_day: Flag = Field(
        default=False,
        description="Bill up to the end and credit all that was billed beyond it (F013).",
    )
    subscription: Count | None = Field(
        default=None,
        description="Only this subscription, counted from 1, as of `end` (F037); left out: all.",
    )
    extraordinary: Flag = Field(
        default=False, description="Whether `end` may lie before the earliest that notice allows."
    )
    reason: Prose = Field(default="", description="For the contract's history.")


class PauseFields(Fields):
    """The subscriptions of a contract rest (F030)."""

    start: Day = Field(description="The first day without service; in the past or to come.")
    end: Day | None = Field(
        default=None, description="The first day of service again; left out: until it is resumed."
    )
    reason: Filled = Field(description="Why it rests; shown with the pause.")
    subscription: Count | None = Field(
        default=None, description="Only this subscription, counted from 1; left out: all."
    )


class ResumeFields(Fields):
    """From when on there is service again."""

    on: Day = Field(description="The first day of service again; ends the open pause.")
    subscription: Count | None = Field(
        default=None, description="Only this subscription, counted from 1; left out: all."
    )


class RunFields(Fields):
    """A day to bill."""

    date: Day = Field(description="Day of the run, at most two years ahead.")


class PricesOfFields(Fields):
    """List prices that an article would get."""

    article_number: Number = Field(description="The article.")
    prices: Annotated[tuple[PriceFields, ...], Field(strict=False)] = Field(
        description="Prices to add, in the tenant's currency where they name none."
    )

    @property
    def new_prices(self) -> NewPricesFields:
        """The prices alone."""
        return NewPricesFields.model_construct(prices=self.prices)


class WhatIfStep(Fields):
    """One step of what is tried out: exactly one of its fields is given."""

    small_upgrade: SmallUpgradeFields | None = Field(default=None, description="Change items.")
    large_upgrade: LargeUpgradeFields | None = Field(default=None, description="Change the frame.")
    align_cycle: AlignFields | None = Field(default=None, description="Align service periods.")
    terminate: TerminateFields | None = Field(default=None, description="Terminate the contract.")
    pause: PauseFields | None = Field(default=None, description="Pause the subscriptions.")
    resume: ResumeFields | None = Field(default=None, description="End a pause.")
    activity: ActivityFields | None = Field(default=None, description="Record an activity.")
    prices: PricesOfFields | None = Field(default=None, description="Change a list price.")
    interim_billing: RunFields | None = Field(default=None, description="Bill what is due.")
    billing_run: RunFields | None = Field(default=None, description="Bill as a run would.")


class WhatIfFields(Fields):
    """Changes to try out on a contract, one after the other; nothing of it is written (O11)."""

    changes: Annotated[
        tuple[WhatIfStep, ...],
        *filled_list("there is nothing to try out (O11)"),
        *short_list(MOST_STEPS),
    ] = Field(description="At least one; each as its own request would carry it out today.")


class WhatIfFile(WhatIfFields):
    """A file of changes names the contract as well."""

    contract_number: Number = Field(description="The contract.")
