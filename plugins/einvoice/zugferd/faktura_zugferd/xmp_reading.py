"""What a PDF's XMP metadata say about its invoice: the fx block and the schema that describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from faktura_zugferd.xmp import FX

if TYPE_CHECKING:
    from lxml.etree import _Element

_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_EXTENSION: Final = "{http://www.aiim.org/pdfa/ns/extension/}"
_SCHEMA: Final = "{http://www.aiim.org/pdfa/ns/schema#}"
_PROPERTY: Final = "{http://www.aiim.org/pdfa/ns/property#}"
_CONTENT: Final = f"{_RDF}Description"


@dataclass(frozen=True, slots=True)
class DescribedSchema:
    """A schema of the extension bag: its fields, and the fields of each of its properties."""

    fields: Mapping[str, str]
    properties: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Xmp:
    """`fx` holds the block's properties (ConformanceLevel ...), `fx_blocks` how many there are.

    `bags` counts the containers of extension schemas; PDF/A allows one.
    """

    fx: Mapping[str, str]
    fx_blocks: int
    bags: int
    schemas: tuple[DescribedSchema, ...]


def xmp_of(metadata: bytes) -> Xmp:
    """The facts of the metadata; raises FileUnreadable, HostileFile."""
    from faktura_en16931.safe_xml import parsed

    root = parsed(metadata)
    fx: dict[str, str] = {}
    blocks = 0
    for description in root.iter(_CONTENT):
        found = _fields(description, f"{{{FX}}}")
        blocks += bool(found)
        fx |= found
    bags = list(root.iter(f"{_EXTENSION}schemas"))
    items = [item for bag in bags for item in bag.iterfind(f"{_RDF}Bag/{_RDF}li")]
    return Xmp(fx, blocks, len(bags), tuple(_schema(item) for item in items))


def _schema(item: "_Element") -> DescribedSchema:
    rows = item.iterfind(f".//{_SCHEMA}property/{_RDF}Seq/{_RDF}li")
    return DescribedSchema(
        fields=_resource(item, _SCHEMA),
        properties=tuple(_resource(row, _PROPERTY) for row in rows),
    )


def _resource(item: "_Element", namespace: str) -> dict[str, str]:
    """The fields of a list item, whether they stand in it or in a Description inside."""
    inner = item.find(_CONTENT)
    return _fields(item if inner is None else inner, namespace)


def _fields(element: "_Element", namespace: str) -> dict[str, str]:
    """Properties as attributes and as elements; RDF allows both."""
    found = {
        str(name).removeprefix(namespace): str(value).strip()
        for name, value in element.attrib.items()
        if str(name).startswith(namespace)
    }
    for child in element:
        if str(child.tag).startswith(namespace):
            found[str(child.tag).removeprefix(namespace)] = (child.text or "").strip()
    return found
