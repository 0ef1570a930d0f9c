"""Creditor references (ISO 11649): check digits that must be right, then one of our numbers."""

import re

from faktura.domain.matches import Reading
from faktura.domain.number_keys import NumberKeys
from faktura.domain.sightings import Sighting
from faktura.domain.text_views import TextView, leaves_one

_REFERENCE = re.compile(r"RF[0-9]{2}", re.ASCII)
_LONGEST = 25
_LONGEST_BODY = 21


def see_references(keys: NumberKeys, sight: Sighting) -> None:
    """Creditor references with true check digits (ISO 11649); a number behind false ones is weak."""
    view = sight.view
    chars = view.tight.chars
    for match in _REFERENCE.finditer(chars):
        start = match.start()
        if start and view.tight.touch(start - 1) and chars[start - 1].isalpha():
            continue
        for is_true in (True, False):
            end = _reference_end(keys, view, start, is_true=is_true)
            if end and sight.is_free(start, end):
                _see(keys, sight, (start, end), is_true=is_true)
                break


def _see(keys: NumberKeys, sight: Sighting, at: tuple[int, int], *, is_true: bool) -> None:
    start, end = at
    body = sight.view.tight.chars[start + 4 : end]
    reading = Reading.REFERENCE if is_true else Reading.SHORTENED
    first = end - len(body.lstrip("0"))
    hits = [sight.view.hit(number, first, end, reading) for number in _referred(keys, body)]
    (sight.strong if is_true else sight.weak).extend(hits)
    sight.take(start, end)


def _reference_end(keys: NumberKeys, view: TextView, start: int, *, is_true: bool) -> int:
    chars = view.tight.chars
    for end in range(min(len(chars), start + _LONGEST), start + 4, -1):
        ends = end == len(chars) or not view.tight.touch(end - 1)
        checks = ends and leaves_one(chars[start:end]) is is_true
        if checks and _referred(keys, chars[start + 4 : end]):
            return end
    return 0


def _referred(keys: NumberKeys, body: str) -> tuple[str, ...]:
    """The numbers a reference holds: whole, or with the zeros at its head or its counter's left out."""
    bare = body.lstrip("0")
    for key in (
        body,
        bare,
        *(bare.zfill(width) for width in range(len(bare) + 1, _LONGEST_BODY + 1)),
    ):
        found = keys.as_written(key) or tuple(
            number for number in keys.digits.get(key, ()) if number[0].isdigit()
        )
        if found:
            return found
    for width in keys.head_widths.get(bare[:1], ()):
        padded = keys.padded(bare[:width], bare[width:]) if bare[width:].isdigit() else ()
        if len(padded) == 1:
            return keys.written[padded[0]]
    return ()
