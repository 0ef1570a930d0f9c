"""Lists that name the first number whole and the others by their last digits: RE-2026-000334/288."""

import re

from faktura.domain.matches import Reading
from faktura.domain.number_keys import NumberKeys, NumberParts
from faktura.domain.sightings import Sighting
from faktura.domain.text_views import TextView

_TAIL = re.compile(
    r"\s*([/,;+&]|\s(?:und|u\.|and)\s)\s*(\d{1,6})(?![\d.-])", re.ASCII | re.IGNORECASE
)
_COMMAS = frozenset(",;")
# One or two digits before a word count something: “und 1 weitere”.
_COUNTS = re.compile(r"\s*(?!(?:und|u\.|and|vom|v\.)(?:\s|$))[^\W\d_]", re.IGNORECASE)
_FEWEST = 3
# No number has more characters.
_LONGEST = 40
_RANGE = re.compile(r"\s*(bis|to)\s+\S*\d|\s*[-–—]\s*(\d{2,6})(?![\d.,])", re.ASCII | re.IGNORECASE)
# Behind a slash fewer digits are a part of something (1/2), more a customer, and 2026 is a year.
_UNKNOWN_TAIL = re.compile(r"(?!(?:19|20)\d{2})\d{3,4}", re.ASCII)


def see_tails(keys: NumberKeys, sight: Sighting) -> None:
    """Lists that name the first number whole and the others by their last digits."""
    view = sight.view
    places = view.tight.places
    first_at: dict[int, str] = {}
    for position in range(1, len(places) + 1):
        if sight.taken[position - 1] and (position == len(places) or not sight.taken[position]):
            first_at[position] = _key_before(keys, sight, position)
    for end, key in first_at.items():
        _see_range(keys, sight, key, places[end - 1] + 1)
        match = _TAIL.match(view.tight.text, places[end - 1] + 1) if key else None
        while match is not None and _see_tail(keys, sight, key, match):
            match = _TAIL.match(view.tight.text, match.end())


def _see_range(keys: NumberKeys, sight: Sighting, key: str, place: int) -> None:
    """RE-2026-000123 bis 125 names those between as well: a person decides."""
    view = sight.view
    match = _RANGE.match(view.tight.text, place) if key else None
    if match is None or any(low < match.end() and place < high for low, high in view.noise):
        return
    tail = match.group(2) or ""
    last = key[: len(key) - len(tail)] + tail
    if not tail or (last > key and last in keys.written):
        sight.denied.update(keys.written[key])


def _key_before(keys: NumberKeys, sight: Sighting, end: int) -> str:
    chars, start = sight.view.tight.chars, end
    while start and sight.taken[start - 1] and end - start < _LONGEST:
        start -= 1
        if chars[start:end] in keys.written and (not start or not sight.taken[start - 1]):
            return chars[start:end]
    widths = keys.widths.get(chars[start], ())
    return next((chars[end - w : end] for w in widths if chars[end - w : end] in keys.written), "")


def _counter_width(number: str) -> int:
    """How many digits the counter has without its zeros."""
    parts = NumberParts.of(number)
    return len(parts.digits[parts.year_split :].lstrip("0")) if parts is not None else _FEWEST


def _is_noise(view: TextView, match: re.Match[str]) -> bool:
    first, last = match.span(2)
    return any(low < last and first < high for low, high in (*view.noise, *view.hidden))


def _see_tail(keys: NumberKeys, sight: Sighting, key: str, match: re.Match[str]) -> bool:
    view, tail = sight.view, match.group(2)
    if not key[-len(tail) :].isdigit():
        return False
    if len(tail) < _FEWEST and _COUNTS.match(view.tight.text, match.end()):
        return False
    numbers = keys.written.get(key[: -len(tail)] + tail, ())
    if _is_noise(view, match) or not numbers:
        if match.group(1) == "/" and _UNKNOWN_TAIL.fullmatch(tail):
            sight.unknown.append(tail)
        return False
    start = view.tight.places.index(match.start(2))
    end = start + len(tail)
    clear = match.group(1).strip() not in _COMMAS
    hits = [view.hit(number, start, end, Reading.SHORTENED) for number in numbers]
    if len(tail) < min(_FEWEST, _counter_width(numbers[0])):
        # Fewer digits than the counter has: “/5” may be RE-2026-000125, or part 5.
        sight.weak += hits
        if clear:
            sight.told.append(frozenset(numbers))
    else:
        (sight.named if clear else sight.listed).extend(hits)
    sight.take(start, end)
    return True
