"""What a caller says to take documents back: whole, in parts, or their payments (F064-F066)."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from faktura.domain.line_parts import LinePart
from faktura.services.cancelling import Cancelling
from faktura.services.imports.checks import Fields
from faktura.services.imports.list_fields import filled_list
from faktura.services.imports.text_fields import Filled, Line, Number
from faktura.services.imports.value_fields import Count, Day, Flag, Positive


class RebillFields(Fields):
    """How an invoice is cancelled and issued anew."""

    date: Day | None = Field(
        default=None, description="Date of the new documents; left out: today."
    )
    reason: Line = Field(default="", description="Printed on the cancellation.")

    def cancelling(self) -> Cancelling:
        """What is done."""
        return Cancelling(self.date, self.reason)


class CancelFields(RebillFields):
    """How an invoice is cancelled."""

    bill_again: Flag = Field(
        default=True,
        description="Whether the next run bills again what it billed; else that is given away.",
    )

    @override
    def cancelling(self) -> Cancelling:
        """What is done."""
        return Cancelling(self.date, self.reason, self.bill_again)


class SetUnpaidFields(Fields):
    """Why an invoice is set unpaid."""

    reason: Filled = Field(description="It is kept with the bank movements that wait again.")
    date: Day | None = Field(default=None, description="Since when that counts; left out: today.")


class LinePartFields(Fields):
    """A line and how much of it is taken back: at most one of the three; without: what is left."""

    line_no: Count = Field(description="Number of the line.")
    amount: Positive | None = Field(default=None, description="Net, of the line's net.")
    quantity: Positive | None = Field(default=None, description="In the line's unit.")
    percent: Positive | None = Field(default=None, description="Of the line's net, at most 100.")

    def part(self) -> LinePart:
        """What is taken back."""
        return LinePart(self.line_no, self.amount, self.quantity, self.percent)


class CreditCorrectionFields(Fields):
    """What of a credit note is taken back, and why."""

    reason: Filled = Field(description="Printed on the correction.")
    lines: tuple[LinePartFields, ...] = Field(
        default=(), strict=False, description="Left out: all that is left of it."
    )
    date: Day | None = Field(default=None, description="Date of issue; left out: today.")


class InvoiceCorrectionFields(Fields):
    """What of an invoice is taken back, and why."""

    invoice_number: Number = Field(description="The invoice that is corrected.")
    reason: Filled = Field(description="Printed on the correction.")
    lines: Annotated[
        tuple[LinePartFields, ...], *filled_list("a correction takes lines back (F066)")
    ] = Field(description="The lines to correct.")
    date: Day | None = Field(default=None, description="Date of issue; left out: today.")
