"""What a settlement credit note says: the partner, the partner's contract, the positions (F066)."""

from typing import Annotated

from pydantic import Field

from faktura.services.imports.checks import Fields
from faktura.services.imports.list_fields import filled_list
from faktura.services.imports.text_fields import Number, Prose
from faktura.services.imports.value_fields import Day, Positive


class CreditPositionFields(Fields):
    """Something the partner supplied."""

    article_number: Number = Field(
        description="An article of the contract's project: its tax group is that of the supply."
    )
    quantity: Positive = Field(description="How many.")
    unit_price: Positive = Field(description="Price of one unit, net.")
    text: Prose = Field(default="", description="Printed below the article.")
    from_: Day = Field(alias="from", description="First day of the service.")
    until: Day = Field(description="First day after the service.")


class CreditNoteFields(Fields):
    """A credit note to a partner."""

    partner_number: Number = Field(description="The customer that is credited.")
    contract_number: Number = Field(description="A contract of the partner.")
    positions: Annotated[
        tuple[CreditPositionFields, ...], *filled_list("a credit note has positions (F066)")
    ] = Field(description="What is paid for.")
    date: Day | None = Field(default=None, description="Date of issue; left out: today.")
