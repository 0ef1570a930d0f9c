"""Free text in Windows-1252: what the character set lacks is transliterated, never dropped."""

import unicodedata

ENCODING = "cp1252"
"""DATEV's standard; its checking program reads no Unicode."""

_ELLIPSIS = "…"
_UNKNOWN = "?"

# Letters and signs that do not decompose into a base letter with a mark.
_SPELT = {
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k", "Ŋ": "N",
    "ŋ": "n", "Ŧ": "T", "ŧ": "t", "ẞ": "SS", "ə": "e", "Ə": "E", "‐": "-", "‑": "-", "‒": "-",
    "―": "-", "−": "-", "′": "'", "″": '"', "⁄": "/", "→": "->", "←": "<-", "≤": "<=", "≥": ">=",
}  # fmt: skip


def as_cp1252(text: str) -> str:
    """`text` in the characters of Windows-1252, on one line.

    Marks the set lacks are taken off (`ő` to `o`), a few letters are spelt (`ł` to `l`), anything
    else becomes a question mark.
    """
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if line.isprintable() and _encodable(line):
        return line
    return "".join(_character(character) for character in line)


def shortened_to(text: str, length: int) -> str:
    """`text` if it fits into `length` characters, else its beginning and an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + _ELLIPSIS


def _character(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf"):
        return _UNKNOWN
    if _encodable(character):
        return character
    if spelt := _SPELT.get(character):
        return spelt
    base = "".join(
        part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)
    )
    return base if base and _encodable(base) else _UNKNOWN


def _encodable(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True
