"""What became of an invoice that was issued anew, or set unpaid (F064, F065)."""

from pydantic import Field

from faktura.web.api.replies import Answer
from faktura.web.api.resources.invoice_answers import InvoiceAnswer


class InvoiceRebilledAnswer(Answer):
    """What became of an invoice that was issued anew."""

    cancellation: InvoiceAnswer
    invoices: tuple[InvoiceAnswer, ...] = Field(
        description="One for each contract; none for one that owes nothing of it any more."
    )


class InvoicesUnpaidAnswer(Answer):
    """Documents whose payments were taken back."""

    invoices: tuple[InvoiceAnswer, ...] = Field(description="As they stand now, by number.")
