"""Strict amounts, signs, rates and flags: a doubt is an error, never another number."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from faktura.kernel.errors import (
    AmountUnreadable,
    FieldInvalid,
    FieldMissing,
    UnknownTerm,
    shortened,
)

# ISO 20022 allows 18 digits and 5 decimals; ASCII digits only, no sign, no separators.
_AMOUNT = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,5})?").fullmatch
_RATE = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,10})?").fullmatch
_CURRENCY = re.compile(r"[A-Z]{3}").fullmatch
_SIGNS = {"CRDT": 1, "DBIT": -1}
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class Amount(NamedTuple):
    """An amount with the decimals of its source."""

    value: Decimal
    currency: str


# A detail mostly repeats the amount of its entry.
@lru_cache(maxsize=64)
def amount_from_text(text: str, currency: str) -> Amount:
    """The unsigned amount of a text such as `1234.56` and a currency such as `EUR`."""
    if not _AMOUNT(text):
        raise AmountUnreadable(
            f"“{shortened(text)}” is not an amount",
            place="Amt",
            mend="Ask the bank for a correct file; amounts look like 1234.56",
        )
    if not _CURRENCY(currency):
        raise AmountUnreadable(
            f"“{shortened(currency)}” is not a currency", place="Amt/@Ccy", mend="Expected is EUR"
        )
    return Amount(Decimal(text), currency)


def sign_from_text(text: str | None) -> int:
    """1 for CRDT, -1 for DBIT, exactly; the reversal flag never turns it round again (2.2)."""
    if text is None:
        raise FieldMissing("CdtDbtInd is missing", place="CdtDbtInd")
    sign = _SIGNS.get(text)
    if sign is None:
        raise UnknownTerm(f"“{shortened(text)}” is neither CRDT nor DBIT", place="CdtDbtInd")
    return sign


def rate_from_text(text: str) -> Decimal:
    """An exchange rate."""
    if not _RATE(text):
        raise AmountUnreadable(f"“{shortened(text)}” is not a rate", place="XchgRate")
    return Decimal(text)


def flag_from_text(text: str | None, *, default: bool, place: str) -> bool:
    """An XML boolean; `default` where it is absent."""
    if text is None:
        return default
    flag = _FLAGS.get(text.strip())
    if flag is None:
        raise FieldInvalid(f"“{shortened(text)}” is neither true nor false", place=place)
    return flag
