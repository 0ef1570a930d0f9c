"""Documents that an act has just issued, as its answer names them."""

from typing import Self

from pydantic import Field

from faktura.kernel.terms import DocumentKind
from faktura.store.facts import FrozenDocument
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Day


class IssuedDocument(Answer):
    """A document that an act issued; what it takes back is negative.

    `GET Invoices/{number}` has all of it.
    """

    number: str = Field(description="Its number.")
    kind: DocumentKind = Field(description="A correction takes back, an invoice bills again.")
    corrects: tuple[str, ...] = Field(description="The documents that it takes back from.")
    issued_on: Day = Field(description="The day of the document.")
    due_on: Day = Field(description="The day by which it is to be paid.")
    currency: str = Field(description="ISO 4217.")
    net: AmountText = Field(description="Without VAT.")
    tax: AmountText = Field(description="The VAT.")
    gross: AmountText = Field(description="With VAT.")

    @classmethod
    def of(cls, frozen: FrozenDocument) -> Self:
        """The answer."""
        draft = frozen.draft
        return cls(
            number=frozen.number,
            kind=draft.kind,
            corrects=tuple(one.number for one in draft.originals),
            issued_on=draft.issued_on,
            due_on=draft.due_on,
            currency=draft.currency,
            net=draft.net,
            tax=draft.tax,
            gross=draft.gross,
        )
