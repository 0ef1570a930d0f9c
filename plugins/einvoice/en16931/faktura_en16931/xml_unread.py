"""What a reader left: every text and attribute of a file that went into no field."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final, cast

from faktura_en16931.xml_nodes import Node, line_of, local

# Which list a code is from and who keeps it: EN 16931 fixes that, so it says nothing new.
_NO_NEWS: Final = frozenset(
    {"listID", "listAgencyID", "listAgencyName", "listName", "listURI", "listVersionID"}
    | {"schemeAgencyID", "schemeAgencyName", "schemeName", "schemeURI", "schemeVersionID"}
    | {"unitCodeListID", "unitCodeListAgencyID", "unitCodeListAgencyName"}
    | {"currencyID", "currencyCodeListVersionID"}
)
_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_MOST: Final = 1_000
_LONGEST: Final = 300


def unread(root: Node) -> tuple[str, ...]:
    """Paths with their lines, in document order: `.../Name (line 7)`; at most 1,000.

    A path has no prefixes and leaves the root out, as in errors.
    """
    places = _left(root, "")
    shown = tuple(islice(places, _MOST))
    return (*shown, "and more") if next(places, None) else shown


def _left(part: Node, path: str) -> Iterator[str]:
    element = part.element
    number = line_of(element)
    line = f" (line {number})" if number else ""
    if part.taken is None and _says_something(element.text):
        yield (path or local(element))[:_LONGEST] + line
    for name, value in sorted(cast("dict[str, str]", element.attrib).items()):
        if name in part.taken_attributes or name in _NO_NEWS or name.startswith(_XSI):
            continue
        if value.strip():
            yield f"{path}/@{name}"[:_LONGEST] + line
    if not len(element):
        return
    names = Counter(child.element.tag for child in part.children)
    met: Counter[object] = Counter()
    for child in part.children:
        tag = child.element.tag
        met[tag] += 1
        step = local(child.element) + (f"[{met[tag]}]" if names[tag] > 1 else "")
        yield from _left(child, f"{path}/{step}" if path else step)
        if _says_something(child.element.tail):
            yield f"{path}/text()"[:_LONGEST] + line


def _says_something(text: str | None) -> bool:
    return bool(text and not text.isspace())
