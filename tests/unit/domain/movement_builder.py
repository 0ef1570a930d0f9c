"""Movements and documents for the rules of matching; a test says what matters to it."""

from datetime import date
from typing import Any
from uuid import UUID

from faktura.domain.matches import CashDiscount, OpenDocument
from faktura.domain.movements import Movement
from faktura.kernel.money import Money

ANNA, BERT, CARLA = UUID(int=1), UUID(int=2), UUID(int=3)
ANNAS_IBAN, BERTS_IBAN = "DE89370400440532013000", "DE02120300000000202051"


def credit(amount: str, *lines: str, **facts: Any) -> Movement:
    """A credit of 10 November 2026 in EUR with these lines."""
    day = facts.pop("day", date(2026, 11, 10))
    currency = facts.pop("currency", "EUR")
    return Movement(
        booked_on=day,
        value_on=facts.pop("value_on", day),
        amount=Money.parse(amount, currency),
        remittance_lines=lines,
        **facts,
    )


def invoice(
    number: str,
    amount: str,
    customer: UUID = ANNA,
    *,
    due: date = date(2026, 11, 1),
    discount: tuple[str, date] | None = None,
    currency: str = "EUR",
) -> OpenDocument:
    """An open document, negative for credit."""
    less = None
    if discount is not None:
        less = CashDiscount(Money.parse(discount[0], currency), discount[1])
    return OpenDocument(
        number, Money.parse(amount, currency), customer, date(2026, 10, 1), due, less
    )
