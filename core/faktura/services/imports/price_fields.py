"""Prices and discounts as files give them (F046-F048, F077)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from faktura.domain.articles import Price
from faktura.domain.discounts import Discount
from faktura.kernel.errors import FakturaError, FieldInvalid, OutOfRange
from faktura.services.imports.checks import Fields, ours
from faktura.services.imports.list_fields import filled_list
from faktura.services.imports.text_fields import Currency, Line, Number
from faktura.services.imports.value_fields import Day, NotNegative


class PriceFields(Fields):
    """A unit price with its validity; of several that fit, the latest `validFrom` counts (F046-F048)."""

    unit_price: NotNegative = Field(
        description="Price of one unit, net, of up to six decimals; not negative."
    )
    currency: Currency | None = Field(
        default=None,
        description="ISO 4217; left out: the tenant's, in a contract the contract's.",
    )
    valid_from: Day | None = Field(
        default=None, description="First day on which it is valid; left out: always."
    )
    valid_until: Day | None = Field(
        default=None, description="First day on which it is no longer valid; left out: open."
    )
    from_quantity: NotNegative = Field(
        default=Decimal(0), description="The least quantity it is for: a tier from there on."
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ours(
                OutOfRange(
                    f"{self.valid_until} is not after validFrom {self.valid_from}",
                    place="validUntil",
                    mend="It is the first day on which the price is no longer valid",
                )
            )
        return self

    def price(self, currency: str) -> Price:
        """The price, in `currency` where it names none."""
        return Price(
            self.unit_price,
            self.currency or currency,
            self.valid_from,
            self.valid_until,
            self.from_quantity,
        )


class NewPricesFields(Fields):
    """Prices to add behind those that there are; none is ever changed or removed (F047)."""

    prices: Annotated[tuple[PriceFields, ...], *filled_list("there is no price to add")] = Field(
        description="At least one; not with currency, `validFrom` and `fromQuantity` of another."
    )


class ArticlePricesFields(NewPricesFields):
    """New prices of an article that exists."""

    article_number: Number = Field(description="The article.")


def checked_prices(
    given: tuple[PriceFields, ...], currency: str, *, name: str, present: Sequence[Price] = ()
) -> tuple[Price, ...]:
    """The prices; raises FieldInvalid where two would be valid alike, so that none decides.

    `present` are prices that exist already.
    """
    seen = {_decides(price) for price in present}
    prices = tuple(fields.price(currency) for fields in given)
    for no, price in enumerate(prices, 1):
        if _decides(price) in seen:
            raise FieldInvalid(
                f"there are two prices in {price.currency} from {price.valid_from or 'ever'} "
                f"for {price.from_quantity} and more",
                place=f"{name}.{no}",
                mend="Keep one of them, or give another validFrom or fromQuantity",
            )
        seen.add(_decides(price))
    return prices


def _decides(price: Price) -> tuple[str, date | None, Decimal]:
    """What a price is picked by, among those that fit."""
    return price.currency, price.valid_from, price.from_quantity


class DiscountFields(Fields):
    """A discount: `percent` or `amount`, never both (F040, F077)."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": [name], "properties": {name: {"type": "string"}}}
                for name in ("percent", "amount")
            ]
        }
    )

    percent: NotNegative | None = Field(default=None, description="Per cent of the line, 0 to 100.")
    amount: NotNegative | None = Field(
        default=None, description="Per full period, in the contract's currency."
    )
    reason: Line = Field(default="Rabatt", description="Printed on documents (BT-139).")

    @model_validator(mode="after")
    def _either(self) -> Self:
        try:
            Discount(self.percent, self.amount, self.reason)
        except FakturaError as error:
            raise ours(error) from None
        return self

    @property
    def discount(self) -> Discount:
        """The discount."""
        return Discount(self.percent, self.amount, self.reason)
