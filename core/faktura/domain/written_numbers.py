"""Document numbers a text may name, by the formats of the number ranges.

Open documents are known by heart while movements are matched; with this, the settled ones that a
text names are looked up by their numbers, however many there are.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache

from faktura.domain.number_index import NumberIndex
from faktura.domain.numbering import NumberFormat
from faktura.domain.tight_text import tight

# A counter that has outgrown its width by more than this is no counter any more.
_OUTGROWN = 3


def written_numbers(text: str, formats: Iterable[NumberFormat]) -> set[str]:
    """Every number of these formats whose letters and digits stand together in the text."""
    chars = tight(text)
    return {number for known in formats for number in _of_format(chars, known)}


def unknown_numbers(text: str, written: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Those of the `written` numbers that stand in the text as words, though none is `known`."""
    hits = NumberIndex.of(sorted(set(written).difference(known))).find_whole(text)
    return tuple(dict.fromkeys(hit.number for hit in hits))


@cache
def _tight_prefix(prefix: str) -> str:
    return tight(prefix)


def _of_format(chars: str, known: NumberFormat) -> Iterator[str]:
    prefix, width = _tight_prefix(known.prefix), max(known.width, 1)
    start = chars.find(prefix)
    while start != -1:
        counter = start + len(prefix)
        end = counter
        while end < len(chars) and chars[end].isdigit():
            end += 1
        for digits in range(width, min(end - counter, width + _OUTGROWN) + 1):
            written = f"{known.prefix}{chars[counter : counter + digits]}"
            if digits == width or chars[counter] != "0":
                yield written
        start = chars.find(prefix, start + 1)
        if start >= len(chars):
            break
