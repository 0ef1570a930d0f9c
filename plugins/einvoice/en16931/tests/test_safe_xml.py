"""The parser: hostile files are refused by name before they cost anything, honest ones are read."""

import pytest

from faktura.kernel.errors import FileUnreadable, HostileFile
from faktura_en16931 import safe_xml
from faktura_en16931.safe_xml import parsed

_LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10)
)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY l0 "lol">' + _LAUGHS + b"]><a>&l9;</a>",
        b'<!DOCTYPE a [<!ENTITY l0 "lol">' + _LAUGHS + b']><a b="&l9;"/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-',
    ],
)
def test_a_file_with_a_dtd_is_hostile(content: bytes) -> None:
    """No DTD, so no entity, no fetch and no explosion; in any encoding."""
    with pytest.raises(HostileFile, match="DTD"):
        parsed(content)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<a>" * 101 + b"</a>" * 101, "inside each other"),
        (b"<a>" + b"<b/>" * 600_001 + b"</a>", "too many elements"),
        (b"<a>" + b'<b c="" d="" e=""/>' * 150_001 + b"</a>", "too many elements"),
        (b"<a>" + b" " * safe_xml.MOST_BYTES + b"</a>", "more than 50 MB"),
    ],
)
def test_size_depth_and_number_are_bounded(content: bytes, problem: str) -> None:
    """What is refused here costs no more than the bound."""
    with pytest.raises(HostileFile, match=problem):
        parsed(content)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", ""),
        (b" \n", ""),
        (b"%PDF-1.7", "line 1"),
        (b"<a>\n<b>\n</a>", "line 3"),
        (b"<a>\n&unknown;</a>", ""),
        (b"<a>\x00</a>", "line 1"),
    ],
)
def test_a_broken_file_is_unreadable_with_its_line(content: bytes, place: str) -> None:
    """Not well-formed, or nothing at all."""
    with pytest.raises(FileUnreadable) as refused:
        parsed(content)

    assert refused.value.place == place


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        *(("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")),
        *(("iso-8859-1", "ISO-8859-1"), ("cp1252", "windows-1252")),
    ],
)
def test_any_encoding_is_read(encoding: str, name: str) -> None:
    """The declaration says which."""
    content = f'<?xml version="1.0" encoding="{name}"?><a>Gebühr</a>'.encode(encoding)

    assert parsed(content).text == "Gebühr"


def test_a_comment_does_not_split_a_text() -> None:
    """Comments and processing instructions are dropped."""
    assert parsed(b"<a>12<!-- 3 --><?x y?>.50</a>").text == "12.50"


def test_a_text_may_speak_of_a_dtd() -> None:
    """Only a real one is refused."""
    assert parsed(b"<a><![CDATA[<!DOCTYPE a>]]></a>").text == "<!DOCTYPE a>"


def test_a_large_attached_file_is_one_text() -> None:
    """BT-125: libxml2 alone would end at ten million characters."""
    content = b"<a>" + b"QUJD" * 3_000_000 + b"</a>"

    text = parsed(content).text

    assert text is not None
    assert len(text) == 12_000_000


def test_too_many_attributes_of_one_element_are_refused() -> None:
    """To read n of them takes n x n steps: 200,000 took minutes."""
    many = " ".join(f'a{number}="1"' for number in range(101))

    with pytest.raises(HostileFile, match="too many attributes of one element"):
        parsed(f"<x><a {many}/></x>".encode())
