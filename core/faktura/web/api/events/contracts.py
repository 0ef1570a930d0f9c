"""Facts about contracts: their life, with the fields that the contract itself holds (F116)."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field, JsonValue, create_model

from faktura.kernel.contract_terms import DiscountScope, InvoiceDateReason
from faktura.kernel.terms import PaymentMethod
from faktura.web.api.events.envelope import Told
from faktura.web.api.replies import Answer
from faktura.web.api.resources.contract_answers import ContractAnswer
from faktura.web.api.shapes import DecimalText

# What REST computes when asked is no part of a fact: it depends on the day, or on other contracts.
COMPUTED = frozenset(
    {
        "has_discounts",
        "unbilled_services",
        "next_due_on",
        "predecessor_number",
        "successor_number",
    }
)


def _own_fields() -> dict[str, Any]:
    fields = ContractAnswer.model_fields.items()
    return {name: (field.annotation, field) for name, field in fields if name not in COMPUTED}


ContractFrame = create_model(
    "ContractFrame",
    __base__=Answer,
    __doc__="A contract as REST shows it, without what REST computes when asked.",
    **_own_fields(),
)


class ContractTold(Told):
    """A fact about a contract."""

    about: ClassVar[tuple[str, ...]] = ("contract",)

    number: str = Field(description="The contract's number.")
    customer_number: str = Field(description="Whose contract it is.")
    contract: ContractFrame | None = Field(
        default=None, description="After the fact; absent once 30 days are over."
    )


class ContractChangeTold(ContractTold):
    """A fact that may have changed the contract's own fields."""

    old_contract: ContractFrame | None = Field(
        default=None,
        description="Before the fact; absent where no field of the contract itself changed, and"
        " once 30 days are over.",
    )


class ContractCreated(ContractTold):
    """A contract was added, as a draft; CONTRACT_ACTIVATED follows where it was activated at once."""


class ContractActivated(ContractChangeTold):
    """A draft became active: the next run bills it."""


class ContractVoided(ContractChangeTold):
    """A draft was voided, for good."""


class ContractEnded(ContractChangeTold):
    """A terminated contract came to its end, and nothing of it is left to bill."""

    end: date = Field(description="The first day after the end.")


class DiscountTold(Told):
    """A discount of the contract."""

    id: UUID
    scope: DiscountScope
    target: str | None = Field(description="Number of the article or key of the product group.")
    percent: DecimalText | None
    amount: DecimalText | None
    valid_from: date | None
    valid_until: date | None
    next_invoice: bool
    reason: str


class SpecialPriceTold(Told):
    """A special price."""

    unit_price: DecimalText
    valid_from: date | None
    valid_until: date | None
    from_quantity: DecimalText


class SpecialPricesTold(Told):
    """Special prices that an item got."""

    item_id: UUID
    prices: tuple[SpecialPriceTold, ...]


class FirstShareTold(Told):
    """The first, broken period of a subscription that was booked as activities."""

    from_: date = Field(alias="from")
    until: date
    activity_ids: tuple[UUID, ...]
    amounts: tuple[DecimalText, ...]


class ContractChanged(ContractChangeTold):
    """The contract, an item, an activity or a discount of it changed; what is there says which."""

    payment_method: PaymentMethod | None = Field(default=None, description="The new one.")
    reason: str | None = Field(default=None, description="What it followed.")
    item_id: UUID | None = Field(default=None, description="The item that changed.")
    activity_id: UUID | None = Field(default=None, description="The activity that changed.")
    changes: dict[str, JsonValue] | None = Field(
        default=None, description="Of the item or activity, by field: `old` and `new`."
    )
    removed: dict[str, JsonValue] | None = Field(
        default=None, description="The item or activity that was taken away."
    )
    discount_added: DiscountTold | None = None
    discount_ended: DiscountTold | None = None
    discount_withdrawn: DiscountTold | None = None
    special_prices_added: SpecialPricesTold | None = None
    first_share: FirstShareTold | None = None


class ContractTerminated(ContractChangeTold):
    """The contract, or one subscription of it, was terminated."""

    end: date = Field(description="The first day after the end.")
    notice_on: date = Field(description="When notice was given.")
    to_the_day: bool = Field(description="Whether it ends inside a period.")
    subscription: int | None = Field(
        default=None, description="The one that ends, counted from 1; absent: all."
    )
    reason: str
    documents: tuple[str, ...] = Field(description="Numbers of the documents that it made.")


class ContractRenewed(ContractChangeTold):
    """A term ended without notice and goes on."""

    subscription: int = Field(description="Counted from 1.")
    renewal: int = Field(description="Counts the subscription's renewals from 1.")
    day: date = Field(description="When it took effect.")
    old_end: date
    new_end: date


class ContractPaused(ContractChangeTold):
    """The contract, or one subscription of it, rests."""

    start: date = Field(description="The first day of the pause.")
    end: date | None = Field(description="The first day of service again; null: open.")
    reason: str
    subscription: int | None = Field(default=None, description="Counted from 1; absent: all.")


class ContractResumed(ContractChangeTold):
    """An open pause was ended."""

    on: date = Field(description="The first day of service again.")
    reason: str = Field(description="Of the pause.")
    subscription: int | None = Field(default=None, description="Counted from 1; absent: all.")


class ContractAligned(ContractChangeTold):
    """Service periods are counted from another day."""

    date: date
    documents: tuple[str, ...] = Field(description="Numbers of the documents that it made.")


class ContractUpgraded(ContractChangeTold):
    """The items changed (small upgrade), or another contract follows (large upgrade)."""

    date: date
    documents: tuple[str, ...] | None = Field(
        default=None, description="Numbers of the documents of a small upgrade."
    )
    successor: str | None = Field(default=None, description="The contract that follows this one.")
    predecessor: str | None = Field(default=None, description="The contract that this one follows.")


class ContractInvoiceDateMoved(ContractChangeTold):
    """The next invoice date was moved by hand, or lifted."""

    old: date | None
    new: date | None
    reason: InvoiceDateReason
    text: str


class ContractItemSplit(ContractChangeTold):
    """An item or an activity was split in two."""

    item_id: UUID | None = None
    from_: date | None = Field(default=None, alias="from")
    item_ids: tuple[UUID, ...] | None = None
    activity_id: UUID | None = None
    activity_ids: tuple[UUID, ...] | None = None
    quantities: tuple[DecimalText, ...]
    task_id: UUID = Field(description="Of the task to look at it.")
