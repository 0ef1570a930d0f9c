"""Cells of the file: amounts, days, texts in quotes that no spreadsheet computes."""

import unicodedata
from datetime import date
from decimal import Decimal

from faktura.kernel.money import Money

LONGEST = 200
"""Signs of a text that are written."""
_FORMULA_SIGNS = ("=", "+", "-", "@")
_CUT = "…"
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def amount_cell(amount: Decimal, currency: str) -> str:
    """`1234,50`, with all decimals of the currency; raises TooPrecise for more."""
    return f"{Money.from_decimal(amount, currency).decimal:f}".replace(".", ",")


def day_cell(day: date) -> str:
    """`28.02.2031`."""
    return f"{day:%d.%m.%Y}"


def text_cell(text: str) -> str:
    """The text in quotes, quotes inside it doubled."""
    return '"' + text.replace('"', '""') + '"'


def unseen(text: str) -> bool:
    """Whether there are control signs or halves of characters in it."""
    return any(unicodedata.category(sign) in _UNSEEN for sign in text)


def safe_text(text: str) -> str:
    """What is written of a text: no formula, and at most so many signs."""
    guarded = f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
    return guarded if len(guarded) <= LONGEST else guarded[: LONGEST - 1] + _CUT
