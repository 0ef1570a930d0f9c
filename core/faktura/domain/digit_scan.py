"""Numbers of digits in a text: whole behind a word or long enough, or a counter without its year (P39)."""

import re
from datetime import date
from itertools import pairwise

from faktura.domain.matches import Reading
from faktura.domain.number_context import (
    Context,
    context_of,
    has_letters_of_others,
    is_invoice_word,
    is_number_of_something,
    word_start,
)
from faktura.domain.number_keys import NumberKeys, NumberParts
from faktura.domain.sightings import Sighting
from faktura.domain.text_views import TextView

# As long as a document number with its year; eight digits may be a date (P39).
_LONG = 9
_SHORTEST_WRITTEN = 8
_SHORTEST_PLAIN = 4
_SHORTEST_ID = 6
_MOST_RUNS = 3
_SHORTEST_TAIL = 3
_YEARS = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_JOINT = re.compile(r"[-/._ ]")
_JOINED = re.compile(r"[-/._]")
# What may be glued behind digits.
_GLUED_BEHIND = re.compile(r"EUR|VOM|V(?:\d|$)|RNR|RG|RE(?:CHN)?")

Run = tuple[int, int]


def see_digits(keys: NumberKeys, sight: Sighting) -> None:
    """Runs of digits, the longest reading first; those of dates, amounts and account numbers are none."""
    sight.lettered[:] = sight.taken
    runs = [run for run in _runs(sight) if not sight.view.is_noise(*run)]
    position = 0
    while position < len(runs):
        position += _longest(keys, sight, runs[position : position + _MOST_RUNS])


def _runs(sight: Sighting) -> list[Run]:
    view, taken = sight.view, sight.taken
    chars = view.tight.chars
    found: list[Run] = []
    position = 0
    while position < len(chars):
        start = position
        while position < len(chars) and chars[position].isdigit() and not taken[position]:
            position += 1
            if position < len(chars) and not view.tight.touch(position - 1):
                break
        if position > start:
            found.append((start, position))
        else:
            position += 1
    return found


def _longest(keys: NumberKeys, sight: Sighting, runs: list[Run]) -> int:
    """Read the longest number that begins with the first run; how many runs it has."""
    view = sight.view
    start = runs[0][0]
    longer: tuple[str, ...] = ()
    for count in range(len(runs), 0, -1):
        end = runs[count - 1][1]
        joints = _joints(view, runs[:count])
        numbers = keys.digits.get(view.tight.chars[start:end], ()) if joints is not None else ()
        fitting = [number for number in numbers if _fits(number, joints or ())]
        if fitting and _stands_alone(sight, start, end):
            _read(sight, fitting, start, end)
            if longer:  # “4711 0” is 4711, unless 47110 was meant
                sight.told.append(frozenset(longer))
            return count
        longer += numbers
    _read_tail(keys, sight, *runs[0])
    return 1


def _joints(view: TextView, runs: list[Run]) -> tuple[int, ...] | None:
    """Where these runs are parted, by one separator each; None where they lie further apart."""
    start = runs[0][0]
    for (_, end), (following, _) in pairwise(runs):
        if following != end or not _JOINT.fullmatch(view.tight.between(end - 1)):
            return None
    return tuple(end - start for _, end in runs[:-1])


def _fits(number: str, joints: tuple[int, ...]) -> bool:
    """Whether digits that are parted there are this number's: only where it is parted itself."""
    parts = NumberParts.of(number)
    assert parts is not None  # noqa: S101 - only such numbers have their digits in the table
    return set(joints) <= {*parts.splits, parts.year_split}


def _stands_alone(sight: Sighting, start: int, end: int) -> bool:
    """Whether no letters, and no digits behind one separator, make it a part of something else."""
    view = sight.view
    chars = view.tight.chars
    if view.tight.is_strange_before(start) or view.tight.is_strange_after(end):
        return False
    if start and not sight.taken[start - 1]:
        between = view.tight.between(start - 1)
        before = chars[start - 1]
        if before.isdigit() and (not between or _JOINED.fullmatch(between)):
            return False
        if before.isalpha() and (not between or between in ("-", "/", "_")):
            first = word_start(view, start)
            whole = not view.tight.is_strange_before(first)
            return whole and is_invoice_word(chars[first:start])
    if end < len(chars) and not sight.taken[end]:
        between = view.tight.between(end - 1)
        if chars[end].isdigit():
            return bool(between) and not (_JOINED.fullmatch(between))
        return bool(between) or _GLUED_BEHIND.match(chars[end : end + 5]) is not None
    return True


def _read(sight: Sighting, numbers: list[str], start: int, end: int) -> None:
    view = sight.view
    written = view.tight.written(start, end)
    as_written = [number for number in numbers if number == written]
    context = _context(sight, start, end)
    if context is Context.OTHER:
        return
    reading = None
    if as_written:
        numbers = as_written
        reading = _plain_reading(as_written[0], context)
    elif len(numbers) == 1 and not view.is_id(start, end):
        reading = _bare_reading(numbers[0], end - start, context, parted=written.isdigit())
    is_others = context is Context.NEUTRAL and (
        has_letters_of_others(view, start) or is_number_of_something(view, start)
    )
    if reading is None or is_others:
        if context is Context.INVOICE or not _may_be_date(written):
            sight.weak += [view.hit(n, start, end, Reading.SHORTENED) for n in numbers]
        return
    sight.strong += [view.hit(number, start, end, reading) for number in numbers]
    sight.take(start, end)


def _context(sight: Sighting, start: int, end: int) -> Context:
    """An id that is the number as a whole says as much as a word before it."""
    whole = start == 0 and end == len(sight.view.tight.chars)
    if sight.view.is_machine(start, end) and whole and end >= _SHORTEST_ID:
        written = sight.view.tight.written(start, end)
        return Context.NEUTRAL if _may_be_date(written) else Context.INVOICE
    return context_of(sight.view, start, sight.lettered, sight.taken)


def _plain_reading(number: str, context: Context) -> Reading | None:
    """How strong digits are that stand exactly as the number is written."""
    digits = sum(char.isdigit() for char in number)
    parted = len(number) > digits
    if digits >= _LONG or (parted and digits >= _SHORTEST_WRITTEN):
        return Reading.WRITTEN
    return Reading.KEYWORD if context is Context.INVOICE and digits >= _SHORTEST_PLAIN else None


def _bare_reading(number: str, digits: int, context: Context, *, parted: bool) -> Reading | None:
    """How strong digits are whose number has letters, or separators that were written otherwise."""
    if number[0].isdigit():
        strong = context is Context.INVOICE and digits >= _SHORTEST_WRITTEN
        return Reading.KEYWORD if strong else None
    return Reading.DIGITS if digits >= _LONG else None


def _read_tail(keys: NumberKeys, sight: Sighting, start: int, end: int) -> None:
    """A counter without its year and letters: weak, but a person may know it by its amount."""
    view = sight.view
    written = view.tight.chars[start:end]
    counter = written.lstrip("0")
    numbers = keys.tails.get(counter, ()) if len(counter) >= _SHORTEST_TAIL else ()
    if not numbers or not _stands_alone(sight, start, end):
        return
    context = _context(sight, start, end)
    if context is Context.OTHER or (context is Context.NEUTRAL and _YEARS.fullmatch(written)):
        return
    hits = [view.hit(number, start, end, Reading.SHORTENED) for number in numbers]
    sight.weak += hits
    if context is Context.INVOICE:
        sight.told.append(frozenset(numbers))


def _may_be_date(written: str) -> bool:
    """Whether eight digits are a day: 20261101 or 01112026."""
    if len(written) != _SHORTEST_WRITTEN or not written.isdigit():
        return False
    ways = (written, written[4:] + written[2:4] + written[:2])
    return any(_is_day(way) for way in ways)


def _is_day(written: str) -> bool:
    if not _YEARS.fullmatch(written[:4]):
        return False
    try:
        date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return True
