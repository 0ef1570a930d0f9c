"""Streaming: the finished parts of a document, one by one, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from lxml import etree

from faktura.kernel.errors import FileUnreadable, HostileFile, shortened
from faktura_camt.safe_xml import pull_parser
from faktura_camt.streams import ByteStream

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHUNK = 32 * 1024
# Whoever takes a part drops it, so only what lies between two parts fills the memory. An entry has
# about 1 KB, a large batch some MB: what is done of it is taken early. The smallest elements take
# 50 times their bytes, so a hostile megabyte takes about 50 MB.
_LARGE = 64 * 1024
_MAX_UNFINISHED = 1024 * 1024


class Feed:
    """Feeds a document to the parser; `position` is how many bytes it has taken.

    `names` are the parts that are asked for: each costs a look at every element.
    """

    def __init__(self, stream: ByteStream, encoding: str, names: Sequence[str]) -> None:
        self.position = 0
        self._stream = stream
        self._parser = pull_parser(
            encoding, events=("end",), tag=[f"{{*}}{name}" for name in names]
        )

    def parts(self, relieve: Callable[[int], bool]) -> Iterator["_Element"]:
        """The parts as they end.

        The parser has read ahead when a part arrives: only what stands before it may be removed
        from the tree. `relieve` is called with the position while a part is large and not yet
        finished; it takes what is done of it and says whether there was any. Raises FileUnreadable
        where the XML is broken or ends early.
        """
        progress = 0
        try:
            while chunk := self._stream.read(_CHUNK):
                self.position += len(chunk)
                self._parser.feed(chunk)
                for _, element in self._parser.read_events():
                    progress = self.position
                    yield cast("_Element", element)  # no other kind of event was asked for
                waiting = self.position - progress
                if waiting > _LARGE and relieve(self.position):
                    progress = self.position
                elif waiting > _MAX_UNFINISHED:
                    raise HostileFile(
                        "more than 1 MB without one complete entry",
                        place=f"byte {progress}",
                        mend="Ask the bank for a correct file",
                    )
            self._parser.close()
        except etree.XMLSyntaxError as error:
            line = error.lineno or 0
            raise FileUnreadable(
                f"the XML is broken or ends early: {shortened(error.msg)}",
                place=f"line {line}" if line else "",
                mend="Fetch the file again from the bank",
            ) from None
