"""Unpacking an audit pack that anybody may have written: bounded, each name once, never to a disk."""

import zipfile
import zlib
from io import BytesIO

from faktura.kernel.errors import FileUnreadable, HostileFile, shortened

MOST_BYTES = 512 * 1024 * 1024
_MOST_FILES = 10_000
_PIECE = 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises for bytes of others: NotImplementedError is its word for a compression or a flag
# that it does not know, RuntimeError for a file under a password.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


def unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """The files of a pack by name; raises FileUnreadable for no zip, HostileFile for a bomb."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            listed = archive.infolist()
            _check(listed, name)
            return {one.filename: _content(archive, one) for one in listed}
    except _BROKEN as error:
        raise FileUnreadable(f"it is no readable zip: {shortened(error)}", place=name) from None


def _check(listed: list[zipfile.ZipInfo], name: str) -> None:
    if len(listed) > _MOST_FILES or sum(one.file_size for one in listed) > MOST_BYTES:
        raise HostileFile(
            f"it unpacks to more than {_MOST_FILES:,} files or {MOST_BYTES:,} bytes", place=name
        )
    seen: set[str] = set()
    for one in listed:
        # Whoever unpacks it would see one of the two, and maybe not the one that was proved.
        if one.filename.casefold() in seen:
            raise HostileFile(f"two files are called “{shortened(one.filename)}”", place=name)
        seen.add(one.filename.casefold())
        if one.compress_type not in _METHODS:
            # The other methods inflate without bound in one step.
            raise HostileFile("it is not packed with deflate", place=name)


def _content(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """The bytes of a file, in pieces: in one go a file may inflate to far more than it declares."""
    with archive.open(one) as source:
        return b"".join(iter(lambda: source.read(_PIECE), b""))
