"""Content-addressed bytes: kept once under their SHA-256, durable before a row names them.

Memory does not grow with a file that is kept or opened: it passes in pieces of 1 MiB.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from faktura.kernel.errors import FileUnreadable, FileUnwritable, IntegrityBroken
from faktura.store.database import Database
from faktura.store.durable import flush_folder, write_durably
from faktura.store.tables import blob

_PIECE = 1024 * 1024
_LISTED = 5_000
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FOLDER = re.compile(r"[0-9a-f]{2}|[0-9]+", re.ASCII)
_PART = insert(blob)
# What is well stays as it is; a part that was changed or lost is mended, as a file would be.
_KEEP = _PART.on_conflict_do_update(
    index_elements=blob.primary_key,
    set_={"content": _PART.excluded.content},
    where=blob.c.content != _PART.excluded.content,
)


class ContentStore(Protocol):
    """Keeps rendered and received bytes per tenant (P50); equal bytes of a tenant lie there once."""

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes; they are durable when this returns their SHA-256 (32 bytes).

        Never call it inside a transaction: the row that names the bytes is written afterwards.
        """
        ...

    def keep(self, tenant_id: int, source: BinaryIO) -> bytes:
        """The same for a file of any size, from its beginning; it must be seekable.

        Raises FileUnreadable when the file changes meanwhile.
        """
        ...

    def get(self, tenant_id: int, digest: bytes) -> bytes:
        """The bytes of that SHA-256; raises IntegrityBroken when they are missing or changed."""
        ...

    def open(self, tenant_id: int, digest: bytes) -> AbstractContextManager[BinaryIO]:
        """The bytes as a seekable file to read, proved before the first of them is handed out.

        Raises IntegrityBroken when they are missing or changed.
        """
        ...

    def verify(self, tenant_id: int, digest: bytes) -> None:
        """Raise IntegrityBroken unless the bytes are there and match their SHA-256."""
        ...

    def listed(self) -> Iterator[tuple[int, bytes]]:
        """Tenant and SHA-256 of all that is kept, in this order; streamed, as of some moment of it."""
        ...


@dataclass(frozen=True, slots=True)
class DirectoryStore:
    """Files in `root/<tenant>/<2 hex>/<2 hex>/<64 hex>`; may be shared by several machines."""

    root: Path

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes, as `keep` does."""
        return self.keep(tenant_id, BytesIO(content))

    def keep(self, tenant_id: int, source: BinaryIO) -> bytes:
        """Keep the file: written beside, flushed, renamed, the folder flushed.

        Raises FileUnwritable with the reason, FileUnreadable when the file changes meanwhile.
        """
        digest = digest_of(source)
        target = self._path(tenant_id, digest)
        try:
            if not _holds(target, digest):
                write_durably(target, _again(source, digest))
            # Also for a file that was there: whoever renamed it may not have come this far.
            flush_folder(target.parent)
        except OSError as error:
            raise FileUnwritable(
                f"the content store cannot be written: {error.strerror}",
                place=str(self.root),
                mend="Check the folder, its rights, and FAKTURA_BLOB_DIR",
            ) from error
        return digest

    def get(self, tenant_id: int, digest: bytes) -> bytes:
        """The bytes of that SHA-256; raises IntegrityBroken when they are missing or changed."""
        with self.open(tenant_id, digest) as file:
            return file.read()

    @contextmanager
    def open(self, tenant_id: int, digest: bytes) -> Iterator[BinaryIO]:
        """The kept file itself, proved; raises IntegrityBroken when it is missing or changed."""
        path = self._path(tenant_id, digest)
        if not path.exists():
            raise missing(tenant_id, digest)
        with path.open("rb") as file:
            if digest_of(file) != digest:
                raise changed(tenant_id, digest)
            file.seek(0)
            yield file

    def verify(self, tenant_id: int, digest: bytes) -> None:
        """Raise IntegrityBroken unless the file is there and matches."""
        with self.open(tenant_id, digest):
            pass

    def listed(self) -> Iterator[tuple[int, bytes]]:
        """Tenant and SHA-256 of every kept file; what a crash left unfinished beside them is none."""
        tenants = sorted(int(folder.name) for folder in _folders(self.root))
        for tenant_id in tenants:
            for first in _folders(self.root / str(tenant_id)):
                for second in _folders(first):
                    names = (file.name for file in second.iterdir())
                    for name in sorted(filter(_DIGEST.fullmatch, names)):
                        yield tenant_id, bytes.fromhex(name)

    def _path(self, tenant_id: int, digest: bytes) -> Path:
        name = digest.hex()
        return self.root / str(tenant_id) / name[:2] / name[2:4] / name


@dataclass(frozen=True, slots=True)
class TableStore:
    """Rows of the table `blob`, for PostgreSQL with more than one machine.

    A file is as many rows as it has pieces: whoever reads or writes a row holds all of it.
    """

    database: Database

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes, as `keep` does."""
        return self.keep(tenant_id, BytesIO(content))

    def keep(self, tenant_id: int, source: BinaryIO) -> bytes:
        """Keep the file, in a transaction of its own.

        Raises WriteRefused, and FileUnreadable when the file changes meanwhile.
        """
        digest = digest_of(source)
        with self.database.write(tenant_id) as tx:
            for part, content in enumerate(_again(source, digest)):
                found = {"tenant_id": tenant_id, "sha256": digest, "part": part}
                tx.connection.execute(_KEEP, {**found, "content": content})
        return digest

    def get(self, tenant_id: int, digest: bytes) -> bytes:
        """The bytes of that SHA-256; raises IntegrityBroken when they are missing or changed."""
        return b"".join(self._parts(tenant_id, digest))

    @contextmanager
    def open(self, tenant_id: int, digest: bytes) -> Iterator[BinaryIO]:
        """The bytes in a temporary file; raises IntegrityBroken when they are missing or changed."""
        with tempfile.TemporaryFile() as file:
            file.writelines(self._parts(tenant_id, digest))
            file.seek(0)
            yield file

    def verify(self, tenant_id: int, digest: bytes) -> None:
        """Raise IntegrityBroken unless the rows are there and match."""
        for _ in self._parts(tenant_id, digest):
            pass

    def listed(self) -> Iterator[tuple[int, bytes]]:
        """Tenant and SHA-256 of all that is kept, of one snapshot."""
        key = (blob.c.tenant_id, blob.c.sha256)
        with self.database.read(0) as tx:
            # Each has a first part, also an empty file.
            query = select(*key).where(blob.c.part == 0).order_by(*key)
            with tx.connection.execute(query, execution_options={"yield_per": _LISTED}) as found:
                for row in found:
                    yield row.tenant_id, row.sha256

    def _parts(self, tenant_id: int, digest: bytes) -> Iterator[bytes]:
        query = (
            select(blob.c.content)
            .where(blob.c.tenant_id == tenant_id, blob.c.sha256 == digest)
            .order_by(blob.c.part)
        )
        with self.database.read(tenant_id) as tx:
            # Row by row from a cursor of the server: the driver would fetch all of them at once.
            rows = tx.connection.execute(query, execution_options={"yield_per": 1}).scalars()
            hashed, part = sha256(), None
            for part in rows:
                hashed.update(part)
                yield part
        if part is None:
            raise missing(tenant_id, digest)
        if hashed.digest() != digest:
            raise changed(tenant_id, digest)


def _folders(folder: Path) -> list[Path]:
    """The folders of our own making in a folder, in order; none where it is not there."""
    if not folder.is_dir():
        return []
    return sorted(found for found in folder.iterdir() if _FOLDER.fullmatch(found.name))


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    """The file from its beginning; of an empty one, too, there is a piece."""
    source.seek(0)
    piece = source.read(_PIECE)
    yield piece
    while piece := source.read(_PIECE):
        yield piece


def digest_of(source: BinaryIO) -> bytes:
    """The SHA-256 of a seekable file, from its beginning; it stands at its end then."""
    hashed = sha256()
    for piece in _pieces(source):
        hashed.update(piece)
    return hashed.digest()


def _again(source: BinaryIO, digest: bytes) -> Iterator[bytes]:
    """The file once more; raises FileUnreadable at its end where it is another one by now."""
    hashed = sha256()
    for piece in _pieces(source):
        hashed.update(piece)
        yield piece
    if hashed.digest() != digest:
        raise FileUnreadable("the file was changed while it was read", mend="Try again")


def _holds(path: Path, digest: bytes) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return digest_of(file) == digest


def missing(tenant_id: int, digest: bytes) -> IntegrityBroken:
    """What is raised where kept bytes are not there."""
    return IntegrityBroken(
        "the stored bytes are missing",
        place=_place(tenant_id, digest),
        mend="Restore them from a backup",
    )


def changed(tenant_id: int, digest: bytes) -> IntegrityBroken:
    """What is raised where kept bytes are others by now."""
    return IntegrityBroken(
        "the stored bytes do not match their hash",
        place=_place(tenant_id, digest),
        mend="Restore them from a backup",
    )


def _place(tenant_id: int, digest: bytes) -> str:
    return f"tenant {tenant_id}, content {digest.hex()}"
