"""Text of people on one line, without signs that nobody sees; what is changed is noted."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_UNKNOWN = "?"


def one_line(text: str) -> str:
    """`text` with each run of blanks and line breaks as one blank, control signs as `?`."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join(_UNKNOWN if unicodedata.category(sign) in _UNSEEN else sign for sign in line)


def as_cp1252(text: str) -> str:
    """`text` in the signs of Windows-1252: marks it lacks come off, anything else becomes `?`."""
    composed = unicodedata.normalize("NFC", text)
    return composed if _encodable(composed) else "".join(map(_sign, composed))


def _sign(sign: str) -> str:
    if _encodable(sign):
        return sign
    base = unicodedata.normalize("NFKD", sign)
    bare = "".join(part for part in base if not unicodedata.combining(part))
    return bare if bare and _encodable(bare) else _UNKNOWN


def _encodable(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


class Notes:
    """What had to be written otherwise than it was booked, for a person to see."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def written(self, place: str, meant: str, written: str) -> str:
        """`written`, noted where it is not what was meant."""
        if written != meant:
            self._found.append(f"{place}: “{meant}” is written as “{written}”")
        return written

    def add(self, note: str) -> None:
        """Keep a sentence."""
        self._found.append(note)

    def all(self) -> tuple[str, ...]:
        """The sentences in the order in which they came."""
        return tuple(self._found)
