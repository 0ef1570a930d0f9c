"""A file in pieces: the text of one statement after the other, in constant memory."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from faktura.kernel.errors import HostileFile
from faktura.plugin import TextLines

_CHUNK = 64 * 1024
# A statement of a busy account has some hundred KB; nobody's has more than this.
_MOST_CHARACTERS = 16 * 1024 * 1024
_MOST_LINES = 200_000


class Block(NamedTuple):
    """One statement's lines, and the number of its first line in the file, counting from 1."""

    lines: list[str]
    first_line: int


def encoding_of(source: BinaryIO) -> str:
    """The file's encoding: UTF-8 where all of it is, else what German banks wrote, Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    source.seek(0)
    try:
        while chunk := source.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def statement_blocks(source: BinaryIO, encoding: str) -> Iterator[Block]:
    """Each statement from its field 20 on; envelopes and end marks between them are left out.

    Raises HostileFile for a line or a statement beyond all measure, FileUnreadable for a byte that
    the encoding does not have.
    """
    source.seek(0)
    lines: list[str] = []
    first = characters = 0
    for number, line in enumerate(TextLines(source, encoding), start=1):
        if line.startswith(":20:"):
            if lines:
                yield Block(lines, first)
            lines, first, characters = [], number, 0
        elif not first or line.startswith("{") or line in ("-", "-}"):
            continue
        lines.append(line)
        characters += len(line)
        if characters > _MOST_CHARACTERS or len(lines) > _MOST_LINES:
            raise HostileFile(
                f"one statement has more than 16 MB or {_MOST_LINES} lines", place=f"line {first}"
            )
    if lines:
        yield Block(lines, first)
