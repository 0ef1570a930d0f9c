"""Which format a document is issued in, and why: the customer's word first, then what fits them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum, unique

from faktura.domain.customers import Customer

_PUBLIC = ("xrechnung-cii", "xrechnung-ubl")
_BUSINESS = ("zugferd",)
_CONSUMER = ("pdf", "zugferd")


@unique
class ChosenBy(StrEnum):
    """What decided about a format."""

    CUSTOMER = "CUSTOMER"
    LEITWEG_ID = "LEITWEG_ID"
    TENANT = "TENANT"
    BUYER = "BUYER"


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the choice looks at: the format the customer asked for, and who the customer is."""

    wish: str | None
    leitweg_id: str
    is_business: bool


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """A format by its id, and what decided about it."""

    format_id: str
    chosen_by: ChosenBy


def format_for(
    buyer: Buyer, tenant_format: str | None, offered: Collection[str]
) -> FormatChoice | None:
    """The customer's format, else XRechnung with a Leitweg-ID, else the tenant's, else the buyer's.

    The last is ZUGFeRD for companies and PDF for consumers. `offered` are the ids of the enabled
    formats: what was asked for by name is chosen whether or not it is among them, everything else
    only if it is. None where no format fits.
    """
    if buyer.wish:
        return FormatChoice(buyer.wish, ChosenBy.CUSTOMER)
    if buyer.leitweg_id and (public := _first(_PUBLIC, offered)):
        return FormatChoice(public, ChosenBy.LEITWEG_ID)
    if tenant_format:
        return FormatChoice(tenant_format, ChosenBy.TENANT)
    fitting = _first(_BUSINESS if buyer.is_business else _CONSUMER, offered)
    return None if fitting is None else FormatChoice(fitting, ChosenBy.BUYER)


def format_of_customer(
    customer: Customer, tenant_format: str | None, offered: Collection[str]
) -> FormatChoice | None:
    """The format of the customer's next document."""
    buyer = Buyer(customer.document_format, customer.leitweg_id, customer.is_business)
    return format_for(buyer, tenant_format, offered)


def _first(wanted: Collection[str], offered: Collection[str]) -> str | None:
    return next((format_id for format_id in wanted if format_id in offered), None)
