"""Prices and discounts as files give them (F046-F048, F077)."""

from decimal import Decimal
from typing import Self

from pydantic import model_validator

from faktura.domain.articles import Price
from faktura.domain.discounts import Discount
from faktura.kernel.errors import FakturaError, FieldInvalid, OutOfRange
from faktura.services.imports.checks import Fields, ours
from faktura.services.imports.text_fields import Currency, Line
from faktura.services.imports.value_fields import Day, NotNegative


class PriceFields(Fields):
    """A unit price with its validity: `validFrom` inclusive, `validUntil` exclusive."""

    unit_price: NotNegative
    currency: Currency | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    from_quantity: NotNegative = Decimal(0)

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


def checked_prices(
    given: tuple[PriceFields, ...], currency: str, *, name: str
) -> tuple[Price, ...]:
    """The prices; raises FieldInvalid where two would be valid alike, so that none decides."""
    seen: set[tuple[object, ...]] = set()
    prices = tuple(fields.price(currency) for fields in given)
    for no, price in enumerate(prices, 1):
        key = (price.currency, price.valid_from, price.from_quantity)
        if key in seen:
            raise FieldInvalid(
                f"there are two prices in {price.currency} from {price.valid_from or 'ever'} "
                f"for {price.from_quantity} and more",
                place=f"{name}.{no}",
                mend="Keep one of them, or give another validFrom or fromQuantity",
            )
        seen.add(key)
    return prices


class DiscountFields(Fields):
    """`percent` or `amount`, never both."""

    percent: NotNegative | None = None
    amount: NotNegative | None = None
    reason: Line = "Rabatt"

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
