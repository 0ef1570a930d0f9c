"""Numbers of documents and master data: prefix + counter (F062, P20-P22)."""

import re
from dataclasses import dataclass

from faktura.kernel.errors import FieldInvalid, shortened

# They stand in URLs, remittance texts and DATEV.
_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,36}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a range writes its numbers: the prefix directly before the zero-padded counter."""

    prefix: str
    width: int

    def __post_init__(self) -> None:
        """Refuse a prefix that could not stand in a number, and a width that is none."""
        if self.width < 0:
            raise FieldInvalid(f"a width is not negative: {self.width}", place="numberRange.width")
        checked_number(self.write(1), field="numberRange.prefix")

    def write(self, counter: int) -> str:
        """The number of that counter; a counter beyond the width simply grows longer."""
        return f"{self.prefix}{counter:0{self.width}d}"


def could_meet(one: NumberFormat, other: NumberFormat) -> bool:
    """Whether both could write the same number: equal prefixes, or one goes on in digits (P22)."""
    short, long = sorted((one.prefix, other.prefix), key=len)
    rest = long.removeprefix(short)
    return long.startswith(short) and (not rest or rest.isdigit())


def checked_number(text: str, *, field: str) -> str:
    """The number if it is 1-36 of letters, digits, point, underscore and hyphen."""
    if not _NUMBER.fullmatch(text):
        raise FieldInvalid(
            f"“{shortened(text)}” cannot be a number",
            place=field,
            mend="Use 1 to 36 of A-Z a-z 0-9 . _ -",
        )
    return text
