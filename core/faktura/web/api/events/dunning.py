"""Facts about dunning: notices, charges that were waived, stops."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from faktura.kernel.dunning_terms import StopTarget
from faktura.web.api.events.envelope import Told
from faktura.web.api.shapes import Currency, WrittenAmount


class DunnedInvoiceTold(Told):
    """An invoice on a dunning notice."""

    number: str
    level: int = Field(description="Its level after the notice.")
    open: WrittenAmount


class DunningCreated(Told):
    """A customer is dunned: one notice over all that is overdue."""

    about: ClassVar[tuple[str, ...]] = ("dunning_notice",)

    notice: UUID
    customer_number: str
    level: int = Field(description="The highest level that is reached.")
    currency: Currency
    open: WrittenAmount
    fee: WrittenAmount
    flat: WrittenAmount = Field(description="Lump sum between companies (§ 288 BGB).")
    interest: WrittenAmount
    total: WrittenAmount
    pay_by: date
    charges: str | None = Field(description="Number of the document of the charges.")
    invoices: tuple[DunnedInvoiceTold, ...]
    snapshot_hash: str = Field(description="SHA-256 of the frozen notice, in hexadecimal.")


class DunningWaived(Told):
    """The charges of a dunning notice were waived."""

    about: ClassVar[tuple[str, ...]] = ("dunning_notice",)

    notice: UUID
    customer_number: str
    charges: str = Field(description="Number of the document of the charges.")
    amount: WrittenAmount
    currency: Currency
    by: str


class DunningStopChanged(Told):
    """Dunning of a customer, contract or invoice was stopped, or the stop lifted."""

    about: ClassVar[tuple[str, ...]] = ("dunning_stop",)

    customer_number: str
    target: StopTarget
    number: str = Field(description="Of the customer, contract or invoice.")
    until: date | None = Field(description="The last day of the stop; null: until it is lifted.")
    stopped: bool
