"""Facts about issued documents: that they came, were paid, corrected, taken back."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from faktura.kernel.terms import DocumentKind, PaymentMethod
from faktura.web.api.events.envelope import Told
from faktura.web.api.shapes import Currency, WrittenAmount


class InvoiceHeadTold(Told):
    """An issued document; `open` and `dunningLevel` are those of the moment of sending."""

    number: str
    kind: DocumentKind
    issued_on: date
    due_on: date
    currency: Currency
    net: WrittenAmount
    tax: WrittenAmount
    gross: WrittenAmount
    open: WrittenAmount = Field(description="What is not settled; negative is credit.")
    dunning_level: int = Field(description="How far it is dunned; 0: not at all.")


class InvoiceTold(Told):
    """A fact about an issued document."""

    about: ClassVar[tuple[str, ...]] = ("invoice",)

    number: str = Field(description="The document's number.")
    customer_number: str = Field(description="Who is billed.")
    invoice: InvoiceHeadTold


class InvoiceCreated(InvoiceTold):
    """An invoice, deposit invoice or final invoice was issued."""

    contract_number: str | None = Field(description="The contract; null for several or none.")
    contract_numbers: tuple[str, ...] | None = Field(
        default=None, description="All contracts of a collective invoice."
    )
    kind: DocumentKind | None = Field(default=None, description="Absent: a plain invoice.")
    gross: WrittenAmount
    currency: Currency
    due_date: date


class CorrectionCreated(InvoiceCreated):
    """A correction or cancellation of an invoice was issued; its amounts are negative."""

    corrects: tuple[str, ...] | None = Field(
        default=None, description="Numbers of the documents that it takes back."
    )


class CreditNoteCreated(CorrectionCreated):
    """A credit note to a partner, or the correction of one, was issued."""


class InvoiceCorrected(InvoiceTold):
    """A part of a document was taken back by a correction."""

    correction: str = Field(description="Number of the document that does.")
    gross: WrittenAmount = Field(description="Of that document.")
    currency: Currency


class InvoiceCancelled(InvoiceCorrected):
    """An invoice was cancelled: all of it was taken back."""


class InvoicePaid(InvoiceTold):
    """Money counts for an invoice; negative where credit was set off or paid out."""

    amount: WrittenAmount
    currency: Currency
    open: WrittenAmount = Field(description="What was not settled right after it.")
    value_date: date


class InvoiceRefunded(InvoicePaid):
    """Credit of a document was paid out."""


class InvoiceSetUnpaid(InvoiceTold):
    """What settled an invoice was taken back by hand."""

    amount: WrittenAmount
    currency: Currency
    open: WrittenAmount = Field(description="What was not settled right after it.")


class InvoiceDiscountTaken(InvoicePaid):
    """A difference was given up as cash discount."""


class InvoiceWrittenOff(InvoicePaid):
    """A rest was written off."""

    reason: str


class ChargebackReceived(InvoiceTold):
    """A debit was returned, or a card payment charged back."""

    amount: WrittenAmount
    currency: Currency
    value_date: date
    fee: WrittenAmount = Field(description="What it costs.")
    reason: str | None = Field(description="Code of the bank or provider.")
    method: PaymentMethod | None = Field(default=None, description="Absent for a bank's return.")
    booked: bool | None = Field(default=None, description="Whether money was taken back already.")


class ChargebackWon(InvoiceTold):
    """A chargeback was won, or a return was taken back: the payment counts again."""

    amount: WrittenAmount
    currency: Currency
    value_date: date
    chargeback: UUID | None
    open: WrittenAmount | None = None


class DocumentRendered(Told):
    """A file of a document was made and stored."""

    about: ClassVar[tuple[str, ...]] = ("rendering",)

    number: str = Field(description="The document's number.")
    format: str
    rule_set: str
    media_type: str
    size: int
    sha256: str
