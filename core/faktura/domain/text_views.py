"""The parts of a movement's text as numbers are looked for in them (P39).

What is certainly no document number is known beforehand: account numbers, the fields of SEPA
texts (DK, Anlage 3) that hold other references, dates and amounts.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from faktura.domain.matches import Hit, Reading, TextPart
from faktura.domain.movements import Movement
from faktura.domain.tight_text import Tight, is_full_line

_TAG = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
# Fields of a bank's own or of the mandate: no document's number stands in them.
_OTHER_FIELDS = frozenset({"MREF", "CRED", "DEBT", "COAM", "OAMT", "IBAN", "BIC", "PURP"})
# Ids of machines: a number in them is a word of its own, or chance.
_ID_FIELDS = frozenset({"EREF", "KREF"})
_GERMAN_IBAN = re.compile(r"DE\d{2}(?: ?\d{4}){4} ?\d{2}(?!\d)", re.ASCII)
_IBAN = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)"
    r"(?![A-Z0-9])",
    re.ASCII,
)
_SHORTEST_IBAN = 15
_DATE = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:(?:19|20)?\d{2}(?!\d))?"
    r"|(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![-\d]))",
    re.ASCII,
)
_AMOUNT = re.compile(
    r"(?<![\d/-])\d{1,3}(?:\.\d{3})*,\d{2}(?!\d)|(?<![\d/-])\d+,\d{2}(?!\d)"
    r"|(?<![\d/-])\d+(?:\.\d{2})? ?(?:EUR|€)|(?:EUR|€) ?\d+(?:[.,]\d{2})?(?!\d)",
    re.ASCII,
)
_REFERENCE_LINE = 97

Ranges = tuple[tuple[int, int], ...]


def leaves_one(text: str) -> bool:
    """Whether letters and digits leave 1 by ISO 7064 mod 97-10, the first four put last."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % _REFERENCE_LINE == 1


@dataclass(frozen=True, slots=True)
class TextView:
    """One part of a text: tight, with full lines joined, and what in it is no number of ours.

    `joins` are the places at which a line end was left out. `hidden` is never read, `machine` are
    ids, and `noise` holds dates and amounts: digits alone mean nothing there. Ranges are half-open.
    """

    part: TextPart
    tight: Tight
    joins: tuple[int, ...]
    hidden: Ranges
    machine: Ranges
    noise: Ranges

    def hit(self, number: str, start: int, end: int, reading: Reading) -> Hit:
        """These tight characters as a hit of that number, with its span in the raw text."""
        first, last = self.tight.places[start], self.tight.places[end - 1]
        shift = bisect_right(self.joins, first), bisect_right(self.joins, last)
        return Hit(number, first + shift[0], last + shift[1] + 1, self.part, reading)

    def index_of(self, hit: Hit) -> int:
        """Where in the tight characters a hit begins."""
        places, joins = self.tight.places, self.joins
        return bisect_left(places, hit.start, key=lambda place: place + bisect_right(joins, place))

    def is_hidden(self, start: int, end: int) -> bool:
        """Whether some of these tight characters belong to something else."""
        return bool(self.hidden) and self._meets(self.hidden, start, end)

    def is_noise(self, start: int, end: int) -> bool:
        """Whether some of these tight characters belong to a date, an amount or something else."""
        return self._meets(self.noise, start, end) or self.is_hidden(start, end)

    def is_machine(self, start: int, end: int) -> bool:
        """Whether these tight characters stand in an id, in which words are not glued."""
        return self.part is TextPart.REFERENCE or self.is_id(start, end)

    def is_id(self, start: int, end: int) -> bool:
        """Whether some of these tight characters are the payer's own id for his transfer."""
        return self.part is TextPart.END_TO_END or self._meets(self.machine, start, end)

    def crosses_line(self, left: int) -> bool:
        """Whether only a line end that was left out lies between this character and the next."""
        return bool(self.joins) and self.tight.places[left + 1] in self.joins

    def _meets(self, ranges: Ranges, start: int, end: int) -> bool:
        first, last = self.tight.places[start], self.tight.places[end - 1]
        return any(low <= last and first < high for low, high in ranges)


def views_of(movement: Movement) -> tuple[TextView, ...]:
    """The payer's lines, the structured reference and the end-to-end id, as far as there are any."""
    others = (
        (TextPart.REFERENCE, movement.structured_reference),
        (TextPart.END_TO_END, movement.end_to_end_id),
    )
    views = [_plain(part, text) for part, text in others if text]
    if movement.remittance_lines:
        views.insert(0, remittance_view(movement.remittance_lines))
    return tuple(views)


def remittance_view(lines: Sequence[str]) -> TextView:
    """The payer's lines: one of full bank width goes on in the next without a gap."""
    text, joins = lines[0], []
    for before, line in pairwise(lines):
        if is_full_line(before):
            joins.append(len(text))
            text += line
        else:
            text = f"{text}\n{line}"
    upper = _upper(text)
    hidden = _ibans(upper)
    machine: list[tuple[int, int]] = []
    for name, start, end in _fields(upper):
        if name in _OTHER_FIELDS:
            hidden.append((start, end))
        elif name in _ID_FIELDS:
            machine.append((start, end))
    noise = (*_spans(_DATE, upper), *_spans(_AMOUNT, upper))
    return TextView(
        TextPart.REMITTANCE, Tight.of(text), tuple(joins), tuple(hidden), tuple(machine), noise
    )


def _plain(part: TextPart, text: str) -> TextView:
    return TextView(part, Tight.of(text), (), (), (), ())


def _upper(text: str) -> str:
    """Upper case of the same length: ß and its like would move all that follows."""
    upper = text.upper()
    return upper if len(upper) == len(text) else "".join(_one_upper(char) for char in text)


def _one_upper(char: str) -> str:
    upper = char.upper()
    return upper if len(upper) == 1 else char


def _spans(pattern: re.Pattern[str], text: str) -> Ranges:
    return tuple(match.span() for match in pattern.finditer(text))


def _ibans(text: str) -> list[tuple[int, int]]:
    found = list(_spans(_GERMAN_IBAN, text))
    for match in _IBAN.finditer(text):
        chars = match.group().replace(" ", "")
        if len(chars) >= _SHORTEST_IBAN and not chars.startswith("RF") and leaves_one(chars):
            found.append(match.span())
    return found


def _fields(text: str) -> list[tuple[str, int, int]]:
    tags = list(_TAG.finditer(text))
    ends = [*(tag.start() for tag in tags[1:]), len(text)]
    return [(tag.group(1), tag.end(), end) for tag, end in zip(tags, ends, strict=False)]
