"""What a column of a DATEV file may hold; lengths in characters."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class Kind(Enum):
    """What a column may hold: a pattern (N = its length, M = its decimals), and whether quoted."""

    TEXT = (r"[^\x00-\x1f\x7f]{1,N}", True)
    WORD = (r"\w{1,N}", True)
    COST = (r"[\w ]{1,N}", True)
    # Older ids of Ireland have a plus or an asterisk.
    VAT_ID = (r"[\w+*]{1,N}", True)
    # No blank, umlaut, dot, comma, semicolon or colon: the key of open-item clearing.
    DOCUMENT = (r"[A-Za-z0-9_$&%*+\-/]{1,N}", True)
    SIDE = (r"[SH]", True)
    CURRENCY = (r"[A-Z]{3}", True)
    TAX_KEY = (r"[0-9]{1,N}", True)
    TAXATION = (r"[IKPS]", True)
    REVERSAL = (r"[01G]", True)
    AMOUNT = (r"[0-9]{1,N},[0-9]{M}", False)
    DECIMAL = (r"[0-9]{1,N}(,[0-9]{1,M})?", False)
    NUMBER = (r"[0-9]{1,N}", False)
    FLAG = (r"[01]", False)
    ACCOUNT = (r"[1-9][0-9]{0,8}", False)
    DAY = (r"[0-9]{4}", False)
    DATE = (r"[0-9]{8}", False)
    # 0 no statement, 1 a person, 2 a company.
    ADDRESSEE = (r"[012]", True)
    ADDRESS = (r"STR|PF|GK", True)
    COUNTRY = (r"[A-Z]{2}", True)
    IBAN = (r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", True)
    SWIFT = (r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", True)
    MARK = (r"[01]", True)
    NOTHING = (r"(?!)", True)


@dataclass(frozen=True)
class Column:
    """One column: heading exactly as in line 2, kind, length, decimals where it has some."""

    name: str
    kind: Kind
    length: int
    decimals: int = 2

    @cached_property
    def quoted(self) -> bool:
        """Text stands in quotes even when empty, numbers never do."""
        _, quoted = self.kind.value
        return quoted

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a filled field must match as a whole, without its quotes."""
        template, _ = self.kind.value
        return re.compile(template.replace("N", str(self.length)).replace("M", str(self.decimals)))
