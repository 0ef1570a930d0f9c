"""The documents of an upload: one XML file, or the XML files of a ZIP archive."""

from collections.abc import Callable
from typing import NamedTuple, Protocol


class ByteStream(Protocol):
    """What is read of a document: bytes, forward."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


class Document(NamedTuple):
    """A document: its name within the upload ("" if it is the upload), and how to begin anew."""

    name: str
    reopen: Callable[[], ByteStream]
