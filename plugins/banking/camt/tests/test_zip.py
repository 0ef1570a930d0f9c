"""ZIP archives: what a bank sends, and what an attacker sends (2.1, 2.7)."""

import gc
import io
import struct
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest

from faktura.kernel.errors import AmountUnreadable, FileUnreadable, HostileFile
from faktura.plugin import BankTransaction, StatementRecord
from faktura_camt import zip_archive

Build = Callable[..., str]
Zip = Callable[..., bytes]
Parse = Callable[..., list[StatementRecord]]


@pytest.fixture
def content(one: Build, entry: Build) -> bytes:
    """A statement with one entry."""
    return one(entry()).encode()


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Every archive is read or refused within 2 CPU seconds."""
    # What thousands of tests before this one left in memory is not looked through meanwhile.
    gc.freeze()
    began = time.process_time()
    yield
    spent = time.process_time() - began
    gc.unfreeze()
    assert spent < 2


def test_every_xml_file_is_read_in_order(one: Build, entry: Build, zipped: Zip, parse: Parse):
    """2.1: EBICS delivers one or more; the place names archive and file."""
    files = {f"C53/{n}.XML": one(entry(f"{n}.00")).encode() for n in (3, 1, 2)}

    found = [one for one in parse(zipped(files), "day.zip") if isinstance(one, BankTransaction)]

    assert [str(one.amount) for one in found] == ["3.00", "1.00", "2.00"]
    assert found[0].place == "day.zip, C53/3.XML, statement 1, entry 1, line 1"


def test_other_files_folders_and_mac_twins_are_left_out(content: bytes, zipped: Zip, parse: Parse):
    """They are in honest archives."""
    files = {
        "Auszüge/": b"",
        "Auszüge/LIESMICH.txt": b"hallo",
        "Auszüge/März.xml": content,
        "__MACOSX/Auszüge/._März.xml": b"\0",
    }

    found = parse(zipped(files), "day.zip")

    assert [one.record for one in found] == ["start", "transaction", "end"]


def test_a_stored_file_is_read_too(content: bytes, zipped: Zip, parse: Parse):
    """Not every archive is packed."""
    assert len(parse(zipped({"a.xml": content}, zipfile.ZIP_STORED))) == 3


def test_windows_1252_is_found_in_an_archive_too(
    one: Build, entry: Build, zipped: Zip, parse: Parse
):
    """The file is inflated twice for that, and counted once."""
    details = "<TxDtls><RmtInf><Ustrd>Käse</Ustrd></RmtInf></TxDtls>"
    data = one(*[entry(details=details)] * 1_000).encode("cp1252")

    assert len(parse(zipped({"a.xml": data}))) == 1_002


def test_an_error_names_archive_and_file(one: Build, entry: Build, zipped: Zip, parse: Parse):
    """The user opens the right one."""
    data = zipped({"bad\x07.xml": one(entry("x")).encode()})

    with pytest.raises(
        AmountUnreadable, match=r"day\.zip, bad\?\.xml, statement 1, entry 1, line 1, Amt"
    ):
        parse(data, "day.zip")


def test_a_bomb_is_refused(zipped: Zip, parse: Parse, content: bytes):
    """200 times its size is no bank statement."""
    bomb = content.replace(b"<Ntry>", b" " * 20_000_000 + b"<Ntry>")

    with pytest.raises(HostileFile, match="unpacks to far too much"):
        parse(zipped({"a.xml": bomb}))


def test_the_whole_archive_is_counted(
    one: Build, entry: Build, zipped: Zip, parse: Parse, monkeypatch: pytest.MonkeyPatch
):
    """Many files below the limit are one above it."""
    monkeypatch.setattr(zip_archive, "MAX_INFLATED", 1_000_000)
    monkeypatch.setattr(zip_archive, "MAX_RATIO", 10_000)
    data = one(*[entry()] * 2_000).encode()

    with pytest.raises(HostileFile, match=r"[1-8]\.xml: the ZIP archive unpacks"):
        parse(zipped({f"{n}.xml": data for n in range(9)}), "day.zip")


def test_a_size_that_lies_is_not_believed(content: bytes, zipped: Zip, parse: Parse):
    """The header says 10 bytes; the reader counts itself and finds the file broken."""
    data = bytearray(zipped({"a.xml": content}))
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, central + 24, 10)

    with pytest.raises(FileUnreadable, match="broken"):
        parse(bytes(data))


@pytest.mark.parametrize("cut", [25, 60, 200])
def test_an_archive_that_is_cut_off_is_refused(content: bytes, zipped: Zip, parse: Parse, cut: int):
    """Without its end nobody knows what was in it."""
    data = zipped({"a.xml": content})

    with pytest.raises(FileUnreadable, match="ZIP archive is"):
        parse(data[:-cut])


@pytest.mark.parametrize("at", [40, 60, 80])
def test_an_archive_with_damaged_contents_is_refused(
    content: bytes, zipped: Zip, parse: Parse, at: int
):
    """The check sum holds."""
    data = bytearray(zipped({"a.xml": content}))
    data[at] ^= 0xFF

    with pytest.raises(FileUnreadable):
        parse(bytes(data))


def test_a_damaged_directory_is_refused(content: bytes, zipped: Zip, parse: Parse):
    """Nobody knows what was in it."""
    data = bytearray(zipped({"a.xml": content}))
    data[data.rindex(b"PK\x01\x02") + 2] ^= 0xFF

    with pytest.raises(FileUnreadable, match="broken"):
        parse(bytes(data))


def test_a_directory_in_a_wrong_place_is_refused(content: bytes, zipped: Zip, parse: Parse):
    """The end record points behind the file."""
    data = bytearray(zipped({"a.xml": content}))
    struct.pack_into("<L", data, len(data) - 6, len(data) + 999)

    with pytest.raises(FileUnreadable, match="broken"):
        parse(bytes(data))


def test_more_than_200_files_are_refused(content: bytes, zipped: Zip, parse: Parse):
    """Of whatever kind: the directory is judged first."""
    files = {f"{n}.txt": b"" for n in range(200)}

    with pytest.raises(HostileFile, match="more than 200 files"):
        parse(zipped({"a.xml": content, **files}))


def test_a_count_that_lies_is_not_believed(content: bytes, zipped: Zip, parse: Parse):
    """The end record says one file, the directory has 201."""
    files = {f"{n}.txt": b"" for n in range(200)}
    data = bytearray(zipped({"a.xml": content, **files}))
    struct.pack_into("<2H", data, len(data) - 14, 1, 1)

    with pytest.raises(HostileFile, match="more than 200 files"):
        parse(bytes(data))


def test_the_form_for_huge_archives_is_refused(content: bytes, zipped: Zip, parse: Parse):
    """ZIP64 lets a directory of any size hide behind small numbers."""
    data = zipped({"a.xml": content})
    end = data.rindex(b"PK\x05\x06")

    with pytest.raises(HostileFile, match="ZIP64"):
        parse(data[:end] + b"PK\x06\x07" + bytes(16) + data[end:])


def test_an_encrypted_archive_is_refused(content: bytes, zipped: Zip, parse: Parse):
    """There is nobody to ask for the password."""
    data = bytearray(zipped({"a.xml": content}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(HostileFile, match="encrypted"):
        parse(bytes(data))


def test_a_symbolic_link_is_refused(parse: Parse):
    """Names are never paths, but no bank sends one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("a.xml")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(HostileFile, match="symbolic link"):
        parse(buffer.getvalue())


@pytest.mark.parametrize("name", ["inner.zip", "inner.ZIP", "inner.xml"])
def test_an_archive_in_an_archive_is_refused(content: bytes, zipped: Zip, parse: Parse, name: str):
    """By its name or by its contents."""
    inner = zipped({"a.xml": content})

    with pytest.raises(HostileFile, match="ZIP archive in the ZIP archive"):
        parse(zipped({name: inner}))


def test_two_files_of_one_name_are_refused(content: bytes, parse: Parse):
    """Which one did the user see? Names that differ by case only are one on some systems."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", content)
        archive.writestr("A.XML", content)

    with pytest.raises(HostileFile, match="one name"):
        parse(buffer.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(content: bytes, zipped: Zip, parse: Parse, method: int):
    """They inflate without bound in one step."""
    with pytest.raises(FileUnreadable, match="deflate"):
        parse(zipped({"a.xml": content}, method))


def test_an_archive_without_xml_is_refused(zipped: Zip, parse: Parse):
    """The user meant another file."""
    with pytest.raises(FileUnreadable, match="no XML file"):
        parse(zipped({"a.txt": b"hallo"}))


def test_names_lead_nowhere(content: bytes, zipped: Zip, parse: Parse):
    """A path in a name is text."""
    assert len(parse(zipped({"../../etc/a.xml": content}))) == 3
