"""SEPA mandates and what is done with them, as requests say it (F103, F104)."""

from pydantic import Field

from faktura.kernel.payment_terms import MandateScheme, MandateSequence
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import (
    Filled,
    Iban,
    Line,
    NewMandateReference,
    Number,
)
from faktura.services.imports.value_fields import (
    Day,
    MandateSchemeWord,
    MandateSequenceWord,
)


class NewMandateFields(Fields):
    """A mandate that a customer signed."""

    customer_number: Number = Field(description="Who signed it.")
    reference: NewMandateReference | None = Field(
        default=None,
        description="1 to 35 of the SEPA characters without blanks; left out: the next of the range"
        " MANDATE (F103).",
    )
    iban: Iban = Field(description="The account that is debited; its check digits must be right.")
    signed_on: Day = Field(description="Day of signature; not in the future.")
    scheme: MandateSchemeWord = Field(
        default=MandateScheme.CORE,
        description="B2B only for companies; it is confirmed at the debtor's bank before its first"
        " use.",
    )
    sequence: MandateSequenceWord = Field(
        default=MandateSequence.RECURRENT, description="Whether it is for many collections or one."
    )
    holder: Line | None = Field(
        default=None, description="Whose account it is; left out: the customer's name."
    )
    bic: Line | None = Field(default=None, description="The BIC of the account's bank.")


class ConfirmedFields(Fields):
    """That the debtor's bank confirmed a B2B mandate."""

    confirmed_on: Day = Field(description="When it did; not in the future.")


class WithdrawnFields(Fields):
    """Why something is not used any more."""

    reason: Filled = Field(description="Kept, and said of what is not collected.")


class OtherAccountFields(Fields):
    """The account that a mandate is on from now on."""

    iban: Iban = Field(description="The new account; the bank is told with the next collection.")
    holder: Line | None = Field(default=None, description="Whose it is; left out: as before.")
    bic: Line | None = Field(default=None, description="The BIC of its bank.")
