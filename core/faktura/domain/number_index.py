"""The numbers of documents as they stand in texts: one pass over a text, all numbers at once (P39)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from faktura.domain.digit_scan import see_digits
from faktura.domain.matches import Hit, OpenDocument, Reading
from faktura.domain.movements import Movement
from faktura.domain.number_context import is_denied
from faktura.domain.number_keys import NumberKeys
from faktura.domain.reference_scan import see_references
from faktura.domain.sightings import Sighting
from faktura.domain.tail_scan import see_tails
from faktura.domain.text_views import remittance_view, views_of
from faktura.domain.written_scan import see_confused, see_heads, see_written
from faktura.kernel.money import Money

# What a text may mean without saying it: enough for a person, and so many states are read.
_MOST_WEAK = 24
_MOST_BEGUN = 400


@dataclass(frozen=True, slots=True)
class Found:
    """What a movement's text names.

    `hits` are strong, in the order of the text. `named` are clearly meant, though not whole: zeros
    left out, tails of a list, letters for digits. `listed` are tails behind a comma: they may as well
    be anything, unless they complete the sum. `weak` may be meant; their number is bounded.
    `unknown` are written like our numbers, and the index has none such, or several. `doubts` are
    counters behind a word, each with the numbers it may be. `denied` are numbers that the words beside
    them speak against: “ohne”, “Storno”, “unsere”, “bis”.
    """

    hits: tuple[Hit, ...] = ()
    named: tuple[Hit, ...] = ()
    listed: tuple[Hit, ...] = ()
    weak: tuple[Hit, ...] = ()
    unknown: tuple[str, ...] = ()
    doubts: tuple[frozenset[str], ...] = ()
    denied: frozenset[str] = frozenset()

    @property
    def all(self) -> tuple[Hit, ...]:
        """Every hit, the strong ones first."""
        return self.hits + self.named + self.listed + self.weak

    @property
    def numbers(self) -> frozenset[str]:
        """All numbers whose state a decision needs."""
        return frozenset(hit.number for hit in self.all)


@dataclass(slots=True)
class NumberIndex:
    """Document numbers in all forms that payers give them; `open` are minor units and currency."""

    keys: NumberKeys = field(default_factory=NumberKeys)
    open: dict[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[OpenDocument | str]) -> "NumberIndex":
        """An index of these documents; numbers alone are known as they are written."""
        index = cls()
        for document in documents:
            index.add(document)
        return index

    def add(self, document: OpenDocument | str) -> None:
        """Make a document known in all forms of its number; a number alone only as it is written.

        Numbers are learned while a run goes on: in other forms they would make what comes later
        ambiguous, and the result would depend on the order.
        """
        if isinstance(document, str):
            self.keys.add_whole(document)
            return
        self.keys.add(document.number)
        self.open[document.number] = (document.open.minor, document.open.currency)

    def find(self, movement: Movement) -> Found:
        """Every known number that the movement's text names, strong or weak.

        A number stands as a word of its own; the longest wins. Where the text can be read as more
        than one number, all of them are hits: their sum will not fit, and a person decides.
        """
        seen = [self._see(Sighting.of(view)) for view in views_of(movement)]
        strong = tuple(hit for sight in seen for hit in sight.strong)
        told = {hit.number for hit in strong}
        named = tuple(hit for sight in seen for hit in sight.named if hit.number not in told)
        told |= {hit.number for hit in named}
        listed = tuple(hit for sight in seen for hit in sight.listed if hit.number not in told)
        told |= {hit.number for hit in listed}
        weak = [hit for sight in seen for hit in self._weak(sight, movement.amount)]
        weak = [hit for hit in weak if hit.number not in told]
        weak.sort(key=lambda hit: not self._is_open_with(hit.number, movement.amount))
        unknown = dict.fromkeys(one for sight in seen for one in _unknown(sight))
        doubts = tuple(one for sight in seen for one in sight.told)
        denied = frozenset(number for sight in seen for number in sight.denied)
        faint = tuple(weak[:_MOST_WEAK])
        return Found(strong, named, listed, faint, tuple(unknown), doubts, denied)

    def find_whole(self, text: str) -> tuple[Hit, ...]:
        """The strong hits in a payer's text, in order."""
        return tuple(self._see(Sighting.of(remittance_view((text,)))).strong)

    def _see(self, sight: Sighting) -> Sighting:
        see_references(self.keys, sight)
        see_written(self.keys, sight)
        see_heads(self.keys, sight)
        see_tails(self.keys, sight)
        see_confused(self.keys, sight)
        see_digits(self.keys, sight)
        sight.strong.sort(key=lambda hit: (hit.start, -hit.end))
        for hit in sight.strong + sight.named + sight.listed:
            if is_denied(sight.view, sight.view.index_of(hit)):
                sight.denied.add(hit.number)
        return sight

    def _weak(self, sight: Sighting, amount: Money) -> list[Hit]:
        """What may be meant: of numbers that were cut, those that are open with this amount."""
        begun = [
            sight.view.hit(number, start, end, Reading.TRUNCATED)
            for stem, start, end in sight.stems
            for number in self.keys.begin_with(stem, _MOST_BEGUN)
            if self._is_open_with(number, amount)
        ]
        return begun + sight.weak

    def _is_open_with(self, number: str, amount: Money) -> bool:
        return self.open.get(number) == (amount.minor, amount.currency)


def _unknown(sight: Sighting) -> list[str]:
    cut = [sight.view.tight.written(start, end) for _, start, end in sight.stems]
    return sight.unknown + cut
