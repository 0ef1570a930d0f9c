"""Numbers with letters in a text: whole, with zeros left out, cut, or mistyped (P39)."""

import re

from faktura.domain.matches import Reading
from faktura.domain.number_context import (
    has_foreign_prefix,
    is_invoice_word,
    is_number_of_something,
    is_of_a_word,
    is_of_own_series,
)
from faktura.domain.number_keys import NumberKeys, NumberParts, unconfused
from faktura.domain.sightings import Sighting, begins_well, goes_on
from faktura.domain.text_views import TextView
from faktura.domain.tight_text import is_weak, tight

_MIXED = re.compile(r"[0-9][OILSB]|[OILSB][0-9]", re.ASCII)
_FEWEST_REAL_DIGITS = 3
# A stem says which series is meant, or it says nothing.
_SHORTEST_STEM = 6
# As long as a number with its year; shorter ones may be a month, a day or an amount.
_LONG = 9
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])[ -]+(?:20)?[0-9]{2}")
_PARTS_OTHERS = re.compile(r"[./,:]")
_GOES_ON = re.compile(r"[.,/-][0-9]")
_SHORTEST_COUNTER = 3
_MONTHS = 12


def see_written(keys: NumberKeys, sight: Sighting) -> None:
    """Whole numbers, whatever stands between their characters; where two can be read, both are hits."""
    view = sight.view
    chars = view.tight.chars
    position = 0
    while position < len(chars):
        longest = 0
        for width in keys.widths.get(chars[position], ()):
            end = position + width
            numbers = keys.as_written(chars[position:end]) if end <= len(chars) else ()
            if numbers and sight.is_free(position, end):
                seen = _see_whole(sight, numbers, position, end)
                longest = max(longest, width if seen else 0)
        if longest:
            sight.take(position, position + longest)
        position += longest or 1


def _see_whole(sight: Sighting, numbers: tuple[str, ...], start: int, end: int) -> bool:
    view = sight.view
    key, written = view.tight.chars[start:end], view.tight.written(start, end)
    as_written = tuple(number for number in numbers if number.upper() == written)
    if is_weak(key) and not as_written and written != key:
        return False
    numbers = as_written or numbers
    if goes_on(view, start, end):
        # A full line ends here and digits begin the next: perhaps this is only its beginning.
        if view.crosses_line(end - 1) and begins_well(view, start, end):
            sight.weak += [view.hit(number, start, end, Reading.TRUNCATED) for number in numbers]
        return False
    if not begins_well(view, start, end):
        return False
    if _means_another(view, start, end) or not (
        as_written or _is_put_together(view, numbers, start, end)
    ):
        # A person may know better; its digits are not read again.
        sight.weak += [view.hit(number, start, end, Reading.SHORTENED) for number in numbers]
        return True
    sight.strong += [view.hit(number, start, end, Reading.WRITTEN) for number in numbers]
    return True


def _means_another(view: TextView, start: int, end: int) -> bool:
    """Whether what stands before makes it another's number, or none: X-RE-1, “Vertrag V-1”, “Haus A-1”."""
    chars = view.tight.chars
    letters = chars[start : next(at for at in range(start, end) if chars[at].isdigit())]
    if view.is_machine(start, end):
        return False
    vague = is_weak(chars[start:end]) and not is_invoice_word(letters)
    return (
        has_foreign_prefix(view, start)
        or is_of_own_series(view, start, letters)
        or (vague and is_of_a_word(view, start))
        or (not is_invoice_word(letters) and is_number_of_something(view, start))
        or _goes_on_as_day(view, start, end)
    )


def _goes_on_as_day(view: TextView, start: int, end: int) -> bool:
    """Whether a day or an amount goes on behind it: F2026-11 in “F2026-11-05”, RE-12 in “RE-12,50”."""
    following = view.tight.text[view.tight.places[end - 1] + 1 :][:2]
    return view.is_noise(start, end) and _GOES_ON.fullmatch(following) is not None


def _is_put_together(view: TextView, numbers: tuple[str, ...], start: int, end: int) -> bool:
    """Whether the digits are parted as the number's own, not as those of a date or an amount.

    RE-1026 is neither “Re 10/26” nor “Re 10,26”; blanks and hyphens do no harm in a long number.
    """
    chars = view.tight.chars
    count = sum(char.isdigit() for char in chars[start:end])
    if count < _LONG and view.is_noise(start, end):
        return False
    own = {split for number in numbers for split in _splits(number)}
    first = next(at for at in range(start, end) if chars[at].isdigit())
    is_month = _MONTH.fullmatch(view.tight.written(first, end)) is not None
    seen = 0
    for place in range(start, end - 1):
        seen += chars[place].isdigit()
        if seen and chars[place + 1].isdigit() and chars[place].isdigit() and seen not in own:
            between = view.tight.between(place)
            if _PARTS_OTHERS.search(between) or (between and is_month):
                return False
    return True


def _splits(number: str) -> tuple[int, ...]:
    parts = NumberParts.of(number)
    return (*parts.splits, parts.year_split) if parts is not None else ()


def see_heads(keys: NumberKeys, sight: Sighting) -> None:
    """Numbers of our shape that are not whole: zeros left out, cut, or nobody's."""
    chars = sight.view.tight.chars
    for position, char in enumerate(chars):
        for width in keys.head_widths.get(char, ()):
            end = position + width
            if (
                end < len(chars)
                and chars[position:end] in keys.heads
                and _see_head(keys, sight, position, end)
            ):
                break


def _see_head(keys: NumberKeys, sight: Sighting, start: int, counter: int) -> bool:
    view = sight.view
    chars, end = view.tight.chars, counter
    while (
        end < len(chars) and chars[end].isdigit() and (end == counter or view.tight.touch(end - 1))
    ):
        end += 1
    if end == counter or not sight.is_free(start, end) or not begins_well(view, start, end):
        return False
    digits = chars[counter:end]
    if len(digits) >= min(keys.heads[chars[start:counter]]):
        if _says_a_series(view, start, counter) and digits not in keys.digits:
            sight.unknown.append(view.tight.written(start, end))
        return True
    numbers = _without_zeros(keys, view, (start, counter, end))
    says_much = end - start >= _SHORTEST_STEM
    is_cut = says_much and any(keys.begin_with(chars[start:end], 2))
    hits = [view.hit(number, start, end, Reading.SHORTENED) for number in numbers]
    is_vague = is_cut or _may_be_month(view, numbers, (start, counter, end))
    (sight.weak if is_vague else sight.named).extend(hits)
    if numbers:
        sight.take(start, end)
    if says_much and (is_cut or not numbers):
        sight.stems.append((chars[start:end], start, end))
    return bool(numbers) or says_much


def _without_zeros(keys: NumberKeys, view: TextView, at: tuple[int, int, int]) -> list[str]:
    """Numbers whose counter's zeros are left out; a counter that touches digits, or has some, is none."""
    start, counter, end = at
    chars = view.tight.chars
    parted = chars[counter - 1].isalpha() or not view.tight.touch(counter - 1)
    if not parted or chars[counter] == "0":
        return []
    padded = keys.padded(chars[start:counter], chars[counter:end])
    return [number for key in padded for number in keys.written[key]]


def _may_be_month(view: TextView, numbers: list[str], at: tuple[int, int, int]) -> bool:
    """Whether “Re 2026/11” is November's invoice rather than RE-2026-000011; or a day is meant."""
    start, counter, end = at
    if view.is_noise(start, end):
        return True
    written = view.tight.written(start, end)
    prefix = written[: counter - end]
    as_ours = any(number.upper().startswith(prefix) for number in numbers)
    return (
        end - counter < _SHORTEST_COUNTER
        and not as_ours
        and int(view.tight.chars[counter:end]) <= _MONTHS
    )


def _says_a_series(view: TextView, start: int, counter: int) -> bool:
    """Whether it is a number and not a letter before one: A-1234, but “Haus A 1234”."""
    return counter - start > 1 or not view.tight.between(start)[:1].isspace()


def see_confused(keys: NumberKeys, sight: Sighting) -> None:
    """Whole numbers in which letters stand for digits; they need other evidence."""
    view = sight.view
    chars = view.tight.chars
    if not _MIXED.search(chars):
        return
    folded = unconfused(chars)
    position = 0
    while position < len(chars):
        step = 1
        for width in keys.confused_widths:
            end = position + width
            numbers = keys.confused.get(folded[position:end], ()) if end <= len(chars) else ()
            if numbers and _is_confused(sight, numbers[0], position, end):
                sight.named += [view.hit(n, position, end, Reading.CONFUSED) for n in numbers]
                sight.take(position, end)
                step = width
                break
        position += step


def _is_confused(sight: Sighting, number: str, start: int, end: int) -> bool:
    view = sight.view
    if not sight.is_free(start, end):
        return False
    pairs = list(zip(tight(number), view.tight.chars[start:end], strict=True))
    digits = [real for wanted, real in pairs if wanted.isdigit()]
    letters = all(wanted == real for wanted, real in pairs if wanted.isalpha())
    real = sum(char.isdigit() for char in digits)
    alone = not goes_on(view, start, end) and begins_well(view, start, end)
    return letters and _FEWEST_REAL_DIGITS <= real < len(digits) and alone
