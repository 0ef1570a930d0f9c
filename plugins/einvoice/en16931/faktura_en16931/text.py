"""How values stand in an XML invoice: cleaned texts, amounts, decimals and dates."""

import re
from datetime import date
from decimal import Decimal

# XML 1.0, production 2 (Char): these cannot stand in a document, not even escaped.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str) -> str:
    """`text` without characters XML forbids, line ends as LF; otherwise unchanged.

    Trailing line feeds stay: BT-20 needs the one after a Skonto line (BR-DE-18).
    """
    if text.isprintable():  # no control character at all: nearly every text, and quick to know
        return text
    return _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def is_blank(text: str | None) -> bool:
    """Whether nothing would be left to read: absent, empty, or only blanks and illegal signs."""
    if text is None or not text or text.isspace():
        return True
    return not text.isprintable() and not cleaned(text).strip()


def readable(text: str | None) -> str | None:
    """The cleaned text, None when nothing would be left to read (PEPPOL-EN16931-R008)."""
    if not text or text.isspace():
        return None
    if text.isprintable():
        return text
    text = cleaned(text)
    return None if not text or text.isspace() else text


def amount_text(amount: Decimal, digits: int = 2) -> str:
    """An amount with exactly `digits` decimals, never "-0.00".

    The amount must have no more decimals than that: `amounts.check_decimals` says so.
    """
    return f"{amount:z.{digits}f}"


def decimal_text(value: Decimal) -> str:
    """A price, quantity or per cent: all its digits, no exponent, no trailing zeros."""
    return f"{value.normalize():zf}"


def date_text(day: date) -> str:
    """A day in format 102 of UNTDID 2379: YYYYMMDD."""
    return day.isoformat().replace("-", "")
