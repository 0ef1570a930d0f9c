"""Document numbers by all forms in which payers write them, each a look-up (P39).

RE-2026-000123 is its letters RE, its year and its counter: a text may have all of it, its digits, its
counter alone, its beginning, or letters for digits.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from faktura.domain.tight_text import is_weak, tight

_PARTS = re.compile(r"([^0-9]*)([0-9]+(?:[^A-Za-z0-9]+[0-9]+)*)[^A-Za-z0-9]*", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
# A year at the head of one run of digits is a part of its own: 2026000123.
_YEAR_AHEAD = re.compile(r"((?:19|20)\d{2})(\d{4,})", re.ASCII)
_SHORTEST_TAIL = 3
_SHORTEST_CONFUSED = 6
_SHORTEST_PLAIN_CONFUSED = 8
# Letters that are taken for digits when somebody copies a number by hand.
_CONFUSED = str.maketrans("OILSB", "01158")

Numbers = tuple[str, ...]


def unconfused(chars: str) -> str:
    """Tight characters with the digits that O, I, L, S and B may stand for."""
    return chars.translate(_CONFUSED)


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A number that is letters and then digits: `splits` are the places between its runs of digits."""

    letters: str
    digits: str
    splits: tuple[int, ...]
    written: str

    @classmethod
    def of(cls, number: str) -> "NumberParts | None":
        """None for a number with letters among its digits: it only counts as a whole."""
        match = _PARTS.fullmatch(number)
        if match is None:
            return None
        runs = _DIGITS.findall(match.group(2))
        splits = [sum(map(len, runs[:k])) for k in range(1, len(runs))]
        return cls(tight(match.group(1)), "".join(runs), tuple(splits), match.group(2))

    @property
    def year_split(self) -> int:
        """Where the counter begins: after the last separator, or after a year; 0 when all is counter."""
        if self.splits:
            return self.splits[-1]
        return 4 if _YEAR_AHEAD.fullmatch(self.digits) else 0


@dataclass(slots=True)
class NumberKeys:
    """Tables from tight forms to numbers; `parts` of a number are worked out when they are asked for.

    `written` are numbers with letters, whole; `digits` the digits of all; `tails` counters without
    their zeros; `heads` what stands before a counter, with the counter's widths; `confused` whole
    numbers with digits for all letters that look alike; `whole` numbers that are known in no other form.
    """

    written: dict[str, Numbers] = field(default_factory=dict)
    digits: dict[str, Numbers] = field(default_factory=dict)
    tails: dict[str, Numbers] = field(default_factory=dict)
    confused: dict[str, Numbers] = field(default_factory=dict)
    heads: dict[str, frozenset[int]] = field(default_factory=dict)
    widths: dict[str, list[int]] = field(default_factory=dict)
    head_widths: dict[str, list[int]] = field(default_factory=dict)
    confused_widths: list[int] = field(default_factory=list)
    whole: dict[str, Numbers] = field(default_factory=dict)
    ordered: list[str] = field(default_factory=list)
    is_sorted: bool = True

    def add(self, number: str) -> None:
        """Make a number known in all its forms; once."""
        key = tight(number)
        parts = NumberParts.of(number)
        if parts is None or parts.letters:
            if not _put(self.written, key, number):
                return
            _widen(self.widths.setdefault(key[0], []), len(key))
            self.ordered.append(key)
            self.is_sorted = False
        if parts is not None:
            if not _put(self.digits, parts.digits, number):
                return
            self._add_parts(number, parts)
        self._add_confused(number, key)

    def add_whole(self, number: str) -> None:
        """Make a number known as it is written in full, and in no other form."""
        key = tight(number)
        if key.isdigit():
            _put(self.digits, key, number)
        elif number not in self.written.get(key, ()) and _put(self.whole, key, number):
            _widen(self.widths.setdefault(key[0], []), len(key))

    def as_written(self, key: str) -> Numbers:
        """Numbers with letters of this tight form, those known only as they are written included."""
        known, whole = self.written.get(key, ()), self.whole.get(key, ())
        return tuple(dict.fromkeys(known + whole)) if whole else known

    def begin_with(self, stem: str, most: int) -> Iterator[str]:
        """Numbers whose tight form begins with `stem`; at most so many keys are looked at."""
        if not self.is_sorted:
            self.ordered.sort()
            self.is_sorted = True
        first = bisect_left(self.ordered, stem)
        for key in self.ordered[first : first + most]:
            if not key.startswith(stem):
                return
            yield from self.written[key]

    def padded(self, head: str, counter: str) -> tuple[str, ...]:
        """Keys of the counter behind this head, with the zeros that were left out."""
        widths = sorted(self.heads.get(head, ()))
        keys = (head + counter.zfill(width) for width in widths if width > len(counter))
        return tuple(key for key in keys if key in self.written)

    def _add_parts(self, number: str, parts: NumberParts) -> None:
        split = parts.year_split
        counter = parts.digits[split:].lstrip("0")
        if len(counter) >= _SHORTEST_TAIL and (split or parts.letters):
            _put(self.tails, counter, number)
        if not parts.letters:
            return
        head = parts.letters + parts.digits[:split]
        width = len(parts.digits) - split
        known = self.heads.get(head, frozenset())
        if width not in known:
            self.heads[head] = known | {width}
            _widen(self.head_widths.setdefault(head[0], []), len(head))

    def _add_confused(self, number: str, key: str) -> None:
        count = sum(char.isdigit() for char in key)
        least = _SHORTEST_PLAIN_CONFUSED if is_weak(key) else _SHORTEST_CONFUSED
        if count >= least:
            _put(self.confused, unconfused(key), number)
            _widen(self.confused_widths, len(key))


def _put(table: dict[str, Numbers], key: str, number: str) -> bool:
    known = table.get(key, ())
    if number in known:
        return False
    table[key] = (*known, number)
    return True


def _widen(widths: list[int], width: int) -> None:
    if width not in widths:
        widths.append(width)
        widths.sort(reverse=True)
