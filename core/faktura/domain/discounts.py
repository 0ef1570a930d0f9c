"""Discounts on a line: per cent or a fixed amount per full period (F040, F077)."""

from dataclasses import dataclass
from decimal import Decimal

from faktura.kernel.errors import FieldInvalid

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
