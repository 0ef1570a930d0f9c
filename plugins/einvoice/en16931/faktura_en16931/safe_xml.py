"""The only XML parser of the e-invoices: whatever a file is, it neither fetches nor explodes.

No DTD at all, hence no entities but the five of XML and character references; no network; size,
depth and the number of nodes are bounded. Comments and processing instructions are dropped, so
that they cannot split an amount. Any encoding that libxml2 knows is fine.
"""

import re
from io import BytesIO
from typing import Final

from lxml import etree

from faktura.kernel.errors import FileUnreadable, HostileFile, shortened

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_NODES: Final = 600_000
"""Elements and attributes together: an invoice of 10,000 lines has about 500,000."""
DEEPEST: Final = 100
"""Elements inside each other; invoices have about ten."""
MOST_ATTRIBUTES: Final = 100
"""Attributes of one element; invoices have about four. lxml reads them in quadratic time."""

# libxml2 ends a text at ten million characters unless it is told that the tree is huge.
_LONG_TEXT = 10_000_000
_DOCTYPE = b"<!DOCTYPE"
_UTF8_STARTS = (b"<?xml ", b"<?xml\t", b"\xef\xbb\xbf<", b"<")
_HEAD = 200
_POSITION = re.compile(r", line \d+, column \d+$")
_MEND = "Ask the sender for a correct file"


def parsed(content: bytes) -> etree._Element:
    """The root element of `content`; raises FileUnreadable, HostileFile (both with the line)."""
    if not content.strip():
        raise FileUnreadable("the file is empty", mend=_MEND)
    if len(content) > MOST_BYTES:
        problem = f"the file has more than {MOST_BYTES // 1024 // 1024} MB"
        raise HostileFile(problem, mend=_MEND)
    try:
        return _tree(content)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        place = f"line {line}" if line else ""
        if _DOCTYPE in content[:_LONG_TEXT]:
            raise HostileFile("the file brings a DTD", place=place, mend=_MEND) from None
        problem = f"the file is no well-formed XML: {shortened(_POSITION.sub('', error.msg))}"
        raise FileUnreadable(problem, place=place, mend=_MEND) from None


def _tree(content: bytes) -> etree._Element:
    events = etree.iterparse(
        BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=_may_be_huge(content),
        remove_comments=True,
        remove_pis=True,
    )
    depth = nodes = 0
    for event, element in events:
        if event == "end":
            depth -= 1
            continue
        if not nodes and element.getroottree().docinfo.internalDTD is not None:
            raise HostileFile("the file brings a DTD", place="line 1", mend=_MEND)
        attributes = len(element.attrib)
        depth += 1
        nodes += 1 + attributes
        if much := _too_many(depth, attributes, nodes):
            place = f"line {element.sourceline}"
            raise HostileFile(f"the file has too many {much}", place=place, mend=_MEND)
    root: etree._Element = events.root
    return root


def _too_many(depth: int, attributes: int, nodes: int) -> str:
    """What a hostile file has too many of; "" when it may go on."""
    if depth > DEEPEST:
        return "elements inside each other"
    if attributes > MOST_ATTRIBUTES:
        return "attributes of one element"
    return "elements" if nodes > MOST_NODES else ""


def _may_be_huge(content: bytes) -> bool:
    """Whether a long text (an attached file) may be read without libxml2's own limits.

    They guard against entities too. In UTF-8 a DTD cannot hide, so without one they guard nothing
    that is not bounded here.
    """
    if len(content) <= _LONG_TEXT or not content.startswith(_UTF8_STARTS):
        return False
    declaration = content[:_HEAD].partition(b"?>")[0].lower()
    named = b"encoding" in declaration
    return (not named or b"utf-8" in declaration) and _DOCTYPE not in content
