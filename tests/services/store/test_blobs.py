"""The content store: bytes under their SHA-256, once, durable, and proved when read."""

import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update
from typing_extensions import override

from faktura.kernel.errors import FileUnreadable, FileUnwritable, IntegrityBroken
from faktura.store.blobs import DirectoryStore, TableStore
from faktura.store.database import open_database
from faktura.store.tables import blob, metadata

HELLO = bytes.fromhex("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
# 2.5 MiB, no two pieces of it the same: more than the store holds at a time.
LONG = b"".join(number.to_bytes(4, "big") for number in range(655_360))


class Restless(BytesIO):
    """A file that somebody writes to: from the second reading on it says something else."""

    @override
    def seek(self, offset: int, whence: int = 0, /) -> int:
        position = super().seek(offset, whence)
        self.getbuffer()[:5] = b"HELLO" if self.read(5) == b"hello" else b"hello"
        return super().seek(position)


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


def test_a_file_is_kept_whole_from_its_beginning_and_opened_again(content):
    """Wherever it was read to before; what is opened can be read twice, as formats do."""
    source = BytesIO(LONG)
    source.read(100)

    digest = content.keep(1, source)

    assert digest == sha256(LONG).digest()
    content.verify(1, digest)
    assert content.get(1, digest) == LONG
    with content.open(1, digest) as file:
        assert file.read(8) == bytes([0, 0, 0, 0, 0, 0, 0, 1])
        file.seek(-4, os.SEEK_END)
        assert file.read() == bytes([0, 9, 255, 255])
        file.seek(0)
        assert file.read() == LONG


def test_a_kept_file_and_the_same_bytes_are_one(content):
    """Whichever way they came."""
    kept = content.keep(1, BytesIO(LONG)), content.keep(1, BytesIO(LONG)), content.put(1, LONG)

    assert set(kept) == {sha256(LONG).digest()}
    assert content.get(1, kept[0]) == LONG


def test_an_empty_file_is_kept_too(content):
    """It is opened as an empty file, not missed."""
    digest = content.keep(1, BytesIO())

    with content.open(1, digest) as file:
        assert file.read() == b""


def test_a_file_that_changes_while_it_is_kept_is_refused(content):
    """Nothing lies under a hash that is not its own."""
    with pytest.raises(FileUnreadable) as refused:
        content.keep(1, Restless(b"HELLO"))

    assert refused.value.problem == "the file was changed while it was read"
    with pytest.raises(IntegrityBroken, match="missing"):
        content.verify(1, HELLO)


def test_two_that_keep_the_same_file_at_once_do_not_meet(content):
    """Two people upload one statement."""
    with ThreadPoolExecutor(2) as threads:
        digests = list(threads.map(lambda _: content.keep(1, BytesIO(LONG)), range(2)))

    assert digests == [sha256(LONG).digest()] * 2
    assert content.get(1, digests[0]) == LONG


def test_a_tenant_does_not_see_anothers_bytes(content):
    """Also where the hash is known (P50)."""
    content.put(1, b"hello")

    with pytest.raises(IntegrityBroken) as refused:
        content.get(2, HELLO)
    with pytest.raises(IntegrityBroken):
        content.verify(2, HELLO)
    with pytest.raises(IntegrityBroken), content.open(2, HELLO):
        pass

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
    with pytest.raises(IntegrityBroken, match="do not match their hash"), store.open(1, HELLO):
        pass
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


@pytest.fixture
def table(empty_postgres, clock, ids):
    """A content store in a table."""
    database = open_database(empty_postgres, clock, ids)
    metadata.create_all(database.engine)
    yield TableStore(database)
    database.close()


@pytest.mark.postgres
def test_a_changed_row_is_found(table):
    """The table is proved like the files, and holds equal bytes once."""
    table.put(1, b"hello")
    table.put(1, b"hello")
    with table.database.write(1) as tx:
        assert tx.connection.execute(select(func.count()).select_from(blob)).scalar() == 1
        tx.connection.execute(update(blob).values(content=b"hellO"))

    with pytest.raises(IntegrityBroken, match="do not match their hash"):
        table.verify(1, HELLO)


@pytest.mark.postgres
def test_no_row_holds_more_than_a_mebibyte(table):
    """Client and server hold a row whole: 2.5 MiB are three of them."""
    table.keep(1, BytesIO(LONG))

    with table.database.read(1) as tx:
        rows = tx.connection.execute(
            select(blob.c.part, func.length(blob.c.content)).order_by(blob.c.part)
        ).all()
    assert [tuple(row) for row in rows] == [(0, 1_048_576), (1, 1_048_576), (2, 524_288)]


@pytest.mark.postgres
def test_a_lost_part_is_found_before_a_byte_is_handed_out(table):
    """The hash is that of all parts."""
    digest = table.keep(1, BytesIO(LONG))
    with table.database.write(1) as tx:
        tx.connection.execute(delete(blob).where(blob.c.part == 2))

    with pytest.raises(IntegrityBroken, match="do not match their hash"), table.open(1, digest):
        pass


@pytest.mark.postgres
def test_keeping_a_file_again_mends_the_parts_that_were_lost_or_changed(table):
    """Whoever uploads the file once more has it whole; parts that are well are not written anew."""
    digest = table.keep(1, BytesIO(LONG))
    with table.database.write(1) as tx:
        before = versions(tx)
        tx.connection.execute(update(blob).where(blob.c.part == 1).values(content=b"hellO"))
        tx.connection.execute(delete(blob).where(blob.c.part == 2))

    table.keep(1, BytesIO(LONG))

    table.verify(1, digest)
    with table.database.read(1) as tx:
        after = versions(tx)
    assert after[0] == before[0]


def versions(tx):
    """Where each part's row lies: a row that is written anew lies elsewhere."""
    rows = tx.connection.execute(text("SELECT part, CAST(ctid AS text) FROM blob")).all()
    return dict(tuple(row) for row in rows)
