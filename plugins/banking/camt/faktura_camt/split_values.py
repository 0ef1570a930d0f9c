"""Comments and processing instructions inside a value: whoever splits an amount means to deceive (2.7)."""

import re
from typing import TYPE_CHECKING, cast

from lxml import etree

from faktura.kernel.errors import FileUnreadable, HostileFile
from faktura_camt.streams import ByteStream, Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHUNK = 32 * 1024
# Longer than any mark in any encoding that is read.
_OVERLAP = 16
# The XML declaration begins like an instruction and is none.
_MARK = re.compile(rb"<!--|<\?(?!xml[ \t\r\n])")


class Watched:
    """A stream that notices whether what is read of it may hold a comment or an instruction."""

    def __init__(self, stream: ByteStream) -> None:
        self.noticed = False
        self._stream = stream
        self._before = b""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        chunk = self._stream.read(size)
        if not self.noticed:
            seen = self._before + chunk
            # UTF-16 has NULs between the letters of a mark.
            plain = seen.replace(b"\0", b"") if b"\0" in seen else seen
            # Nearly no piece has either sign; looking for them costs next to nothing.
            if b"<!" in plain or b"<?" in plain:
                self.noticed = _MARK.search(plain) is not None
            self._before = seen[-_OVERLAP:]
        return chunk


def refuse_split_values(document: Document, encoding: str) -> None:
    """Read the document once more; raises HostileFile for what stands inside a value, with its line.

    Between elements comments are harmless. Only documents that have any are read twice.
    """
    parser = etree.XMLPullParser(
        events=("start", "end", "comment", "pi"),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    stream = document.reopen()
    last: _Element | None = None
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
            for event, found in parser.read_events():
                node = cast("_Element", found)
                if last is not None:
                    _check(last.tail, last)
                    last = None
                if event in ("comment", "pi"):
                    _check(_text_before(node), node)
                    last = node
                _forget_before(node)
    except etree.XMLSyntaxError as error:
        raise FileUnreadable(
            "the XML is broken or ends early", place=f"line {error.lineno}"
        ) from None


def _text_before(node: "_Element") -> str | None:
    earlier = node.getprevious()
    if earlier is not None:
        return earlier.tail
    parent = node.getparent()
    return None if parent is None else parent.text


def _check(text: str | None, node: "_Element") -> None:
    if text is not None and text.strip():
        raise HostileFile(
            "a comment or an instruction stands inside a value",
            place=f"line {node.sourceline}",
            mend="Ask the bank for a correct file",
        )


def _forget_before(node: "_Element") -> None:
    """Give the memory of what is done back; the sibling before is kept, for the text behind it."""
    before, parent = node.getprevious(), node.getparent()
    if before is None or parent is None:
        return
    while parent[0] is not before:
        del parent[0]
