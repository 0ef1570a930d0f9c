"""Prices as articles and contracts show them."""

from typing import Self

from pydantic import Field

from faktura.domain.articles import Price
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Currency, Day, DecimalText


class PriceAnswer(Answer):
    """A unit price."""

    unit_price: DecimalText = Field(description="For one unit of the article.")
    currency: Currency
    valid_from: Day | None = Field(description="The first day on which it is valid; null: always.")
    valid_until: Day | None = Field(
        description="The first day on which it is valid no longer; null: open."
    )
    from_quantity: DecimalText = Field(description="Valid for this quantity and more.")

    @classmethod
    def of(cls, price: Price) -> Self:
        """The answer."""
        return cls(
            unit_price=price.unit_price,
            currency=price.currency,
            valid_from=price.valid_from,
            valid_until=price.valid_until,
            from_quantity=price.from_quantity,
        )
