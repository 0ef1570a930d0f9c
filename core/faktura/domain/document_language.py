"""How documents and letters write days and amounts: German, or English for every other language."""

from datetime import date
from decimal import Decimal

from faktura.kernel.money import Money

GERMAN = "de"
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def is_german(language: str) -> bool:
    """Whether texts of a document in this language are German; all others are English."""
    return language == GERMAN


def day_text(day: date, language: str) -> str:
    """`01.11.2026` or `1 Nov 2026`."""
    if is_german(language):
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def number_text(value: Decimal, language: str) -> str:
    """`1.071,00` or `1,071.00`: all decimals the value has, grouped by thousands."""
    digits = f"{value:,f}"
    return digits.translate(str.maketrans(",.", ".,")) if is_german(language) else digits


def amount_text(amount: Money, language: str) -> str:
    """`1.071,00 EUR` or `EUR 1,071.00`."""
    digits = number_text(amount.decimal, language)
    return f"{digits} {amount.currency}" if is_german(language) else f"{amount.currency} {digits}"
