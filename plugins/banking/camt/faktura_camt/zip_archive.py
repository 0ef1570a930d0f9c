"""ZIP archives from a bank: one or more XML files, within limits that no honest one reaches (2.7).

Names are for display only, never paths. Sizes are counted while reading, never believed.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from faktura.kernel.errors import FileUnreadable, HostileFile, shortened
from faktura_camt.streams import Document

MAX_MEMBERS = 200
MAX_INFLATED = 200 * 1024 * 1024
MAX_RATIO = 200
_MAX_DIRECTORY = 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_BYTES = 20
_MAX_COMMENT = 65535
_ENCRYPTED = 0x1
# NotImplementedError is zipfile's word for a compression it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def xml_members(source: BinaryIO) -> Iterator[Document]:
    """The XML files in archive order; folders, macOS twins and other files are left out.

    Raises HostileFile and FileUnreadable; the whole directory is judged before the first file.
    """
    _check_end(source)
    try:
        archive = zipfile.ZipFile(source)
    except _BROKEN as error:
        raise _broken(error) from None
    size = source.seek(0, io.SEEK_END)
    infos = archive.infolist()
    _check_directory(infos)
    budget = _Budget(min(MAX_INFLATED, MAX_RATIO * size))
    wanted = [info for info in infos if _is_statement(info)]
    if not wanted:
        raise FileUnreadable("the ZIP archive has no XML file", mend="Upload the bank's own file")
    for info in wanted:
        yield Document(_display(info), partial(_CountingStream, archive, info, budget.member(info)))


def _check_end(source: BinaryIO) -> None:
    """Read the end record by hand: zipfile would load a directory of any size first."""
    size = source.seek(0, io.SEEK_END)
    start = source.seek(max(0, size - _END.size - _MAX_COMMENT - _ZIP64_LOCATOR_BYTES))
    tail = source.read(size - start)
    at = tail.rfind(_END_MAGIC)
    if at < 0 or at + _END.size > len(tail):
        raise FileUnreadable("the ZIP archive is cut off", mend="Fetch it again from the bank")
    _, _, _, _, members, directory, _, _ = _END.unpack_from(tail, at)
    if tail[max(0, at - _ZIP64_LOCATOR_BYTES) : at].startswith(_ZIP64_LOCATOR):
        raise HostileFile("the ZIP archive is in the ZIP64 form for huge archives")
    if members > MAX_MEMBERS or directory > _MAX_DIRECTORY:
        raise _too_many()


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise _too_many()
    seen: set[str] = set()
    for info in infos:
        name = info.filename.casefold()
        if name in seen:
            raise HostileFile("two files of the ZIP archive have one name", place=_display(info))
        seen.add(name)
        if info.flag_bits & _ENCRYPTED:
            raise HostileFile(
                "the ZIP archive is encrypted",
                place=_display(info),
                mend="Unpack it and upload the XML file",
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise HostileFile("the ZIP archive has a symbolic link", place=_display(info))
        if name.endswith(".zip"):
            raise _nested(info)


def _too_many() -> HostileFile:
    return HostileFile(
        f"the ZIP archive has more than {MAX_MEMBERS} files",
        mend="Upload fewer statements at a time",
    )


def _nested(info: zipfile.ZipInfo) -> HostileFile:
    return HostileFile(
        "there is a ZIP archive in the ZIP archive",
        place=_display(info),
        mend="Unpack the outer one and upload the inner one",
    )


def _is_statement(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    return name.lower().endswith(".xml") and not name.startswith("__MACOSX/")


def _display(info: zipfile.ZipInfo) -> str:
    return shortened("".join(c if c.isprintable() else "?" for c in info.filename))


class _Budget:
    """Bytes that may still be inflated, of the whole archive and of one file."""

    def __init__(self, left: int) -> None:
        self.left = left

    def member(self, info: zipfile.ZipInfo) -> "_MemberBudget":
        return _MemberBudget(self, MAX_RATIO * info.compress_size)


class _MemberBudget:
    """A file may be read more than once: only what was not read before counts."""

    def __init__(self, whole: _Budget, limit: int) -> None:
        self._whole = whole
        self._limit = limit
        self._reached = 0

    def allows(self, position: int) -> bool:
        """Whether inflating the file up to this position stays within both limits."""
        if position > self._reached:
            self._whole.left -= position - self._reached
            self._reached = position
        return self._whole.left >= 0 and position <= self._limit


class _CountingStream:
    """Inflates a file and counts; stops before a bomb fills the memory."""

    def __init__(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: _MemberBudget
    ) -> None:
        self._left = left
        self._position = 0
        # The other methods inflate without bound in one step.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileUnreadable("the ZIP archive is not packed with deflate")
        try:
            self._inner = archive.open(info)
        except _BROKEN as error:
            raise _broken(error) from None

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; HostileFile when the archive unpacks to too much."""
        try:
            data = self._inner.read(size)
        except _BROKEN as error:
            raise _broken(error) from None
        self._position += len(data)
        if not self._left.allows(self._position):
            raise HostileFile("the ZIP archive unpacks to far too much")
        return data


def _broken(error: Exception) -> FileUnreadable:
    return FileUnreadable(
        f"the ZIP archive is broken: {shortened(error)}", mend="Fetch it again from the bank"
    )
