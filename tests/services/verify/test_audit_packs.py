"""The audit pack of an invoice: it proves itself, and whatever is changed in it is found (O27)."""

import json
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN, moved, statement
from tests.services.company import XRechnung, opened
from tests.services.verify.books import kept_books, tampering

from faktura.cli.verify import verify as verify_command
from faktura.domain.audit_pack import Head, PackedSeal, problems_of_chain
from faktura.flows.audit_packs import write_pack
from faktura.flows.documents import Documents, render_documents
from faktura.flows.pack_files import unpacked
from faktura.flows.pack_verification import read_head, verify_pack
from faktura.kernel.errors import FileUnreadable, HostileFile, NotFound
from faktura.services.audit_packs import chain_head_of
from faktura.services.documents import Selection
from faktura.services.proof_of_seals import head_is_kept, seals_hold
from faktura.store.blobs import DirectoryStore
from faktura.store.tables import document

PARTLY_PAID = "RE-000001"
# A head that was kept before anything was written.
FIRST = Head("werk", 0, "00" * 32, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Books with a document that was paid in parts, one of which came back, and its pack."""
    folder = tmp_path_factory.mktemp("packs")
    database = opened(f"sqlite:///{folder / 'books.db'}")
    tenant = kept_books(database)
    contents = DirectoryStore(folder / "contents")
    render_documents(Documents(database, contents, XRechnung(), tenant), Selection(PARTLY_PAID))
    path = folder / "pack.zip"
    receipt = write_pack(database, contents, tenant, PARTLY_PAID, path)
    yield database, tenant, contents, path, receipt
    database.close()


@pytest.fixture
def files(kept) -> dict[str, bytes]:
    """The files of the pack by name."""
    with zipfile.ZipFile(kept[3]) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes], path: Path, *, honest: bool = True) -> Path:
    """A pack of these files; an honest index names their hashes anew."""
    if honest:
        index = json.loads(files["pack.json"])
        index["files"] = {
            name: sha256(content).hexdigest()
            for name, content in files.items()
            if name != "pack.json"
        }
        files = {**files, "pack.json": json.dumps(index).encode()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_pack_proves_itself(kept):
    """Three payment facts, the document, its rendering: all under seals that lead to the head."""
    receipt, verdict = kept[4], verify_pack(kept[3])

    assert verdict.problems == ()
    assert verdict.document == PARTLY_PAID
    assert receipt.documents == (PARTLY_PAID,)
    assert (verdict.facts, verdict.files) == (receipt.facts, receipt.files)
    assert verdict.facts == 17


def test_it_holds_what_an_auditor_asks_for(files):
    """Document with derivation, postings, account, payments, the bank's lines, the file handed out."""
    tables = {
        name.removeprefix("facts/").removesuffix(".jsonl"): len(content.splitlines())
        for name, content in files.items()
        if name.startswith("facts/")
    }
    [document] = [json.loads(line) for line in files["facts/document.jsonl"].splitlines()]
    named = dict(document["values"])
    line = dict(document["parts"][0])

    assert tables == {
        "account_transaction": 4,
        "allocation": 3,
        "document": 1,
        "event": 5,
        "journal_entry": 4,
    }
    assert (named["number"], named["gross"]) == (PARTLY_PAID, 7140)
    assert "derivation" in line
    assert [name for name in files if name.startswith("documents/")] != []
    assert b"RE-000001  INVOICE  2026-10-01  71.40 EUR" in files["overview.txt"]
    assert b"bis zu ihrem Ende am 01.10.2026 um 08:00 Uhr (Europe/Berlin)." in files["overview.txt"]


def test_equal_books_give_an_equal_pack(kept, tmp_path):
    """The clock of the tests stands still: nothing else may differ."""
    database, tenant, contents, path, _ = kept

    write_pack(database, contents, tenant, PARTLY_PAID, tmp_path / "again.zip")

    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


def change(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    """Replaces bytes of a file that must be there."""

    def apply(files: dict[str, bytes]) -> None:
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new, 1)

    return apply


def drop_line(name: str) -> Callable[[dict[str, bytes]], None]:
    """Takes the first line of a file away."""

    def apply(files: dict[str, bytes]) -> None:
        files[name] = b"".join(files[name].splitlines(keepends=True)[1:])

    return apply


def drop_second(files: dict[str, bytes]) -> None:
    """Takes a seal out of the middle of the chain."""
    lines = files["seals.jsonl"].splitlines(keepends=True)
    files["seals.jsonl"] = b"".join([lines[0], *lines[2:]])


def other_bytes(files: dict[str, bytes]) -> None:
    """Another file in the place of the one handed out."""
    [name] = [name for name in files if name.startswith("documents/")]
    files[name] += b" "


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (change("facts/document.jsonl", b'["gross",7140]', b'["gross",7141]'), "match its hash"),
        (change("facts/document.jsonl", b'["gross",7140]', b'["gross",NaN]'), "cannot be hashed"),
        (change("facts/document.jsonl", b'["gross",', b'["net",'), "names of their columns"),
        (change("facts/journal_entry.jsonl", b'["minor",', b'["minor",1'), "match its hash"),
        (change("facts/event.jsonl", b'"sequence",1', b'"sequence",2'), "match its hash"),
        (change("facts/document.jsonl", b'"seal":', b'"seal":9'), "is not in the pack"),
        (drop_line("seals.jsonl"), "is not in the pack with its facts"),
        (change("seals.jsonl", b'"facts":', b'"facts":1'), "its hash does not match"),
        (change("seals.jsonl", b'"prev":"', b'"prev":"g'), "its hash does not match"),
        (change("seals.jsonl", b'"digests":["', b'"digests":["g'), "not those that were sealed"),
        (drop_second, "does not follow the seal before it"),
        (change("pack.json", b'"seal":', b'"seal":1'), "does not end at the head"),
        (other_bytes, "no sealed event tells of these bytes"),
    ],
    ids=[
        "gross",
        "nan",
        "name",
        "leg",
        "event",
        "seal",
        "chain",
        "count",
        "prev",
        "digest",
        "gap",
        "head",
        "bytes",
    ],
)
def test_what_is_changed_is_found_though_the_index_was_mended(files, tmp_path, tamper, problem):
    """Whoever tampers also writes the index anew: the seals tell."""
    tamper(files)

    verdict = verify_pack(packed(files, tmp_path / "pack.zip"))

    assert problem in " ".join(words for _, words in verdict.problems)


def drop_events(files: dict[str, bytes]) -> None:
    """Takes away what tells of the rendering, and changes its bytes."""
    lines = files["facts/event.jsonl"].splitlines(keepends=True)
    files["facts/event.jsonl"] = b"".join(one for one in lines if b"DOCUMENT_RENDERED" not in one)
    other_bytes(files)


def no_facts(files: dict[str, bytes]) -> None:
    """Leaves the chain alone."""
    for name in [name for name in files if name.startswith(("facts/", "documents/"))]:
        del files[name]


def twice(files: dict[str, bytes]) -> None:
    """A payment that counts once more."""
    files["facts/allocation.jsonl"] += files["facts/allocation.jsonl"].splitlines(keepends=True)[0]


def renamed(files: dict[str, bytes]) -> None:
    """The file under the number of another document."""
    [name] = [name for name in files if name.startswith("documents/")]
    files[name.replace(PARTLY_PAID, "RE-000002")] = files.pop(name)


@pytest.mark.parametrize(
    ("tamper", "place", "problem"),
    [
        (drop_events, "documents/RE-000001", "no sealed event tells of these bytes"),
        (no_facts, "document RE-000001", "its facts are not in the pack"),
        (twice, "allocation ", "it is in the pack twice"),
        (renamed, "documents/RE-000002", "no sealed event tells of these bytes"),
        (renamed, "documents/RE-000001", "a sealed event tells of this file, and it is missing"),
        (
            change("pack.json", b'"document":"RE-000001"', b'"document":"RE-000002"'),
            "document RE-000002",
            "its facts are not in the pack",
        ),
        (
            change("pack.json", b'"documents":["RE-000001"]', b'"documents":[]'),
            "document RE-000001",
            "the index does not name it",
        ),
        (
            change("facts/document.jsonl", b'"place":"document RE-000001', b'"place":"\\u001b[2J'),
            "\N{REPLACEMENT CHARACTER}[2J",
            "it stands for another fact than its values",
        ),
        (
            lambda files: files.update({"facts/leg.jsonl": b""}),
            "facts/leg.jsonl",
            "an audit pack has no such file",
        ),
    ],
    ids=["event", "empty", "twice", "name", "gone", "document", "list", "place", "file"],
)
def test_what_is_left_out_doubled_or_named_otherwise_is_found(
    files, tmp_path, tamper, place, problem
):
    """Every seal holds, and the pack would still say something else than the books."""
    tamper(files)

    verdict = verify_pack(packed(files, tmp_path / "pack.zip"))

    assert [one for one in verdict.problems if one[0].startswith(place) and one[1] == problem] != []


def test_a_fact_that_was_hashed_anew_is_not_under_its_seal(files, tmp_path):
    """Content and hash agree; the seal does not cover them."""
    lines = files["facts/document.jsonl"].splitlines()
    fact = json.loads(lines[0])
    fact["values"] = [["gross", 1] if pair[0] == "gross" else pair for pair in fact["values"]]
    rows = [[value for _, value in row] for row in (fact["values"], *fact["parts"])]
    written = json.dumps(rows, separators=(",", ":"))
    fact["sha256"] = sha256(written.encode()).hexdigest()
    files["facts/document.jsonl"] = json.dumps(fact).encode() + b"\n"

    verdict = verify_pack(packed(files, tmp_path / "pack.zip"))

    assert [words for _, words in verdict.problems] == [f"seal {fact['seal']} does not cover it"]


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (lambda files: files.update({"new.txt": b"x"}), "the file was added later"),
        (lambda files: files.pop("bank.jsonl"), "the file is missing"),
        (
            lambda files: files.update({"overview.txt": b"x"}),
            "the file is not the one that was packed",
        ),
    ],
    ids=["added", "missing", "changed"],
)
def test_files_are_those_that_were_packed(files, tmp_path, tamper, problem):
    """What no seal covers is covered by the index."""
    tamper(files)

    verdict = verify_pack(packed(files, tmp_path / "pack.zip", honest=False))

    assert problem in [words for _, words in verdict.problems]


def test_a_head_kept_elsewhere_tells_a_chain_that_was_written_anew(kept):
    """In a pack and in the books."""
    database, tenant, _, path, _ = kept
    with database.read(tenant.id) as tx:
        head = chain_head_of(tx, tenant)
        other = replace(head, hash="00" * 32)
        later = replace(head, seal=head.seal + 1)

        assert list(head_is_kept(tx, head)) == []
        assert [one.problem for one in head_is_kept(tx, other)] == [
            "it is not the seal whose hash was kept: the chain was written anew"
        ]
        assert [one.problem for one in head_is_kept(tx, later)] == [
            "the chain ends before the head that was kept"
        ]

        assert list(head_is_kept(tx, FIRST)) == []
        assert [one.problem for one in head_is_kept(tx, replace(head, tenant="other"))] == [
            "the kept head is of tenant “other”, not of “werk”"
        ]

    assert verify_pack(path, head).problems == ()
    assert len(verify_pack(path, other).problems) == 1
    assert len(verify_pack(path, later).problems) == 1
    assert verify_pack(path, replace(head, tenant="other")).problems == (
        ("head", "the pack is of tenant “werk”, the kept head of “other”"),
    )


def test_a_head_from_before_the_pack_is_in_its_first_seal(kept, files, tmp_path):
    """The seal before the first one, or none at all; what lies farther back the pack cannot tell."""
    first = json.loads(files["seals.jsonl"].splitlines()[0])
    before = replace(FIRST, seal=first["seq"] - 1, hash=first["prev"])
    farther = replace(FIRST, seal=first["seq"] - 2)
    seals = [PackedSeal(1, "01" * 32, "", 0, "", FIRST.taken_at)]

    assert verify_pack(kept[3], before).problems == ()
    assert [words for _, words in verify_pack(kept[3], farther).problems] == [
        "the head that was kept is of a seal that is not in the pack"
    ]
    assert ("seal 1", "it is the first one and follows another") in problems_of_chain(seals, FIRST)


def test_every_document_of_the_books_has_a_pack_that_holds(kept, tmp_path):
    """Corrections, opening items, deposits: whatever was issued."""
    database, tenant, contents, *_ = kept
    with database.read(tenant.id) as tx:
        numbers = tx.connection.execute(select(document.c.number)).scalars().all()

    for number in numbers:
        write_pack(database, contents, tenant, number, tmp_path / "one.zip")
        assert verify_pack(tmp_path / "one.zip").problems == ()

    assert len(numbers) > 3


def test_bytes_of_a_document_are_sealed_in_the_books(kept):
    """Another hash in the row, or a row that no seal tells of."""
    database, tenant, *_ = kept
    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql("UPDATE rendering SET sha256 = randomblob(32)")
        changed = [(one.place, one.problem) for one in seals_hold(tx)]
    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO rendering SELECT tenant_id, document_id, 'other', sha256, size, media_type,"
            " rule_set, '2027-01-01 00:00:00.000000' FROM rendering"
        )
        added = [one.problem for one in seals_hold(tx)]

    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql("DELETE FROM rendering")
        deleted = [(one.place, one.problem) for one in seals_hold(tx)]
    with tampering(database, tenant) as tx:
        # Back before anything was sealed, under a name of its own.
        tx.connection.exec_driver_sql(
            "UPDATE rendering SET sha256 = randomblob(32), format = 'other',"
            " rendered_at = '2000-01-01 00:00:00.000000'"
        )
        moved_away = [one.problem for one in seals_hold(tx)]

    assert deleted == [(changed[0][0], "a sealed event tells of it, and it is gone")]
    assert moved_away == ["a sealed event tells of it, and it is gone"]
    assert [problem for _, problem in changed] == [
        "its hash is not the one that was sealed with it"
    ]
    assert changed[0][0].startswith(f"rendering of document {PARTLY_PAID} as ")
    assert added == ["no seal covers it"]


def test_the_banks_line_is_in_it_with_its_decision(database, tmp_path):
    """As the bank told it and as it was decided; on both databases."""
    scene = BankScene(database, tmp_path / "contents")
    scene.upload(statement(moved("35.70", "RE-000001")))
    path = tmp_path / "pack.zip"

    write_pack(database, scene.bank.content, scene.tenant, "RE-000001", path)

    with zipfile.ZipFile(path) as archive:
        [line] = [json.loads(one) for one in archive.read("bank.jsonl").splitlines()]
    assert verify_pack(path).problems == ()
    assert (line["amount"], line["account"], line["state"]) == ("35.70", IBAN, "BOOKED")
    assert [one["outcome"] for one in line["decisions"]] == ["FULL"]


def test_an_unknown_document_has_no_pack(kept, tmp_path):
    """Named, and nothing is written."""
    database, tenant, contents, *_ = kept

    with pytest.raises(NotFound):
        write_pack(database, contents, tenant, "RE-999999", tmp_path / "none.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no zip at all"],
    ids=["empty", "torn", "text"],
)
def test_what_is_no_zip_is_named(tmp_path, content):
    """Before anything of it is read."""
    path = tmp_path / "pack.zip"
    path.write_bytes(content)

    with pytest.raises(FileUnreadable, match="no readable zip"):
        verify_pack(path)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.txt": b"x"}, "no audit pack"),
        ({"pack.json": b"[]"}, "no audit pack"),
        ({"pack.json": b'{"format":"faktura-audit-pack","version":2}'}, "version 2"),
        ({"pack.json": b'{"format":"faktura-audit-pack","version":1}'}, "no whole audit pack"),
    ],
)
def test_another_zip_is_named(tmp_path, files, words):
    """Also one of a later release."""
    with pytest.raises(FileUnreadable, match=words):
        verify_pack(packed(files, tmp_path / "pack.zip", honest=False))


DEEP = b"[" * 200_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pack.json", b'{"format":"faktura-audit-pack","version":1,"format":"x"}'),
        ("pack.json", DEEP),
        ("seals.jsonl", DEEP),
        ("seals.jsonl", b'{"seq":Infinity}'),
        ("seals.jsonl", b'{"seq":' + b"9" * 5000 + b"}"),
        ("facts/event.jsonl", b'{"values":[["a",1]],"values":[["b",2]]}'),
        ("facts/event.jsonl", b'{"values":[["id",' + b"[" * 5000 + b"]" * 5000 + b"]]}"),
    ],
    ids=["twins", "deep", "deep-line", "infinite", "huge", "line-twins", "deep-value"],
)
def test_what_would_break_a_reader_is_no_pack(files, tmp_path, name, content):
    """A name that is there twice, depth, numbers without end."""
    files[name] = content

    with pytest.raises(FileUnreadable, match="audit pack"):
        verify_pack(packed(files, tmp_path / "pack.zip", honest=name != "pack.json"))


def declared(path: Path, size: int) -> None:
    """Has the zip's only file declare another size."""
    content = path.read_bytes()
    for magic, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(magic) + at
        content = content[:start] + size.to_bytes(4, "little") + content[start + 4 :]
    path.write_bytes(content)


def test_a_file_that_declares_too_little_is_not_inflated(tmp_path):
    """64 MiB of zeros that call themselves ten bytes take no 64 MiB."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(64 << 20))
    declared(path, 10)
    content = path.read_bytes()
    tracemalloc.start()

    with pytest.raises(FileUnreadable):
        unpacked(content, "bomb.zip")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


def test_a_zip_with_twins_or_of_another_method_is_hostile(files, tmp_path):
    """Another program may show the twin that was not proved; other methods inflate at once."""
    twins, packed_otherwise = tmp_path / "twins.zip", tmp_path / "lzma.zip"
    with zipfile.ZipFile(twins, "w") as archive:
        archive.writestr("overview.txt", b"a")
        archive.writestr("Overview.txt", b"b")
    with zipfile.ZipFile(packed_otherwise, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("overview.txt", b"a")

    with pytest.raises(HostileFile, match="two files are called"):
        verify_pack(twins)
    with pytest.raises(HostileFile, match="not packed with deflate"):
        verify_pack(packed_otherwise)


def test_a_torn_stream_is_named(tmp_path):
    """Bytes that are no deflate."""
    path = tmp_path / "torn.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(1000))
    content = bytearray(path.read_bytes())
    content[31:36] = b"\xff" * 5
    path.write_bytes(content)

    with pytest.raises(FileUnreadable, match="no readable zip"):
        verify_pack(path)


def test_a_bomb_is_not_unpacked(tmp_path):
    """What it declares is enough."""
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros", "w", force_zip64=True) as zeros,
    ):
        piece = bytes(1 << 20)
        for _ in range(513):
            zeros.write(piece)

    with pytest.raises(HostileFile):
        verify_pack(path)


def test_a_kept_head_is_read_back():
    """As chain-head --json writes it; anything else is named."""
    text = b'{"tenant":"t","seal":7,"hash":"ab","taken_at":"2026-11-22T08:00:00+00:00"}'

    assert read_head(text, "h.json") == Head("t", 7, "ab", datetime(2026, 11, 22, 8, tzinfo=UTC))
    with pytest.raises(FileUnreadable, match=r"it is no head of a chain\. Write one"):
        read_head(b"{}", "h.json")


def test_a_script_is_told_by_the_exit_code(kept, files, tmp_path):
    """0 for a pack that holds, 1 for one that does not; both say where the chain ends."""
    change("facts/document.jsonl", b'["gross",7140]', b'["gross",7141]')(files)
    broken = packed(files, tmp_path / "pack.zip")

    head = verify_pack(kept[3]).head
    text = {"tenant": head.tenant, "seal": head.seal, "hash": head.hash, "taken_at": "2026-11-30"}
    (tmp_path / "head.json").write_text(json.dumps(text))

    good = CliRunner().invoke(
        verify_command, ["--pack", str(kept[3]), "--head", str(tmp_path / "head.json")]
    )
    bad = CliRunner().invoke(verify_command, ["--pack", str(broken), "--json"])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "RE-000001: 17 facts" in good.output
    assert "ok" in good.output
    assert "they prove nothing: overview.txt, bank.jsonl, exports.jsonl" in good.output
    assert f"the kept head, seal {head.seal}, is in the chain\n" in good.output
    assert json.loads(bad.output)["violations"] == [
        {
            "place": "document RE-000001 with its document_line",
            "problem": "its content does not match its hash",
        }
    ]
