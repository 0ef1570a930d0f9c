"""Texts that people and machines put into names and descriptions, and what may become of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType


@unique
class Fate(StrEnum):
    """What a connector does with a text.

    WRITTEN: it stands there as it is, whatever it looks like. EITHER: it stands there as it is, or
    it is refused by name. REFUSED: nobody can read it, so it never gets that far.
    """

    WRITTEN = "WRITTEN"
    EITHER = "EITHER"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A text, and what may become of it."""

    text: str
    fate: Fate


def _written(text: str) -> Hostile:
    return Hostile(text, Fate.WRITTEN)


def _either(text: str) -> Hostile:
    return Hostile(text, Fate.EITHER)


HOSTILE_TEXTS: Mapping[str, Hostile] = MappingProxyType(
    {
        "markup": _written('<b title="x">A & B &amp; C</b> ]]> <!-- x --> <?x y?>'),
        "quotes": _written("\"O'Neill\" ''x'' \\\" \\' `y` «z»"),
        "formula": _written('=HYPERLINK("http://x.example";"Konto")'),
        "formula with plus": _written("+49 3641 55512"),
        "formula with minus": _written("-2+3"),
        "formula with at": _written("@SUM(A1:A9)"),
        "template": _written("{{ 7*7 }} {% x %} ${x} %s %(x)s {0} {x!r} #{x} <%= x %>"),
        "program": _written('#import "x.typ": y $x^2$ *a* _b_ \\u{41} // c'),
        "separators": _written("a;b,c|d:e=f~g^h"),
        "right to left": _written("שלום עולם"),
        "accents": _written("Müller & Söhne, Łódź, Győr, Čaj, Zoë – 5 €"),
        "two hundred signs": _written(("Grundgebühr und Zähler " * 9)[:199] + "."),
        "other scripts": _either("東京電力 👩‍👩‍👧 Παπαδοπούλου"),
        "line breaks": _either("a\nb\r\nc\rd"),
        "a line of its own": _either("x\nR-2026-00042\n119.00\n</a>\n---\nend"),
        "tabulators": _either("a\tb\vc\fd"),
        "control signs": _either("a\x00b\x1b[31mc\x7fd"),
        "reading direction": _either("a\u202ebc\u202cd\u2066e\u2069"),
        "nothing seen": _either("a\u200b\ufeff\u00adb"),
        "no character": _either("a\ufffe\uffffb"),
        "blanks around": _either("  a  "),
        "very long": _either("Wort " * 20_000 + "."),
        "half a character": Hostile("a\ud800b", Fate.REFUSED),
    }
)
"""By name; `WRITTEN` ones are what customers are called, and refusing them would stop an invoice."""
