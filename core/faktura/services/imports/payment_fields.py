"""Money that moved outside of a bank statement, and claims that are given up, as requests say it."""

from pydantic import Field

from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, Iban, Line, Number
from faktura.services.imports.value_fields import Day, Positive


class MoneyFields(Fields):
    """Money that a person records (F106)."""

    amount: Positive = Field(description="How much, in the currency of the bank account.")
    account: Iban = Field(description="IBAN of our bank account that it moved on.")
    value_date: Day = Field(description="The day from which it counts.")
    reference: Number | None = Field(
        default=None,
        description="The caller's name for it: it is recorded once. Left out: one is drawn.",
    )
    text: Line = Field(default="", description="What the payer wrote; kept with the transaction.")


class RefundFields(MoneyFields):
    """Credit that we paid out."""

    invoice_number: Number | None = Field(
        default=None,
        description="Whose credit it is: a correction, or the document that corrections take back."
        " Left out: money that counts for no document.",
    )


class TakenBackFields(Fields):
    """Why something that was recorded is taken back."""

    reason: Filled = Field(description="Kept with the transaction that takes it back.")
    date: Day | None = Field(default=None, description="Since when that counts; left out: today.")


class WriteOffFields(Fields):
    """A claim that is given up."""

    reason: Filled = Field(description="Kept with the transaction.")
    amount: Positive | None = Field(
        default=None, description="Gross, of what is open; left out: all of it."
    )
    date: Day | None = Field(
        default=None, description="Since when it counts, and its VAT is corrected; left out: today."
    )
