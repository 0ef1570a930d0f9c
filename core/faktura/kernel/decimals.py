"""Exact decimals for unit prices and quantities: up to six places, or refused (F051, P11)."""

import re
from decimal import Decimal

from faktura.kernel.errors import AmountUnreadable, OutOfRange, TooPrecise, shortened

PLACES = 6
SCALE = 10**PLACES
# The scaled value must fit a signed 64-bit column with room for sums.
LIMIT = Decimal(10) ** 12
_STEP = Decimal(1).scaleb(-PLACES)
ONE = Decimal(1)

_PLAIN = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)


def decimal_from_text(text: str, *, field: str = "") -> Decimal:
    """Read a plain decimal such as `12.5` or `-3`; no exponent, no separators, no blanks.

    Raises AmountUnreadable for anything else, TooPrecise and OutOfRange as `exact` does.
    """
    if not _PLAIN.fullmatch(text):
        raise AmountUnreadable(
            f"“{shortened(text)}” is not a decimal number",
            place=field,
            mend="Write digits with a point, e.g. 1234.56",
        )
    return exact(Decimal(text), field=field)


def exact(value: Decimal, *, field: str = "") -> Decimal:
    """`value` unchanged if it is finite, below 10**12 and has at most six decimal places."""
    if not value.is_finite():
        raise AmountUnreadable(f"“{value}” is not a finite number", place=field)
    size = value.copy_abs()  # abs() would round to the context: an overflow for 1E+9999999
    if size >= LIMIT:
        raise OutOfRange(f"{shortened(value)} is too large", place=field, mend="Stay below 10^12")
    # The remainder is exact for any number of digits; scaleb would round to the context's 28. Of
    # 1E-9999999 it is nothing: that is smaller than what a context can hold.
    if value % _STEP or 0 < size < _STEP:
        raise TooPrecise(
            f"{shortened(value)} has more than {PLACES} decimal places",
            place=field,
            mend="Round it on purpose before handing it over",
        )
    return value


def scaled(value: Decimal, *, field: str = "") -> int:
    """The integer that stores `value`: value x 10**6, exactly or refused."""
    return int(exact(value, field=field).scaleb(PLACES))


def unscaled(stored: int) -> Decimal:
    """The decimal behind a stored integer, without trailing zeros."""
    whole, rest = divmod(stored, SCALE)
    if not rest:
        return Decimal(whole)
    return Decimal(stored).scaleb(-PLACES).normalize()
