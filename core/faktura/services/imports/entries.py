"""Entries of a file, whatever its format: where each stands and what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto, unique
from pathlib import PurePath

from faktura.kernel.errors import FileUnreadable, HostileFile

MOST_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file as it was handed over; its name tells the format."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """`.json` or `.csv`; raises FileUnreadable for any other."""
        suffix = PurePath(self.name).suffix.lower()
        if suffix not in (".json", ".csv"):
            raise FileUnreadable(
                f"the file type “{suffix}” is not known", mend="Name it .json or .csv"
            )
        return suffix

    @property
    def text(self) -> str:
        """The content as UTF-8, with or without byte order mark; raises FileUnreadable."""
        if len(self.content) > MOST_BYTES:
            raise HostileFile(
                f"{len(self.content):,} bytes are too many", mend="Split it below 100 MB"
            )
        try:
            text = self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise FileUnreadable(
                f"byte {self.content[error.start]:#04x} is not UTF-8",
                place=f"line {line}",
                mend="Save the file as UTF-8",
            ) from None
        if not text.strip():
            raise FileUnreadable("the file is empty", mend="Check that it is the right one")
        return text


@unique
class Form(Enum):
    """How values are written, which decides what may stand for a value.

    TEXT: every value is text, as in CSV and on the command line. FILE: a JSON file, in which a whole
    number may be an amount. REST: a request, in which an amount is text and nothing else.
    """

    TEXT = auto()
    FILE = auto()
    REST = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a file or request: `values` nested by field name."""

    place: str
    values: dict[str, object]
    form: Form = Form.FILE


Entries = Iterator[Entry]
