"""Moving about in the growing tree, by local names, and dropping what is done."""

from itertools import takewhile
from typing import TYPE_CHECKING

from faktura.kernel.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element


def local(element: "_Element") -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: "_Element", name: str) -> "_Element | None":
    """The first child of that name."""
    return next((one for one in element if local(one) == name), None)


def children_before(element: "_Element", name: str) -> "Iterator[_Element]":
    """The children in front of the first one of that name, or all."""
    return takewhile(lambda one: local(one) != name, element)


def children_behind(element: "_Element", name: str) -> "Iterator[_Element]":
    """The children behind the last one of that name, from the end; or all."""
    return takewhile(lambda one: local(one) != name, element.iterchildren(reversed=True))


def drop_before(element: "_Element") -> None:
    """Remove what stands before the element beside it, so that the tree does not grow."""
    parent = element.getparent()
    while parent is not None and (earlier := element.getprevious()) is not None:
        # Emptied first: what is removed with its children looks after the namespace of each.
        earlier.clear()
        parent.remove(earlier)


def misplaced(element: "_Element", place: str) -> FileUnreadable:
    """The error for an element that stands where the schema has none."""
    name = local(element)
    return FileUnreadable(
        f"{name} stands where it does not belong", place=f"{place}, {name}" if place else name
    )
