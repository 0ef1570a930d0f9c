"""Replaces what no typeface of the page can show: PDF/A forbids a missing glyph (6.2.11.8).

Only the page is concerned: the XML keeps every character. Nothing is refused here, since a
customer's name must never stop a run.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import distribution
from importlib.resources import files

REPLACEMENT = "\N{WHITE SQUARE}"
"""Stands for what cannot be shown; the page's own typeface has it."""

_FONT = "fontpkg-source-sans-3"
# Break hints, and a line end: they show nothing and are never looked for in a typeface.
_KEPT = frozenset("\n\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Latin 1, breaks and the dashes of amounts and periods: all that nearly every text is made of.
_PLAIN = re.compile("[\n -~\xa0-\xff\u200b\u2013\u2212]*")
_MARKS = frozenset({"Mn", "Mc", "Me"})
# Controls, formats (joiners, writing directions), surrogates: no sign of their own.
_SILENT = frozenset({"Cc", "Cf", "Cs"})


def printable(value: object) -> object:
    """`value`, a JSON value, with all its texts as the page can show them; keys stay."""
    if isinstance(value, str):
        return printable_text(value)
    if isinstance(value, list | tuple):
        return [printable(part) for part in value]
    if isinstance(value, dict):
        return {key: printable(part) for key, part in value.items()}
    return value


def printable_text(text: str) -> str:
    """`text` in composed form (NFC); what no typeface has is a white square.

    A mark is left out where no typeface has it together with its sign. Controls, joiners and
    writing directions are left out, a tabulator is a blank, every line end a line feed.
    """
    if (text.isascii() and text.isprintable()) or _PLAIN.fullmatch(text):
        return text
    composed = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    return "".join(_shown(cluster) for cluster in _clusters(composed))


def _clusters(text: str) -> Iterator[str]:
    """Each sign with the marks behind it; they are set from one typeface or not at all."""
    cluster = ""
    for sign in text:
        category = unicodedata.category(sign)
        if category in _SILENT and sign not in _KEPT:
            continue
        if category in _MARKS:
            cluster += sign
            continue
        if cluster:
            yield cluster
        cluster = sign
    if cluster:
        yield cluster


def _shown(cluster: str) -> str:
    first = cluster[0]
    if first in _KEPT:
        return first
    if unicodedata.category(first) in _MARKS:
        return ""  # nothing stands before it that it could be set on
    if any(face.issuperset(cluster) for face in _faces()):
        return cluster
    return first if any(first in face for face in _faces()) else REPLACEMENT


@lru_cache(maxsize=1)
def _faces() -> tuple[frozenset[str], ...]:
    """The signs of each typeface: the page's own first, then those that typst falls back to."""
    lines = (files("faktura_zugferd") / "fallback_glyphs.txt").read_text("ascii").splitlines()
    fallbacks = [line.partition(": ")[2] for line in lines if not line.startswith("#")]
    return (_own_face(), *(frozenset(_signs(ranges)) for ranges in fallbacks))


def _own_face() -> frozenset[str]:
    from fontTools.ttLib import TTFont

    package = distribution(_FONT)
    faces = [file for file in package.files or () if file.suffix == ".ttf"]
    codes: list[set[int]] = []
    for file in faces:
        with TTFont(str(file.locate()), lazy=True) as face:
            codes.append(set(face.getBestCmap()))
    return frozenset(map(chr, set.intersection(*codes)))


def _signs(ranges: str) -> Iterator[str]:
    """The signs of `20-7e a0`: hexadecimal, both ends inclusive."""
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))
