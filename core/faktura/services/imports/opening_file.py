"""The format of files of opening items (docs/imports.md)."""

from pydantic import Field

from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Currency, Line, Number
from faktura.services.imports.value_fields import Amount, Day


class OpenDocumentFields(Fields):
    """A document that another system left open (P54)."""

    number: Number = Field(
        description="Number of the old document, which payments name: 1 to 36 of A-Z a-z 0-9 . _ -"
    )
    issued_on: Day = Field(description="Day of the old document; today at the latest.")
    due_on: Day = Field(description="Day on which it is due.")
    amount: Amount = Field(
        description="What is open of it, gross; not 0, negative for a credit of the customer."
    )
    currency: Currency | None = Field(default=None, description="ISO 4217; left out: the tenant's.")
    text: Line = Field(default="", description="What it is about; shown with it, never printed.")


class OpeningItemFields(OpenDocumentFields):
    """An opening item of a customer."""

    customer_number: Number = Field(description="Who owes it, or has the credit.")
