"""Content in an object store: durable before a row names it, proved whenever it is read, no other tenant's."""

import io
import logging
from collections.abc import Iterator

import pytest
from tests.services.store.s3_double import KEY, SECRET, Store, object_store
from typing_extensions import override

from faktura.bootstrap import content_store, read_settings
from faktura.bootstrap.settings import Settings
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import (
    FakturaError,
    FieldInvalid,
    FieldRepeated,
    FileUnreadable,
    IntegrityBroken,
    Misconfigured,
)
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.store.database import open_database
from faktura.store.object_store import ObjectPlace, ObjectStore, read_place

ONE = bytes.fromhex("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")
EMPTY = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
PATH = "/bills/kept/1/76/92/" + ONE.hex()


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    with object_store() as store:
        yield store


@pytest.fixture
def double(server: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    # A repeated call comes at once.
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", _at_once)
    server.objects.clear()
    server.asked.clear()
    server.faults.clear()
    server.refused = 0
    return server


def _at_once(_self: object, _context: object) -> float:
    return 0.0


@pytest.fixture
def store(double: Store) -> ObjectStore:
    place = ObjectPlace("bills", "kept/", double.base, "eu-central-1")
    return ObjectStore(place, seconds=1, wait=1)


def test_bytes_are_kept_under_tenant_and_hash_and_come_back(store, double):
    """Every request is signed with the key of the environment; equal bytes are one object."""
    assert store.put(1, b"one") == ONE
    assert store.put(1, b"one") == ONE
    assert store.put(1, b"") == EMPTY

    assert store.get(1, ONE) == b"one"
    assert store.get(1, EMPTY) == b""
    store.verify(1, ONE)
    with store.open(1, ONE) as file:
        assert (file.seek(1), file.read()) == (1, b"ne")
    assert len(double.objects) == 2
    assert double.objects[PATH] == b"one"
    assert double.refused == 0


def test_a_large_file_passes_in_pieces(store, double):
    """Three mebibytes and a byte, whole again."""
    content = bytes(range(256)) * 4096 * 3 + b"!"

    digest = store.keep(1, io.BytesIO(content))

    assert store.get(1, digest) == content


def test_another_tenants_bytes_are_missing(store):
    """A tenant is part of each name (P50)."""
    store.put(1, b"one")

    for read in (store.get, store.verify):
        with pytest.raises(IntegrityBroken) as broken:
            read(2, ONE)
        assert str(broken.value) == (
            f"tenant 2, content {ONE.hex()}: the stored bytes are missing."
            " Restore them from a backup"
        )


@pytest.mark.parametrize("damaged", [b"two", b"on", b"one\n", b""])
def test_changed_bytes_are_never_handed_out(store, double, damaged):
    """Whoever changed them: nothing of them is read, and putting the right ones mends it."""
    store.put(1, b"one")
    double.objects[PATH] = damaged

    with pytest.raises(IntegrityBroken, match="do not match their hash"):
        store.get(1, ONE)
    with pytest.raises(IntegrityBroken), store.open(1, ONE):
        pytest.fail("it was opened")
    store.put(1, b"one")
    assert store.get(1, ONE) == b"one"


def test_wrong_bytes_on_the_way_back_are_found(store, double):
    """The answer is proved, not the store's word for it."""
    store.put(1, b"one")
    double.faults = ["wrong"]

    with pytest.raises(IntegrityBroken):
        store.get(1, ONE)


def test_an_answer_that_breaks_off_is_no_content(store, double):
    """It is to be tried again, and no damage is claimed."""
    store.put(1, b"one")
    double.faults = ["cut"]

    with pytest.raises(OutsideUnavailable) as cut:
        store.get(1, ONE)

    assert cut.value.mend == "Repeat it later"


@pytest.mark.parametrize("fault", ["503", "lost", "silent"])
def test_what_fails_once_is_repeated(store, double, fault):
    """Refused for now, an answer lost after the bytes were kept, and no answer: the same name again."""
    double.faults = [fault]

    assert store.put(1, b"one") == ONE

    assert [asked.split()[0] for asked in double.asked] == ["PUT", "PUT"]
    assert double.objects == {PATH: b"one"}


def test_bytes_that_changed_on_the_way_there_are_not_kept(store, double):
    """The store compares them with their hash; nothing is durable, so nothing is said to be."""
    double.faults = ["bitflip"] * 4

    with pytest.raises(OutsideUnavailable, match="BadDigest"):
        store.put(1, b"one")

    assert double.objects == {}


def test_a_store_that_is_down_is_an_error_with_a_name(store, double):
    """Nothing was kept; the row that would name the bytes is not written."""
    double.faults = ["503"] * 4

    with pytest.raises(OutsideUnavailable) as down:
        store.put(1, b"one")

    assert str(down.value) == (
        "FAKTURA_BLOB_S3: the object store does not answer: SlowDown. Repeat it later"
    )


def test_nobody_listens(double):
    """Connection refused."""
    store = ObjectStore(ObjectPlace("bills", "", "http://127.0.0.1:9", "eu-central-1"), wait=1)

    with pytest.raises(OutsideUnavailable, match="EndpointConnectionError"):
        store.put(1, b"one")


def test_no_secret_is_told(store, double, monkeypatch, caplog):
    """Not in an error, whatever the store repeats, and in no line of the log."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another one")

    with caplog.at_level(logging.INFO), pytest.raises(Misconfigured) as refused:
        store.put(1, b"one")

    told = f"{refused.value} {refused.value.as_dict()} {caplog.text} {store!r}"
    assert refused.value.problem == "the object store refuses us: SignatureDoesNotMatch"
    assert "another one" not in told
    assert SECRET not in told
    assert double.refused == 1


def test_without_credentials_the_variables_are_named(store, monkeypatch, tmp_path):
    """Before anything is sent."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(Misconfigured, match="AWS_ACCESS_KEY_ID"):
        store.put(1, b"one")


def test_a_file_that_changes_while_it_is_kept_is_refused(store):
    """Its name would be the hash of other bytes."""

    class Changing(io.BytesIO):
        seeks = 0

        @override
        def seek(self, offset: int, whence: int = 0, /) -> int:
            self.seeks += 1
            if self.seeks == 2:
                super().seek(0)
                self.write(b"two")
            return super().seek(offset, whence)

    with pytest.raises(FileUnreadable):
        store.keep(1, Changing(b"one"))


def test_all_that_is_kept_is_listed_by_tenant_and_hash(store, double):
    """In the order of numbers, page by page; what else lies in the bucket is left out."""
    for tenant_id, content in ((10, b"one"), (2, b"one"), (2, b""), (1, b"one")):
        store.put(tenant_id, content)
    double.objects |= {
        "/bills/kept/readme.txt": b"",
        "/bills/kept/1/76/notes": b"",
        "/bills/kept/old/76/92/" + ONE.hex(): b"",
        "/bills/elsewhere/1/76/92/" + ONE.hex(): b"",
    }

    assert list(store.listed()) == [(1, ONE), (2, ONE), (2, EMPTY), (10, ONE)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("s3://bills", ObjectPlace("bills")),
        ("s3://bills/a/b/", ObjectPlace("bills", "a/b/")),
        (
            "s3://bills?endpoint=https://s3.example.com&region=eu-1",
            ObjectPlace("bills", "", "https://s3.example.com", "eu-1"),
        ),
        (
            "s3://bills/x?endpoint=http://minio:9000",
            ObjectPlace("bills", "x/", "http://minio:9000"),
        ),
    ],
)
def test_the_setting_names_a_bucket(text, place):
    """With its endpoint and region; a host of ours may be without TLS."""
    assert read_place(text, frozenset({"minio:9000"})) == place


@pytest.mark.parametrize(
    "text",
    [
        "https://bills",
        "s3://",
        "s3://Bills",
        "s3://key:secret@bills",
        "s3://bills?secret=x",
        "s3://bills?endpoint=http://s3.example.com",
        "s3://bills?endpoint=ftp://minio:9000",
        "s3://bills?endpoint=https://key:secret@s3.example.com",
        "s3://bills?endpoint=https://s3.example.com?key=secret@",
        "s3://bills?endpoint=https://",
        "s3://bills?endpoint=https://[",
        "s3://[",
        "s3://bills#x",
    ],
)
def test_a_setting_that_names_none_is_refused(text):
    """A key does not belong there either; nothing of it is repeated."""
    with pytest.raises(FieldInvalid) as refused:
        read_place(text, frozenset({"minio:9000"}))
    assert "secret@" not in str(refused.value)


def test_the_application_uses_it_where_it_is_set(tmp_path):
    """Beside no folder of our own."""
    clock = SystemClock()
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}", clock, Uuid7Source(clock))
    settings = read_settings({"FAKTURA_BLOB_S3": "s3://bills/kept?region=eu-1"}, tmp_path)

    assert content_store(settings, database) == ObjectStore(
        ObjectPlace("bills", "kept/", None, "eu-1")
    )
    assert settings.shares_content
    assert not Settings().shares_content
    both = read_settings(
        {"FAKTURA_BLOB_S3": "s3://bills", "FAKTURA_BLOB_DIR": str(tmp_path)}, tmp_path
    )
    with pytest.raises(FieldRepeated):
        content_store(both, database)
    database.close()


def test_the_extra_is_named_where_it_is_not_installed(monkeypatch):
    """Not a trace of an import."""

    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr("faktura.store.object_store.import_module", absent)

    with pytest.raises(FakturaError) as refused:
        ObjectStore(ObjectPlace("bills")).put(1, b"one")

    assert refused.value.mend == "Install faktura[s3]"
