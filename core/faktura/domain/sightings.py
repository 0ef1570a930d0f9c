"""What is seen in one part of a text, and where a number ends or is part of something longer (P39)."""

from dataclasses import dataclass, field

from faktura.domain.matches import Hit
from faktura.domain.number_context import is_invoice_word, may_be_glued, word_start
from faktura.domain.text_views import TextView
from faktura.domain.tight_text import is_weak

# So many digits make it sure that a number was glued to a word, rather than found in one.
_SURE_DIGITS = 6
_SURE_LETTERS = 4


@dataclass(slots=True)
class Sighting:
    """What was seen in one part of a text.

    `taken` marks the characters of numbers, `lettered` those of numbers with letters. `stems` are numbers that were cut: tight beginnings with their start and end. `told` are counters
    behind a word, each with the numbers it may be. `denied` are numbers that words beside them speak
    against.
    """

    view: TextView
    taken: bytearray
    lettered: bytearray
    strong: list[Hit] = field(default_factory=list)
    named: list[Hit] = field(default_factory=list)
    listed: list[Hit] = field(default_factory=list)
    weak: list[Hit] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    stems: list[tuple[str, int, int]] = field(default_factory=list)
    told: list[frozenset[str]] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, view: TextView) -> "Sighting":
        length = len(view.tight.chars)
        return cls(view, bytearray(length), bytearray(length))

    def take(self, start: int, end: int) -> None:
        """Mark characters as a number's own."""
        self.taken[start:end] = b"\1" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether no other number has these characters, and nothing hides them."""
        return not any(self.taken[start:end]) and not self.view.is_hidden(start, end)


def goes_on(view: TextView, start: int, end: int) -> bool:
    """Whether something touches the end that makes it a longer word; letters may be glued to digits."""
    chars = view.tight.chars
    if view.tight.is_strange_after(end):
        return True
    if end >= len(chars) or not view.tight.touch(end - 1):
        return False
    may_be_glued_to = not is_weak(chars[start:end]) and not view.is_machine(start, end)
    return not (may_be_glued_to and chars[end - 1].isdigit() and chars[end].isalpha())


def begins_well(view: TextView, start: int, end: int) -> bool:
    """Whether the number begins here: nothing touches, or what does is a word or number of its own."""
    chars = view.tight.chars
    if view.tight.is_strange_before(start):
        return False
    if not start or not view.tight.touch(start - 1):
        return True
    if not chars[start].isalpha() or is_weak(chars[start:end]) or view.is_machine(start, end):
        return False
    if chars[start - 1].isdigit():
        return True
    sure = sum(char.isdigit() for char in chars[start:end]) >= _SURE_DIGITS
    return sure and (_new_word(view, start) or _is_glued_to_a_word(view, start, end))


def _is_glued_to_a_word(view: TextView, start: int, end: int) -> bool:
    """Whether the letters before are a word for invoices, perhaps cut, and do not need the number's."""
    chars = view.tight.chars
    first = word_start(view, start)
    last = next(place for place in range(start, end) if chars[place].isdigit())
    if last - start == 1 and start - first < _SURE_LETTERS:
        return False  # NOR-2026-00042 is another prefix than R
    return may_be_glued(chars[first:start]) and not is_invoice_word(chars[first:last])


def _new_word(view: TextView, start: int) -> bool:
    """Whether small letters end and capitals begin, as where a bank dropped a blank."""
    places, text = view.tight.places, view.tight.text
    return text[places[start - 1]].islower() and text[places[start]].isupper()
