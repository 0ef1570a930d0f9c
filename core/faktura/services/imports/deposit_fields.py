"""Deposits and final invoices as requests give them (F061)."""

from typing import Annotated

from pydantic import Field

from faktura.services.imports.checks import Fields
from faktura.services.imports.cost_fields import CostsGiven
from faktura.services.imports.list_fields import filled_list
from faktura.services.imports.price_fields import DiscountFields
from faktura.services.imports.text_fields import LedgerAccount, Number, Prose
from faktura.services.imports.value_fields import Day, NotNegative, Positive


class DepositPositionFields(Fields):
    """What a deposit is asked for; its article decides the VAT."""

    article_number: Number = Field(description="An article of the contract's project.")
    net: Positive | None = Field(
        default=None, description="Amount without VAT, which is put on top; this or `gross`."
    )
    gross: Positive | None = Field(
        default=None, description="Amount with VAT, which is computed out of it; this or `net`."
    )
    text: Prose = Field(default="", description="Printed below the article.")


class ServicePeriodFields(Fields):
    """When the service is rendered."""

    service_from: Day | None = Field(
        default=None, description="First day of the service; left out: the invoice date."
    )
    service_until: Day | None = Field(
        default=None, description="First day after the service; left out: the next day."
    )


class DepositFields(ServicePeriodFields):
    """A deposit to ask for (F061)."""

    positions: Annotated[
        tuple[DepositPositionFields, ...], *filled_list("a deposit is for something (F061)")
    ] = Field(description="At least one; all net or all gross.")
    date: Day | None = Field(default=None, description="The invoice date; left out: today.")


class ReceiptDepositFields(Fields):
    """Money that came without invoice and is a deposit (F061)."""

    amount: Positive = Field(description="What of it is the deposit, with VAT.")
    article_number: Number = Field(description="Decides the VAT that is in it.")
    received_on: Day = Field(description="Value date of the payment: on it the VAT falls due.")
    text: Prose = Field(default="", description="Printed below the article.")


class FinalPositionFields(Fields):
    """A one-off that the final invoice bills."""

    article_number: Number = Field(description="An article of the contract's project.")
    quantity: Positive = Field(description="How many; more than 0, of up to six decimals.")
    unit_price: NotNegative | None = Field(
        default=None, description="Agreed price of one unit, net; left out: the list price."
    )
    discount: DiscountFields | None = Field(default=None, description="On its line.")
    text: Prose = Field(default="", description="Printed below the article.")
    ledger_account: LedgerAccount | None = Field(
        default=None,
        description="Account of its revenue, 3 to 9 digits; left out: its product group's (F042).",
    )
    costs: CostsGiven = Field(
        default=(), description="Where accounting counts its revenue; left out: as the contract's."
    )


class FinalInvoiceFields(ServicePeriodFields):
    """A final invoice to issue (F061)."""

    positions: tuple[FinalPositionFields, ...] = Field(
        default=(),
        strict=False,
        description="What is billed; left out: all activities of the contract that wait.",
    )
    deposits: tuple[Number, ...] | None = Field(
        default=None,
        strict=False,
        description="Numbers of the deposits to deduct; left out: all that stand and are not"
        " deducted yet.",
    )
    date: Day | None = Field(default=None, description="The invoice date; left out: today.")
