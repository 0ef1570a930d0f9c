"""Discounts on a line: per cent or a fixed amount per full period (F040, F077)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.money import Money

_ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Discount:
    """Either `percent` of the line or a fixed `amount` per full period; never both.

    The fixed amount is a positive decimal in the contract's currency; `reason` is BT-139.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None
    reason: str = "Rabatt"

    def __post_init__(self) -> None:
        """Refuse both, neither, or a discount that would raise the price."""
        if (self.percent is None) == (self.amount is None):
            raise FieldInvalid("a discount is either per cent or a fixed amount")
        value = self.percent if self.percent is not None else self.amount
        if value is not None and value < 0:
            raise FieldInvalid(f"a discount is not negative: {value}")
        if self.percent is not None and self.percent > _ALL:
            raise FieldInvalid(f"a discount is at most 100 per cent: {self.percent}")


@dataclass(frozen=True, slots=True)
class ContractDiscount:
    """A discount of a contract on the lines of its scope (F076).

    `target` is the article number or the key of the product group. Valid for periods that start
    from `valid_from` (inclusive) to `valid_until` (exclusive). A per cent counts for each line, a
    fixed amount for each billing interval; `next_invoice` limits it to the first interval that is
    billed with it (F077).
    """

    id: UUID
    scope: DiscountScope
    target: str | None
    discount: Discount
    valid_from: date | None = None
    valid_until: date | None = None
    next_invoice: bool = False

    def is_valid(self, on: date) -> bool:
        """Whether it counts for a period that starts on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class AppliedDiscount:
    """A discount on a line and what it takes off, signed like the line's list amount.

    `discount_id` and `interval_start` are those of a contract's discount and of the billing
    interval it counted in; a line's own discount has neither.
    """

    discount: Discount
    amount: Money
    discount_id: UUID | None = None
    interval_start: date | None = None

    @property
    def is_allocated(self) -> bool:
        """Whether `amount` is the line's share of a fixed amount of its billing interval (P15)."""
        return self.discount.amount is not None and self.interval_start is not None


@dataclass(frozen=True, slots=True)
class DiscountUse:
    """What a discount took off an activity that stands; `interval_start` is that of its interval.

    `amount` is in minor units, positive; `activity_id` is None while the activity is only planned.
    """

    discount_id: UUID
    interval_start: date
    amount: int
    activity_id: UUID | None = None
