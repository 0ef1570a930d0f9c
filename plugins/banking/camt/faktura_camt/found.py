"""Reading the values of an element by their paths."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from faktura.kernel.errors import FieldMissing, FileUnreadable, HostileFile
from faktura_camt.amounts import Amount, amount_from_text
from faktura_camt.shape import Fields, Shape, Texts, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

T = TypeVar("T")

XML_BLANKS = " \t\r\n"
MOST_ELEMENTS = 10_000
# In the spellings that occur.
_SAYS_NOTHING = frozenset(
    {"", "NONREF", "nonref", "NOTPROVIDED", "NotProvided", "Notprovided", "notprovided"}
)
# What is remembered must not fill the memory, whatever a hostile file writes.
_MOST_REMEMBERED = 256
_LONGEST_REMEMBERED = 500


class Found(NamedTuple):
    """An element with all elements below it, in document order: their shape and their texts."""

    shape: Shape
    elements: "list[_Element]"
    texts: Texts

    def text(self, *paths: str) -> str | None:
        """The first text at these paths that is not blank, without outer XML blanks."""
        for path in paths:
            for position in self.shape.values(path):
                raw = self.texts[position]
                if raw and (value := raw.strip(XML_BLANKS)):
                    return value
        return None

    def required_text(self, path: str) -> str:
        """The text at the path; FieldMissing if there is none."""
        value = self.text(path)
        if value is None:
            raise FieldMissing(f"{path} is missing or empty", place=path)
        return value

    def raw_texts(self, path: str) -> tuple[str, ...]:
        """All texts at the path, untouched; empty ones left out."""
        texts = self.texts
        return tuple([raw for position in self.shape.values(path) if (raw := texts[position])])

    def meant(self, fields: Fields) -> dict[str, str]:
        """The fields that say something: neither blank nor NONREF nor NOTPROVIDED (2.2)."""
        plan = self.shape.plans.get(fields) or self.shape.plan(fields)
        values: dict[str, str] = {}
        for name, raw in zip(plan.names, plan.pick(self.texts), strict=True):
            if raw and (value := raw.strip(XML_BLANKS)) not in _SAYS_NOTHING:
                values[name] = value
        return values

    def remembered(self, fields: Fields, make: Callable[[dict[str, str]], T]) -> T:
        """What `make` works out from the untouched texts of the fields, once for equal texts.

        The entries of a day share status, dates and codes. `fields` must belong to `make` alone.
        """
        plan = self.shape.plans.get(fields) or self.shape.plan(fields)
        raws = plan.pick(self.texts)
        known = plan.memory.get(raws)
        if known is None:
            named = zip(plan.names, raws, strict=True)
            known = make({name: raw for name, raw in named if raw and raw.strip(XML_BLANKS)})
            if sum(len(raw or "") for raw in raws) <= _LONGEST_REMEMBERED:
                if len(plan.memory) >= _MOST_REMEMBERED:
                    plan.memory.clear()
                plan.memory[raws] = known
        return cast("T", known)

    def amount(self, path: str) -> Amount | None:
        """The first amount at the path, None if there is none."""
        positions = self.shape.values(path)
        return self.amount_at(positions[0]) if positions else None

    def amount_at(self, position: int) -> Amount:
        """The unsigned amount at the position, with its mandatory `Ccy`."""
        raw = self.texts[position] or ""
        return amount_from_text(raw.strip(XML_BLANKS), self.elements[position].get("Ccy") or "")

    def required_amount(self, path: str) -> Amount:
        """The amount at the path; FieldMissing if there is none."""
        amount = self.amount(path)
        if amount is None:
            raise FieldMissing(f"{path} is missing", place=path)
        return amount


def look(element: "_Element", *, at: str = "", before: str = "") -> Found:
    """Look at an element; `at` is the path it stands at, if its paths shall begin further up.

    With `before`, only at what stands before the child of that name.
    """
    elements = list(_until(element, before) if before else element.iter())
    if len(elements) > MOST_ELEMENTS:
        raise HostileFile(f"more than {MOST_ELEMENTS} elements in one part of an entry")
    names = tuple([one.tag for one in elements])
    shape = shape_of(names, tuple(map(len, elements)), at)
    return Found(shape, elements, [one.text for one in elements])


def _until(element: "_Element", before: str) -> "Iterable[_Element]":
    space, brace, _ = element.tag.rpartition("}")
    stop = f"{space}{brace}{before}"
    for one in element.iter():
        if one.tag == stop:
            if one.getparent() is not element:
                raise FileUnreadable(f"{before} stands where it does not belong", place=before)
            return
        yield one
