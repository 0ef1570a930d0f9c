"""What became of money that a caller recorded, and of claims that were given up (F106)."""

from typing import Self

from pydantic import Field

from faktura.services.manual_money import Recorded
from faktura.services.write_offs import WrittenOff
from faktura.web.api.replies import Answer
from faktura.web.api.resources.bank_transaction_answers import AssignedPart
from faktura.web.api.resources.invoice_answers import InvoiceAnswer
from faktura.web.api.shapes import AmountText, Currency


class RecordedMoneyAnswer(Answer):
    """What became of money that was recorded."""

    reference: str = Field(description="Its name: what takes it back names it.")
    amount: AmountText = Field(description="What was recorded.")
    currency: Currency
    parts: tuple[AssignedPart, ...] = Field(description="What counts for each document.")
    credit: AmountText = Field(
        description="What counts for no document: it stays as credit, or is taken from it."
    )
    missing: tuple[str, ...] = Field(
        description="Account keys that its journal entry waits for; none once it is posted."
    )
    repeated: bool = Field(description="It was recorded before: nothing was written now.")

    @classmethod
    def of(cls, done: Recorded) -> Self:
        """The answer."""
        return cls(
            reference=done.reference,
            amount=done.amount,
            currency=done.amount.currency,
            parts=tuple(
                AssignedPart(invoice_number=number, amount=amount) for number, amount in done.parts
            ),
            credit=done.credit,
            missing=done.missing,
            repeated=done.repeated,
        )


class MoneyUndoneAnswer(Answer):
    """Documents for which recorded money counts no more."""

    invoices: tuple[InvoiceAnswer, ...] = Field(description="As they stand now, by number.")


class WriteOffAnswer(Answer):
    """What was given up of a document."""

    invoice_number: str = Field(description="The document's number.")
    amount: AmountText = Field(description="What was written off, gross.")
    tax: AmountText = Field(description="The VAT in it, which is corrected.")
    open: AmountText = Field(description="What is still open.")
    currency: Currency

    @classmethod
    def of(cls, done: WrittenOff) -> Self:
        """The answer."""
        return cls(
            invoice_number=done.number,
            amount=done.amount,
            tax=done.tax,
            open=done.open,
            currency=done.amount.currency,
        )
