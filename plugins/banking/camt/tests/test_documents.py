"""Documents: encodings, namespaces, versions, and what is none (2.1, 2.7)."""

from collections.abc import Callable

import pytest

from faktura.kernel.errors import FileUnreadable
from faktura.plugin import BankTransaction, StatementEnd, StatementRecord

Build = Callable[..., str]
Read = Callable[..., list[BankTransaction]]
End = Callable[..., StatementEnd]

TEXT = "<TxDtls><RmtInf><Ustrd>Käse für Zoë</Ustrd></RmtInf></TxDtls>"


@pytest.fixture
def content(one: Build, entry: Build) -> str:
    """A document with umlauts, without a declaration."""
    return one(entry(details=TEXT))


@pytest.mark.parametrize(
    ("declaration", "codec"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<?xml version="1.0"?>', "utf-8"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8-sig"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
        ('<?xml version="1.0" encoding="UTF-16LE"?>', "utf-16-le"),
        ('<?xml version="1.0" encoding="UTF-16BE"?>', "utf-16-be"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?>", "latin-1"),
        ('<?xml version="1.0" encoding="iso-8859-15"?>', "iso-8859-15"),
        ('<?xml version="1.0" encoding="Windows-1252"?>', "cp1252"),
    ],
)
def test_every_declared_encoding_gives_the_same(
    content: str, transactions: Read, end: End, declaration: str, codec: str
):
    """6.1: UTF-8 with and without BOM, UTF-16, ISO-8859-1 read the same."""
    data = (declaration + content).encode(codec)

    (found,) = transactions(data)

    assert found.remittance_lines == ("Käse für Zoë",)
    assert end(data).warnings == ("the statement lacks an opening or closing balance: not checked",)


def test_a_big_endian_bom_is_seen(content: str, transactions: Read):
    """UTF-16 of either order."""
    (found,) = transactions(b"\xfe\xff" + content.encode("utf-16-be"))

    assert found.remittance_lines == ("Käse für Zoë",)


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>'])
def test_without_a_declaration_windows_1252_is_tried_with_a_warning(
    content: str, transactions: Read, end: End, declaration: str
):
    """2.7: a bank sends ISO-8859-1 without saying so."""
    data = (declaration + content.replace("Käse", "5 € Käse")).encode("cp1252")

    (found,) = transactions(data)

    assert found.remittance_lines == ("5 € Käse für Zoë",)
    assert end(data).warnings[0] == (
        "no encoding is declared and the text is not UTF-8: read as windows-1252"
    )


def test_an_umlaut_late_in_the_file_changes_the_encoding_too(
    one: Build, entry: Build, transactions: Read
):
    """The first 64 KiB may all be ASCII."""
    data = one(*[entry()] * 500, entry(details=TEXT)).encode("cp1252")

    assert transactions(data)[-1].remittance_lines == ("Käse für Zoë",)


@pytest.mark.parametrize(
    ("declaration", "codec"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>', "latin-1"),
        ('<?xml version="1.0" encoding="UTF-7"?>', "utf-8"),
        ('<?xml version="1.0" encoding="EBCDIC-CP-DE"?>', "utf-8"),
        ("", "utf-32"),
    ],
)
def test_a_wrong_or_odd_encoding_is_refused(
    content: str, transactions: Read, declaration: str, codec: str
):
    """What is not what it says may be read as something else."""
    with pytest.raises(FileUnreadable, match=r"s\.xml"):
        transactions((declaration + content).encode(codec))


def test_bytes_that_windows_1252_does_not_know_are_refused(content: str, transactions: Read):
    """The last fallback is not a licence."""
    with pytest.raises(FileUnreadable, match="Invalid bytes"):
        transactions(content.encode("cp1252").replace(b"Zo\xeb", b"Zo\x81"))


def test_a_namespace_prefix_changes_nothing(one: Build, entry: Build, transactions: Read):
    """2.7: `n0:` is seen in practice."""
    plain = one(entry(details=TEXT))
    prefixed = (
        plain.replace("</", "\0")
        .replace("<", "<n0:")
        .replace("\0", "</n0:")
        .replace("xmlns", "xmlns:n0")
    )

    assert transactions(prefixed) == transactions(plain)


@pytest.mark.parametrize(
    "declared", ["", ' xmlns:n0="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"']
)
def test_a_document_without_namespace_needs_the_lenient_setting(
    one: Build, entry: Build, transactions: Read, end: End, declared: str
):
    """2.7: a bank's sample declares a prefix and does not use it. Strict refuses, lenient warns."""
    content = one(entry()).replace(
        ' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', declared
    )

    with pytest.raises(FileUnreadable, match=r"no namespace.*lenient"):
        transactions(content)

    assert len(transactions(content, lenient=True)) == 1
    assert end(content, lenient=True).warnings[0] == (
        "the document has no namespace: its version is not known"
    )


@pytest.mark.parametrize("version", ["03", "05", "06", "07", "09", "10", "11", "12", "13", "14"])
def test_other_versions_are_read_by_their_structure_with_a_note(
    one: Build, entry: Build, end: End, version: str
):
    """2.1: the names are the same; a person should look once."""
    found = end(one(entry(), version=version))

    assert found.warnings[0] == (
        f"version camt.053.001.{version} is read by its structure: please check the result"
    )


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.01",
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.15",
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.٠٨",
        "urn:iso:std:iso:20022:tech:xsd:camt.052.001.01",
        "urn:iso:std:iso:20022:tech:xsd:camt.054.001.99",
        "urn:iso:std:iso:20022:tech:xsd:camt.055.001.08",
        "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08",
        "urn:other",
    ],
)
def test_other_messages_are_refused(one: Build, entry: Build, transactions: Read, namespace: str):
    """2.1: what is none of the three messages, or of a version nobody has seen."""
    content = one(entry()).replace("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", namespace)

    with pytest.raises(FileUnreadable, match=r"not camt\.052"):
        transactions(content)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"just text",
        b"{}",
        b"%PDF-1.7",
        b"\x00\x01\x02",
        b"<Invoice/>",
        b"<",
        b"<!-- x -->",
    ],
)
def test_what_is_no_camt_file_is_refused(parse: Callable[..., list[StatementRecord]], data: bytes):
    """With the name of the file, and before anything is handed over."""
    with pytest.raises(FileUnreadable, match=r"s\.xml"):
        parse(data)
