"""Hostile XML ends in a named error, quickly and in little memory (2.7)."""

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from faktura.kernel.errors import FileUnreadable, HostileFile
from faktura.plugin import StatementRecord
from faktura_camt import open_entry

Build = Callable[..., str]
Parse = Callable[..., list[StatementRecord]]

FLOOD = 1_400_000


@pytest.fixture(params=["052", "053", "054"])
def one(request: pytest.FixtureRequest, document: Build, statement: Build) -> Build:
    """Build a document with one statement of these entries: each of the three messages."""
    return lambda *entries, **options: document(
        statement(*entries), message=request.param, **options
    )


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Every hostile file is refused within 2 CPU seconds."""
    # What thousands of tests before this one left in memory is not looked through meanwhile.
    gc.freeze()
    began = time.process_time()
    yield
    spent = time.process_time() - began
    gc.unfreeze()
    assert spent < 2


ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Document>",
        '<!DOCTYPE Document [<!ENTITY x "119.00">]>',
        f'<!DOCTYPE Document [<!ENTITY l0 "lol">{ENTITIES}]>',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE Document [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        f"<!--{' ' * 20_000}--><!DOCTYPE Document>",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_doctype_is_refused(one: Build, entry: Build, parse: Parse, doctype: str, codec: str):
    """No bank sends one; entities, files and networks hang on it. UTF-16 does not hide it."""
    declaration = '<?xml version="1.0" encoding="ISO-8859-1"?>' if codec == "latin-1" else ""

    with pytest.raises(HostileFile, match="DOCTYPE"):
        parse((declaration + doctype + one(entry())).encode(codec))


def test_a_doctype_pushed_out_of_sight_is_refused(one: Build, entry: Build, parse: Parse):
    """The first element must come within 64 KiB."""
    with pytest.raises(HostileFile, match="64 KiB"):
        parse(f"<!--{' ' * 70_000}--><!DOCTYPE Document>" + one(entry()))


def test_an_entity_nobody_declared_is_refused(one: Build, entry: Build, parse: Parse):
    """`1&x;19` must not become 119."""
    with pytest.raises(FileUnreadable, match="broken or ends early"):
        parse(one(entry("1&x;19.00")))


@pytest.mark.parametrize(
    "filling",
    [
        "<a/>" * 300_000,
        "x" * FLOOD,
        " " * FLOOD,
        f"<!--{'x' * FLOOD}-->",
        f'<a b="{"x" * FLOOD}"/>',
        "<a>" * 300_000,
    ],
    ids=["elements", "text", "blanks", "comment", "attribute", "depth"],
)
@pytest.mark.parametrize(
    "where", ["front", "message", "head", "entry", "block", "detail", "tail", "end"]
)
def test_a_flood_is_refused(one: Build, entry: Build, parse: Parse, filling: str, where: str):
    """What is not a complete entry for a megabyte is none; depth ends at 256."""
    contents = {
        "front": one(entry()).replace("<GrpHdr>", f"{filling}<GrpHdr>"),
        "message": one(entry()).replace("</GrpHdr>", f"</GrpHdr>{filling}"),
        "head": one(filling, entry()),
        "entry": one(entry(inside=filling)),
        "block": one(entry(details=filling)),
        "detail": one(entry(details=f"<TxDtls/><TxDtls>{filling}</TxDtls>")),
        "tail": one(entry(), filling),
        "end": one(entry()).replace("</BkToCstmr", f"{filling}</BkToCstmr"),
    }

    with pytest.raises((HostileFile, FileUnreadable), match=r"s\.xml"):
        parse(contents[where])


def test_many_elements_in_one_entry_are_refused(one: Build, entry: Build, parse: Parse):
    """Even below a megabyte: no entry has ten thousand elements."""
    with pytest.raises(HostileFile, match="10000 elements"):
        parse(one(entry(inside="<a/>" * 10_001)))


def test_junk_between_entries_is_refused(one: Build, entry: Build, parse: Parse):
    """It would fill the memory by and by."""
    with pytest.raises(FileUnreadable, match="does not belong"):
        parse(one(entry(), "<junk/>" * 1_000, entry()))


def test_an_endless_batch_is_refused(
    one: Build, entry: Build, parse: Parse, monkeypatch: pytest.MonkeyPatch
):
    """Its details are held until its end, so there is an end to them."""
    monkeypatch.setattr(open_entry, "MAX_DETAILS", 1_000)
    detail = '<TxDtls><Amt Ccy="EUR">1.00</Amt></TxDtls>'

    with pytest.raises(HostileFile, match="more than 1000 details"):
        parse(one(entry("5000.00", details=detail * 5_000)))


def test_a_large_batch_in_many_bytes_is_refused(
    one: Build, entry: Build, parse: Parse, monkeypatch: pytest.MonkeyPatch
):
    """The bytes count as well as the details."""
    monkeypatch.setattr(open_entry, "MAX_ENTRY_BYTES", 200_000)
    detail = (
        f'<TxDtls><Amt Ccy="EUR">1.00</Amt><RmtInf><Ustrd>{"x" * 9_000}</Ustrd></RmtInf></TxDtls>'
    )

    with pytest.raises(HostileFile, match="16 MB"):
        parse(one(entry("50.00", details=detail * 50)))
