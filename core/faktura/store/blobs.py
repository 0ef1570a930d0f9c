"""Content-addressed bytes: kept once under their SHA-256, durable before a row names them."""

import os
import tempfile
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from faktura.kernel.errors import FileUnwritable, IntegrityBroken
from faktura.store.database import Database
from faktura.store.tables import blob


class ContentStore(Protocol):
    """Keeps rendered and received bytes per tenant (P50); equal bytes of a tenant lie there once."""

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes; they are durable when this returns their SHA-256 (32 bytes).

        Never call it inside a transaction: the row that names the bytes is written afterwards.
        """
        ...

    def get(self, tenant_id: int, digest: bytes) -> bytes:
        """The bytes of that SHA-256; raises IntegrityBroken when they are missing or changed."""
        ...

    def verify(self, tenant_id: int, digest: bytes) -> None:
        """Raise IntegrityBroken unless the bytes are there and match their SHA-256."""
        ...


@dataclass(frozen=True, slots=True)
class DirectoryStore:
    """Files in `root/<tenant>/<2 hex>/<2 hex>/<64 hex>`; may be shared by several machines."""

    root: Path

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes: written beside, flushed, renamed, the folder flushed.

        Raises FileUnwritable with the reason.
        """
        digest = sha256(content).digest()
        target = self._path(tenant_id, digest)
        try:
            if not _holds(target, digest):
                _make_durable_folder(target.parent)
                _write_flushed(target, content)
            # Also for a file that was there: whoever renamed it may not have come this far.
            _flush_folder(target.parent)
        except OSError as error:
            raise FileUnwritable(
                f"the content store cannot be written: {error.strerror}",
                place=str(self.root),
                mend="Check the folder, its rights, and FAKTURA_BLOB_DIR",
            ) from error
        return digest

    def get(self, tenant_id: int, digest: bytes) -> bytes:
        """The bytes of that SHA-256; raises IntegrityBroken when they are missing or changed."""
        path = self._path(tenant_id, digest)
        return _checked(path.read_bytes() if path.exists() else None, tenant_id, digest)

    def verify(self, tenant_id: int, digest: bytes) -> None:
        """Raise IntegrityBroken unless the file matches; memory does not grow with it."""
        path = self._path(tenant_id, digest)
        if not path.exists():
            raise _missing(tenant_id, digest)
        if not _holds(path, digest):
            raise _changed(tenant_id, digest)

    def _path(self, tenant_id: int, digest: bytes) -> Path:
        name = digest.hex()
        return self.root / str(tenant_id) / name[:2] / name[2:4] / name


@dataclass(frozen=True, slots=True)
class TableStore:
    """Rows of the table `blob`, for PostgreSQL with more than one machine."""

    database: Database

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes, in a transaction of their own."""
        digest = sha256(content).digest()
        with self.database.write(tenant_id) as tx:
            tx.connection.execute(
                insert(blob)
                .values(tenant_id=tenant_id, sha256=digest, content=content)
                .on_conflict_do_nothing()
            )
        return digest

    def get(self, tenant_id: int, digest: bytes) -> bytes:
        """The bytes of that SHA-256; raises IntegrityBroken when they are missing or changed."""
        with self.database.read(tenant_id) as tx:
            content = tx.connection.execute(
                select(blob.c.content).where(blob.c.tenant_id == tenant_id, blob.c.sha256 == digest)
            ).scalar_one_or_none()
        return _checked(content, tenant_id, digest)

    def verify(self, tenant_id: int, digest: bytes) -> None:
        """Raise IntegrityBroken unless the row is there and matches."""
        self.get(tenant_id, digest)


def _write_flushed(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink()
        raise


def _make_durable_folder(folder: Path) -> None:
    # A new folder is durable when its parent is flushed, from the topmost one down.
    if not folder.exists():
        _make_durable_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _holds(path: Path, digest: bytes) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest() == digest


def _checked(content: bytes | None, tenant_id: int, digest: bytes) -> bytes:
    if content is None:
        raise _missing(tenant_id, digest)
    if sha256(content).digest() != digest:
        raise _changed(tenant_id, digest)
    return content


def _missing(tenant_id: int, digest: bytes) -> IntegrityBroken:
    return IntegrityBroken(
        "the stored bytes are missing",
        place=_place(tenant_id, digest),
        mend="Restore them from a backup",
    )


def _changed(tenant_id: int, digest: bytes) -> IntegrityBroken:
    return IntegrityBroken(
        "the stored bytes do not match their hash",
        place=_place(tenant_id, digest),
        mend="Restore them from a backup",
    )


def _place(tenant_id: int, digest: bytes) -> str:
    return f"tenant {tenant_id}, content {digest.hex()}"
