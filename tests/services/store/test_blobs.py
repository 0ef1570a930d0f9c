"""The content store: bytes under their SHA-256, once, durable, and proved when read."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from faktura.kernel.errors import FileUnwritable, IntegrityBroken
from faktura.store.blobs import DirectoryStore, TableStore
from faktura.store.database import open_database
from faktura.store.tables import blob, metadata

HELLO = bytes.fromhex("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")


@pytest.fixture(params=["directory", pytest.param("table", marks=pytest.mark.postgres)])
def content(request, tmp_path, clock, ids):
    """A content store of each kind; both keep one contract."""
    if request.param == "directory":
        yield DirectoryStore(tmp_path / "content")
        return
    opened = open_database(request.getfixturevalue("empty_postgres"), clock, ids)
    metadata.create_all(opened.engine)
    yield TableStore(opened)
    opened.close()


@pytest.fixture
def empty_postgres(postgres_url):
    """The worker's PostgreSQL database, without tables."""
    import psycopg

    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres_url


def test_bytes_come_back_under_their_hash(content):
    """The key is the SHA-256 of the bytes; putting them twice changes nothing."""
    first = content.put(1, b"hello")
    again = content.put(1, b"hello")

    assert first == again == HELLO
    assert content.get(1, HELLO) == b"hello"
    content.verify(1, HELLO)


def test_nothing_is_content_too(content):
    """An empty file has a hash like any other."""
    digest = content.put(1, b"")

    assert digest == sha256().digest()
    assert content.get(1, digest) == b""


def test_a_tenant_does_not_see_anothers_bytes(content):
    """Also where the hash is known (P50)."""
    content.put(1, b"hello")

    with pytest.raises(IntegrityBroken) as refused:
        content.get(2, HELLO)
    with pytest.raises(IntegrityBroken):
        content.verify(2, HELLO)

    assert str(refused.value) == (
        f"tenant 2, content {HELLO.hex()}: the stored bytes are missing. Restore them from a backup"
    )


def file_of(store: DirectoryStore) -> Path:
    return store.root / "1" / "2c" / "f2" / HELLO.hex()


def test_a_file_lies_two_folders_deep_under_its_hash(tmp_path):
    """So that no folder grows without limit; nothing half-written stays beside it."""
    store = DirectoryStore(tmp_path)

    store.put(1, b"hello")

    assert file_of(store).read_bytes() == b"hello"
    assert [path.name for path in file_of(store).parent.iterdir()] == [HELLO.hex()]


def test_a_changed_file_is_found_and_putting_the_bytes_again_mends_it(tmp_path):
    """A flipped bit is never handed out."""
    store = DirectoryStore(tmp_path)
    store.put(1, b"hello")
    file_of(store).write_bytes(b"hellO")

    with pytest.raises(IntegrityBroken, match="do not match their hash"):
        store.get(1, HELLO)
    with pytest.raises(IntegrityBroken, match="do not match their hash"):
        store.verify(1, HELLO)
    store.put(1, b"hello")

    store.verify(1, HELLO)


def test_bytes_and_their_folders_are_flushed_before_the_hash_is_given(tmp_path, monkeypatch):
    """File first, then the new name's folder: the row that names the hash is written afterwards."""
    flushed: list[str] = []
    fsync = os.fsync

    def recording(handle: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", recording)
    store = DirectoryStore(tmp_path / "content")

    store.put(1, b"hello")

    top = tmp_path.resolve()
    folders = ["", "/content", "/content/1", "/content/1/2c"]
    assert flushed[:4] == [f"{top}{folder}" for folder in folders]
    assert flushed[4].startswith(f"{top}/content/1/2c/f2/.new-")
    assert flushed[5:] == [f"{top}/content/1/2c/f2"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    """A full disk: neither a half file under the hash nor a scrap beside it."""
    store = DirectoryStore(tmp_path)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    store.put(1, b"other")
    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "1" / "2c" / "f2").mkdir(parents=True)

    with pytest.raises(FileUnwritable, match="No space left"):
        store.put(1, b"hello")

    assert list(file_of(store).parent.iterdir()) == []


@pytest.mark.postgres
def test_a_changed_row_is_found(empty_postgres, clock, ids):
    """The table is proved like the files, and holds equal bytes once."""
    database = open_database(empty_postgres, clock, ids)
    metadata.create_all(database.engine)
    store = TableStore(database)
    store.put(1, b"hello")
    store.put(1, b"hello")
    with database.write(1) as tx:
        assert tx.connection.execute(select(func.count()).select_from(blob)).scalar() == 1
        tx.connection.execute(update(blob).values(content=b"hellO"))

    with pytest.raises(IntegrityBroken, match="do not match their hash"):
        store.verify(1, HELLO)

    database.close()
