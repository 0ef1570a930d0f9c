"""What a request says of a refund over the provider that a payment came by."""

from pydantic import Field

from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, Number
from faktura.services.imports.value_fields import Flag, Positive


class GiveBackFields(Fields):
    """A part of a payment, or all of it, that goes back the way it came."""

    amount: Positive = Field(description="How much, in the currency of the payment.")
    reason: Filled = Field(description="Kept with the refund.")
    attempt_id: Number | None = Field(
        default=None, description="Which payment of the document; left out: the only one."
    )
    in_return_time: Flag = Field(
        default=False,
        description="Also of a SEPA debit that can still be returned, and would be paid twice then.",
    )
