"""Texts without what people add to numbers: case, blanks, separators, umlauts (P39)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# A number with fewer digits, such as A-1, must stand as it is written: “Haus A 1” is not A-1.
_FEWEST_DIGITS = 4
# Banks cut the remittance text into lines of these widths; a full line goes on in the next.
_WRAP_WIDTHS = frozenset({27, 35, 140})
_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS"})


# Signs that take no room: soft hyphens, zero-width blanks, marks of direction, accents apart.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})


def _is_unseen(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char) in _UNSEEN


def is_weak(key: str) -> bool:
    """Whether a number says too little to be put together from what lies apart in the text."""
    return key.isdigit() or sum(char.isdigit() for char in key) < _FEWEST_DIGITS


@dataclass(frozen=True, slots=True)
class Tight:
    """The tight form of a text, with the place in the text that each character comes from."""

    text: str
    chars: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Tight":
        chars: list[str] = []
        places: list[int] = []
        for place, char in enumerate(text):
            # Most characters are plain: they need no folding, which is three times as fast.
            if char.isascii():
                if char.isalnum():
                    chars.append(char.upper())
                    places.append(place)
                continue
            folded = unicodedata.normalize("NFKC", char).upper().translate(_UMLAUTS)
            for plain in folded:
                if plain.isascii() and plain.isalnum():
                    chars.append(plain)
                    places.append(place)
        return cls(text, "".join(chars), tuple(places))

    def written(self, start: int, end: int) -> str:
        """How these characters are written in the text, in upper case."""
        return self.text[self.places[start] : self.places[end - 1] + 1].upper()

    def between(self, left: int) -> str:
        """What lies in the text between this character and the next."""
        return self.text[self.places[left] + 1 : self.places[left + 1]]

    def touch(self, left: int) -> bool:
        """Whether nothing that is seen lies between this character and the next."""
        return self.places[left + 1] - self.places[left] <= 1 or all(
            _is_unseen(char) for char in self.between(left)
        )

    def is_strange_before(self, start: int) -> bool:
        """Whether a letter or digit that is none of ours touches this character, as in ЯRE-1."""
        place = self.places[start] - 1
        while place >= 0 and _is_unseen(self.text[place]):
            place -= 1
        is_ours = start > 0 and self.places[start - 1] == place
        return place >= 0 and self.text[place].isalnum() and not is_ours

    def is_strange_after(self, end: int) -> bool:
        """Whether a letter or digit that is none of ours touches the character before `end`."""
        place = self.places[end - 1] + 1
        while place < len(self.text) and _is_unseen(self.text[place]):
            place += 1
        is_ours = end < len(self.places) and self.places[end] == place
        return place < len(self.text) and self.text[place].isalnum() and not is_ours


def tight(text: str) -> str:
    """Upper case A-Z and 0-9 of a text, umlauts written out, all else dropped."""
    return Tight.of(text).chars


def is_full_line(line: str) -> bool:
    """Whether a line has a width at which banks cut."""
    return len(line) in _WRAP_WIDTHS


def joined_remittance(lines: Iterable[str]) -> str:
    """The lines as one text: a line of full bank width goes on without a gap, others end."""
    parts: list[str] = []
    for line in lines:
        parts.append(line)
        parts.append("" if is_full_line(line) else "\n")
    return "".join(parts).rstrip("\n")
