"""Texts of customers as the page takes them: without control characters, able to break anywhere."""

import re
import unicodedata

from faktura_en16931.text import cleaned, is_blank

BREAK = "\N{ZERO WIDTH SPACE}"
"""Where the layout may break a line inside a word; it is not part of the printed text."""

# Controls, and the marks that turn the reading direction: they could show an amount backwards.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")


def shown(text: str | None, width: int = 0) -> str:
    """`text` for the page; words of more than `width` signs may be broken anywhere (0: none).

    Line feeds stay, other control characters become blanks; blanks at the ends are dropped.
    """
    if text is None or is_blank(text):
        return ""
    text = _CONTROLS.sub(" ", cleaned(text)).strip()
    if not width or len(text) <= width:
        return text
    return re.sub(rf"\S{{{width + 1},}}", _breakable, text)


def _breakable(found: re.Match[str]) -> str:
    """The word with a place to break before each sign, never between a letter and its accent."""
    word = found[0]
    return word[0] + "".join(sign if _clings(sign) else BREAK + sign for sign in word[1:])


def _clings(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cf", "Sk"}
