"""Field 86 as German banks fill it: the GVC, then ?00 to ?63, and SEPA's words in the purpose."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

_GERMAN = re.compile(r"(?P<gvc>[0-9]{3})(?P<mark>[^A-Za-z0-9\s])(?=[0-9]{2})", re.ASCII)
# The purpose has ten fields and four more. A field of full width goes on in the next one.
_FIELD = 27
_PURPOSE = frozenset({*(f"{n:02}" for n in range(20, 30)), "60", "61", "62", "63"})
_NAME = ("32", "33")
_SEPA = re.compile(
    r"(?P<word>EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|IBAN|BIC)\+[ ]?", re.ASCII
)


class Details(NamedTuple):
    """What field 86 says; empty where it does not."""

    gvc: str = ""
    booking_text: str = ""
    primanota: str = ""
    remittance: tuple[str, ...] = ()
    bank: str = ""
    account: str = ""
    name: str = ""
    sepa: Mapping[str, str] = {}


def read_details(text: str) -> Details:
    """Field 86 of one booking; what has no German structure is the purpose, line by line.

    `text` has its lines as in the file: where one ends is nothing in the German form.
    """
    german = _GERMAN.match(text)
    if german is None:
        return Details(remittance=tuple(line for line in text.split("\n") if line))
    fields = dict(_fields(text.replace("\n", "")[german.end() - 1 :], german["mark"]))
    purpose = tuple(
        value for key, value in sorted(fields.items()) if key in _PURPOSE and value.strip()
    )
    return Details(
        gvc=german["gvc"],
        booking_text=fields.get("00", ""),
        primanota=fields.get("10", ""),
        remittance=_remittance(purpose),
        bank=fields.get("30", ""),
        account=fields.get("31", ""),
        name="".join(fields.get(key, "") for key in _NAME).strip(),
        sepa=_sepa("".join(purpose)),
    )


def _fields(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """The parts behind each mark that two digits follow; any other mark belongs to its text."""
    begins = [match.start() for match in re.finditer(re.escape(mark) + r"[0-9]{2}", text)]
    for start, end in pairwise([*begins, len(text)]):
        yield text[start + 1 : start + 3], text[start + 3 : end]


def _remittance(purpose: tuple[str, ...]) -> tuple[str, ...]:
    """What the payer wrote: the text of SVWZ+ where there is one, else all; lines as the bank has them."""
    text = "".join(line if len(line) == _FIELD else f"{line}\n" for line in purpose)
    found = list(_SEPA.finditer(text))
    for place, match in enumerate(found, start=1):
        if match["word"] == "SVWZ":
            text = text[match.end() : found[place].start() if place < len(found) else len(text)]
            break
    return tuple(line for line in text.split("\n") if line)


def _sepa(purpose: str) -> Mapping[str, str]:
    """The values of SEPA's words; the first of a word counts."""
    found = list(_SEPA.finditer(purpose))
    values: dict[str, str] = {}
    for place, match in enumerate(found, start=1):
        end = found[place].start() if place < len(found) else len(purpose)
        values.setdefault(match["word"], purpose[match.end() : end].strip())
    return values
