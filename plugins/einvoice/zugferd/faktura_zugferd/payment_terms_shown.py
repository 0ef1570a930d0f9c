"""Payment terms (BT-20) for people: the lines a program reads as Skonto become sentences."""

import re
from typing import Final

from faktura.kernel.decimals import decimal_from_text
from faktura_zugferd.amounts_shown import Shown
from faktura_zugferd.words import Words

# BR-DE-18; numbers that nobody means are left as they are.
_SKONTO: Final = re.compile(
    r"#SKONTO#TAGE=0*([0-9]{1,4})#PROZENT=0*([0-9]{1,3}\.[0-9]{2})"
    r"(?:#BASISBETRAG=(-?[0-9]{1,12}\.[0-9]{2}))?#",
    re.ASCII,
)
_BLANKS: Final = " \t\r"


def terms_shown(terms: str | None, amounts: Shown, words: Words) -> str:
    """The terms line by line, each Skonto line in words; empty where there are none."""
    return "\n".join(_line(line, amounts, words) for line in (terms or "").split("\n"))


def _line(line: str, amounts: Shown, words: Words) -> str:
    found = _SKONTO.fullmatch(line.strip(_BLANKS))
    if not found:
        return line
    count, percent, base = found.groups()
    days = words.say("pay.skonto.day" if count == "1" else "pay.skonto.days", count=count)
    rate = amounts.hundredths(decimal_from_text(percent))
    if base is None:
        return words.say("pay.skonto", percent=rate, days=days)
    amount = amounts.money(decimal_from_text(base))
    return words.say("pay.skonto.base", percent=rate, days=days, amount=amount)
