"""Texts in the characters that SEPA carries: letters are spelt, nothing is dropped or guessed.

The set is that of the DK's Anlage 3: `A-Z a-z 0-9 + ? / - : ( ) . , '` and the blank.
"""

import re
import unicodedata
from typing import Final

_FOREIGN: Final = re.compile(r"[^A-Za-z0-9+?/\-:().,' ]", re.ASCII)

# German letters by two; what does not decompose into a base letter; signs with a plain twin.
_SPELT: Final = {
    "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "SS",
    "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe", "Ø": "Oe", "ø": "oe", "Ł": "L", "ł": "l",
    "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th", "Ħ": "H", "ħ": "h", "ı": "i",
    "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "&": "+", "€": "EUR", ";": ",", "_": "-",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "⁄": "/", "|": "/", "\\": "/",
    "[": "(", "{": "(", "]": ")", "}": ")", "’": "'", "‘": "'", "‚": "'", "‛": "'", "′": "'",
    "´": "'", "`": "'", '"': "'", "„": "'", "“": "'", "”": "'", "″": "'", "«": "'", "»": "'",
    "‹": "'", "›": "'", "·": ".", "•": ".",
}  # fmt: skip
_TABLE: Final = str.maketrans(_SPELT)


def as_latin(text: str) -> str:
    """`text` in SEPA's characters, on one line, as far as they can be spelt in them.

    What cannot (`@`, other alphabets) is left as it is: `foreign_signs` finds it.
    """
    line = " ".join(text.split())
    if not _FOREIGN.search(line):
        return line
    # A letter and its mark may come apart: `u` and two dots are `ü`, which is `ue`.
    spelt = unicodedata.normalize("NFC", line).translate(_TABLE)
    if _FOREIGN.search(spelt):
        spelt = "".join(_decomposed(sign) for sign in spelt)
    return " ".join(spelt.split())


def foreign_signs(text: str) -> str:
    """The characters of `text` that SEPA does not carry, each once, in their order."""
    return "".join(dict.fromkeys(_FOREIGN.findall(text)))


def _decomposed(sign: str) -> str:
    parts = unicodedata.normalize("NFKD", sign).translate(_TABLE)
    # Marks, and signs that show nothing, such as a soft hyphen.
    return "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Cf"))
