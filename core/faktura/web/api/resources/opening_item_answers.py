"""Opening items as the API shows them (P54)."""

from typing import Self

from pydantic import Field

from faktura.domain.opening_items import OpeningItem
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Day


class OpeningItemAnswer(Answer):
    """What another system left open, as it was taken over; what is paid of it shows the account."""

    customer_number: str = Field(description="Who owes it, or has the credit.")
    number: str = Field(description="Number of the old document, which payments name.")
    issued_on: Day = Field(description="Day of the old document.")
    due_on: Day = Field(description="Day on which it is due.")
    amount: AmountText = Field(description="What was open of it, gross; negative for a credit.")
    currency: Currency
    text: str = Field(description="What it is about.")

    @classmethod
    def of(cls, item: OpeningItem) -> Self:
        """The answer."""
        return cls(
            customer_number=item.customer.number,
            number=item.number,
            issued_on=item.issued_on,
            due_on=item.due_on,
            amount=item.amount,
            currency=item.amount.currency,
            text=item.text,
        )
