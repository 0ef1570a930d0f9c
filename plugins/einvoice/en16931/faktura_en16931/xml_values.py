"""How numbers and days stand in an XML invoice of anybody: exact, or refused."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from faktura.kernel.errors import AmountUnreadable, DateUnreadable, shortened

# The decimal of XML Schema: no exponent, no blanks, no thousands. More digits mean nothing good.
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})", re.ASCII)
_ISO: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_102: Final = re.compile(r"[0-9]{8}", re.ASCII)


def decimal_from(text: str) -> Decimal:
    """The decimal with all its digits; raises AmountUnreadable."""
    if not _DECIMAL.fullmatch(text):
        problem = f"“{shortened(text)}” is not a decimal number"
        raise AmountUnreadable(problem, mend="Write digits with a point, e.g. 1234.56")
    return Decimal(text)


def day_from(text: str, form: str | None) -> date:
    """A day as format 102 of UNTDID 2379 (YYYYMMDD), or without `form` as XML Schema writes it.

    A time zone is allowed there and moves no day. Raises DateUnreadable.
    """
    if form is None:
        found = _ISO.fullmatch(text)
        iso = found[1] if found else ""
    else:
        iso = text if form == "102" and _102.fullmatch(text) else ""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        wanted = "YYYY-MM-DD" if form is None else "YYYYMMDD with format 102"
        problem = f"“{shortened(text)}” is not a date"
        raise DateUnreadable(problem, mend=f"Write it as {wanted}") from None
