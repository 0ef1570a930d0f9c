"""A file that comes in over HTTP: from the wire to a temporary file, never whole in memory."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedRandom

from aiohttp import (
    BodyPartReader,
    MultipartReader,
    content_disposition_filename,
    parse_content_disposition,
    web,
)
from aiohttp.hdrs import CONTENT_DISPOSITION
from aiohttp.http_exceptions import HttpProcessingError

from faktura.kernel.errors import (
    FieldUnknown,
    FileUnreadable,
    FileUnwritable,
    shortened,
)
from faktura.kernel.request_errors import TooLarge

# A hop to a thread costs as much as writing some 100 KiB.
_PIECE = 1024 * 1024
_FORM = "multipart/form-data"
# The lines around the one file of a form.
_FORM_ROOM = 16 * 1024
_LONGEST_NAME = 200
_UNNAMED = "upload"

_BROKEN = (web.RequestPayloadError, HttpProcessingError, ConnectionError)
# What the reader of forms raises over a form that it cannot read.
_BROKEN_FORM = (*_BROKEN, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Upload:
    """A received file, open at its beginning; `name` is safe to store and to show."""

    file: BufferedRandom
    name: str
    size: int

    def digest(self) -> bytes:
        """The file's SHA-256; the file is at its beginning again. Blocks while it reads."""
        self.file.seek(0)
        found = file_digest(self.file, "sha256").digest()
        self.file.seek(0)
        return found


@asynccontextmanager
async def received(request: web.Request, *, most: int) -> AsyncIterator[Upload]:
    """The file that the request brings, on disk until the block ends, whatever ends it.

    The body is the file, of any content type, named by Content-Disposition or `?filename=`; or it
    is a form (multipart/form-data) with this file and nothing else. Raises TooLarge above `most`
    bytes, FileUnreadable for an empty file, a broken form and a body that breaks off, FieldUnknown
    for anything else in the form, FileUnwritable where the disk takes no more.
    """
    is_form = request.content_type == _FORM
    if (request.content_length or 0) > most + is_form * _FORM_ROOM:
        raise _too_large(most)
    # Closing waits for a piece that a thread is just writing: the file keeps a lock of its own.
    with tempfile.TemporaryFile() as file:
        intake = _Intake(file, most)
        name = await (_from_form(request, intake) if is_form else _from_body(request, intake))
        size = await intake.finish()
        if not size:
            raise FileUnreadable("the file is empty", place=name, mend="Choose another file")
        yield Upload(file, name, size)


class _Intake:
    """Pieces on their way to the file, written in threads when they are worth the hop."""

    def __init__(self, file: BufferedRandom, most: int) -> None:
        self._file = file
        self._most = most
        self._size = 0
        self._waiting = bytearray()

    async def add(self, piece: bytes) -> None:
        """Take the next bytes; raises TooLarge and FileUnwritable."""
        self._size += len(piece)
        if self._size > self._most:
            raise _too_large(self._most)
        self._waiting += piece
        if len(self._waiting) >= _PIECE:
            await self._write()

    async def finish(self) -> int:
        """Write what waits and go to the beginning; the number of bytes received."""
        await self._write()
        self._file.seek(0)
        return self._size

    async def _write(self) -> None:
        waiting, self._waiting = self._waiting, bytearray()
        try:
            await asyncio.to_thread(self._append, waiting)
        except OSError as error:
            raise FileUnwritable(
                f"the upload cannot be kept: {error.strerror}",
                place=tempfile.gettempdir(),
                mend="Make room there, or name another folder in TMPDIR",
            ) from error

    def _append(self, content: bytearray) -> None:
        self._file.write(content)
        self._file.flush()


async def _from_body(request: web.Request, intake: _Intake) -> str:
    try:
        async for piece in request.content.iter_any():
            await intake.add(piece)
    except _BROKEN as error:
        raise _unreadable() from error
    _, parameters = parse_content_disposition(request.headers.get(CONTENT_DISPOSITION))
    return _safe(content_disposition_filename(parameters) or request.query.get("filename"))


async def _from_form(request: web.Request, intake: _Intake) -> str:
    try:
        return await _only_file(await request.multipart(), intake)
    except _BROKEN_FORM as error:
        raise _unreadable() from error


async def _only_file(form: MultipartReader, intake: _Intake) -> str:
    part = await form.next()
    if not isinstance(part, BodyPartReader) or part.filename is None:
        raise _not_one_file(part)
    while not part.at_eof():
        await intake.add(await part.read_chunk(_PIECE))
    other = await form.next()
    if other is not None:
        raise _not_one_file(other)
    return _safe(part.filename)


def _safe(given: str | None) -> str:
    """The name without folders and without what would steer a terminal or break a database."""
    name = (given or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    # Of a long name the end tells more: the format is read from it.
    return shown.strip()[-_LONGEST_NAME:] or _UNNAMED


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"the file has more than {most} bytes",
        mend="Divide it, or have it imported on the server by the command line",
    )


def _unreadable() -> FileUnreadable:
    return FileUnreadable("the upload broke off or is no proper form", mend="Send it once more")


def _not_one_file(part: MultipartReader | BodyPartReader | None) -> FieldUnknown:
    name = part.name if isinstance(part, BodyPartReader) else None
    return FieldUnknown(
        "the form must bring one file and nothing else",
        place=shortened(name or "form"),
        mend="With curl: -F file=@statement.xml",
    )
