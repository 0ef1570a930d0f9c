"""Elements of a file as a reader walks them: by path, with their place, and what was taken.

In the end `xml_unread.unread` lists every text and attribute that nobody took, so nothing of a file
is lost in silence. Elements that repeat against the norm are taken once; the others are listed.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Self, cast

from lxml import etree

from faktura.kernel.errors import FieldInvalid, FieldMissing

CONSTANT: Final = ""
"""The term of what says nothing new."""
_MEND: Final = "Ask the sender for a correct file"


class Tags(dict[str, str]):
    """Full tags by the prefixed names of paths, each worked out once."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        super().__init__()
        self._namespaces = namespaces

    def __missing__(self, name: str) -> str:
        prefix, _, tag = name.partition(":")
        self[name] = full = f"{{{self._namespaces[prefix]}}}{tag}"
        return full


class Node:
    """An element of the file. Paths are relative and prefixed: `cac:Party/cbc:EndpointID`.

    The path `.` is the element itself. `taken` is the term its text went to, "" for what says
    nothing new, None while nobody took it; `taken_attributes` says the same of its attributes.
    """

    def __init__(self, element: etree._Element, tags: Tags, above: Self | None = None) -> None:
        self.element = element
        self._tags = tags
        self._above = above
        self.taken: str | None = None
        self.taken_attributes: dict[str, str] = {}

    @cached_property
    def children(self) -> tuple[Self, ...]:
        """The elements right below, in document order."""
        return tuple(type(self)(child, self._tags, self) for child in self.element)

    @cached_property
    def by_tag(self) -> dict[str, list[Self]]:
        """The elements right below by their full tag."""
        found: dict[str, list[Self]] = {}
        for child in self.children:
            found.setdefault(str(child.element.tag), []).append(child)
        return found

    def parts(self, path: str) -> list[Self]:
        """All elements at `path`, through all branches, in document order."""
        found = [self]
        for name in path.split("/"):
            if name != ".":
                tag = self._tags[name]
                found = [below for part in found for below in part.by_tag.get(tag, ())]
        return found

    def part(self, path: str) -> Self | None:
        """The first element at `path`."""
        found = self.parts(path)
        return found[0] if found else None

    def need(self, path: str, term: str) -> Self:
        """The first element at `path`; raises FieldMissing with the BG or BT number."""
        found = self.part(path)
        if found is None:
            raise self.missing(path, term)
        return found

    def peek(self, path: str) -> str:
        """The text at `path` without outer blanks, not taken; "" when there is none."""
        found = self.part(path)
        return (found.element.text or "").strip() if found else ""

    def is_empty(self) -> bool:
        """Whether neither the element nor anything below it says anything."""
        own = self.element.text
        if (own and not own.isspace()) or len(self.element.attrib):
            return False
        return all(child.is_empty() for child in self.children)

    def own_text(self, term: str) -> str | None:
        """The exact text of this very element, taken as `term`; None when absent or blank."""
        text = self.element.text
        if text is None or not text or text.isspace():
            return None
        self.taken = term
        return text

    def attribute(self, name: str, term: str) -> str | None:
        """An attribute of this very element, taken as `term`; None when absent or blank."""
        value = self.element.get(name)
        if value is None or not value.strip():
            return None
        self.taken_attributes[name] = term
        return str(value)

    def needed_attribute(self, name: str, term: str) -> str:
        """The same; raises FieldMissing."""
        value = self.attribute(name, term)
        if value is None:
            raise self.missing(f"@{name}", term)
        return value

    def known(self, path: str, *texts: str) -> None:
        """Take the first element at `path` if it holds one of these constants, else leave it."""
        found = self.part(path)
        if found is not None and (found.element.text in texts or self.peek(path) in texts):
            found.own_text(CONSTANT)

    def known_attribute(self, name: str, *texts: str) -> None:
        """The same for an attribute of this very element."""
        if (self.element.get(name) or "").strip() in texts:
            self.attribute(name, CONSTANT)

    def missing(self, path: str, term: str) -> FieldMissing:
        """The error for a value that must be there."""
        return FieldMissing(f"{term} is missing", place=self.place(term, path), mend=_MEND)

    def invalid(self, term: str, problem: str) -> FieldInvalid:
        """The error for a value of this very element that cannot be right."""
        return FieldInvalid(problem, place=self.place(term), mend=_MEND)

    def place(self, term: str, below: str = "") -> str:
        """Where an error is: term, path from the root, line of the file."""
        path = "/".join(part for part in (self.path(), _bare(below)) if part)
        line = line_of(self.element)
        return f"{term}, {path}" + (f", line {line}" if line else "")

    def path(self) -> str:
        """Path below the root without prefixes; places among equal siblings from one, as in XPath."""
        steps: list[str] = []
        part = self
        while part._above is not None:
            above = part._above
            equal = above.by_tag[str(part.element.tag)]
            place = f"[{equal.index(part) + 1}]" if len(equal) > 1 else ""
            steps.append(local(part.element) + place)
            part = above
        return "/".join(reversed(steps))


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(element: etree._Element) -> int | None:
    """The element's line in the file; None in a tree that was built."""
    return cast("int | None", element.sourceline)  # lxml-stubs leaves its type open


def _bare(path: str) -> str:
    return "/".join(step.rpartition(":")[2] for step in path.split("/") if step != ".")
