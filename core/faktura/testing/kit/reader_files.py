"""Files that no honest sender sends: garbage, pieces of a right one, bombs, entities from outside."""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

_DEEP = 20_000
_KINDS: tuple[object, ...] = (None, [], {}, 1, "x", [1])
_ROOT = re.compile(rb"<([A-Za-z_][-\w.]*(?::[-\w.]+)?)")
_TEXT = re.compile(rb">([^<>\s][^<>]*)<")

FOREIGN_FILES: Mapping[str, bytes] = MappingProxyType(
    {
        "nothing": b"",
        "blanks": b" \r\n\t ",
        "zeros": bytes(1_000),
        "random": Random(1).randbytes(4_096),  # noqa: S311 - garbage, the same every time
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
        "an archive": b"PK\x03\x04" + bytes(64),
        "the head of a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "a page": b"<!doctype html><html><body><p>Rechnung R-1</body></html>",
        "another XML": b'<?xml version="1.0"?><note xmlns="urn:x"><to>a</to></note>',
        "a letter": "Sehr geehrte Damen und Herren,\nanbei R-1 über 119,00 €.\n".encode(),
        "a table": b"Nummer;Betrag\r\nR-1;119,00\r\n",
        "a list": b"[1, 2, 3]",
        "an object": b'{"number": "R-1"}',
        "a deep list": b"[" * _DEEP + b"]" * _DEEP,
        "a deep tree": b"<a>" * _DEEP + b"</a>" * _DEEP,
        "a long line": b"x" * 1_000_000,
        "no known letters": b"\xff\xfe\xfd\xfc" * 100,
        "half a declaration": b'<?xml version="1.0" encoding="',
    }
)
"""By name; none of them is anybody's e-invoice."""


def cut_files(content: bytes) -> Iterator[bytes]:
    """A right file without its end, cut in many places; blanks at the end may be missing."""
    whole = len(content.rstrip())
    for part in range(1, 40):
        yield content[: whole * part // 40]
    yield from (content[: whole - missing] for missing in (1, 2, 7, 20))
    for at in [found.end() for found in re.finditer(rb"\n", content)][-8:]:
        if at < whole:
            yield content[:at]


def damaged_files(content: bytes, count: int) -> Iterator[bytes]:
    """A right file with one byte turned over, left out or doubled, `count` times."""
    dice = Random(7)  # noqa: S311 - the same places every time
    for number in range(count):
        at = dice.randrange(len(content))
        middle = (bytes((content[at] ^ 1 << number % 8,)), b"", content[at : at + 1] * 2)
        yield content[:at] + middle[number % 3] + content[at + 1 :]


def twisted_json(content: bytes) -> Iterator[bytes]:
    """A file of JSON with each of its values replaced by some of another kind; no other file."""
    if not content.startswith((b"{", b"[")):
        return
    whole = json.loads(content)
    for holder, place in list(_places(whole)):
        kept = holder[place]
        for other in _KINDS:
            holder[place] = other
            yield json.dumps(whole).encode()
        holder[place] = kept


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def with_entity(content: bytes, declarations: bytes) -> bytes | None:
    """An XML file that declares an entity `x` and names it in its first text; None for other files."""
    root, text = _ROOT.search(content), _TEXT.search(content)
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") or not root or not text:
        return None
    doctype = b"<!DOCTYPE " + root[1] + b" [" + declarations + b"]>"
    head, body = content[: root.start()], content[root.start() : text.start(1)]
    return head + doctype + body + b"&x;" + content[text.end(1) :]


def bombs() -> Mapping[str, bytes]:
    """Declarations of an entity `x` that grows, small enough to end even where it is expanded."""
    levels = b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 6)
    )
    return {
        "laughs": b'<!ENTITY a0 "ha">' + levels + b'<!ENTITY x "&a5;">',
        "a quadratic one": b'<!ENTITY a "'
        + b"x" * 20_000
        + b'"><!ENTITY x "'
        + b"&a;" * 50
        + b'">',
        "one entity": b'<!ENTITY x "R-1">',
        "a parameter": b"<!ENTITY % p \"<!ENTITY x 'R-1'>\">%p;",
    }


SECRET = "secret-of-this-machine-4711"  # noqa: S105 - of nobody


@contextmanager
def outside_entities(folder: Path) -> Iterator[tuple[Mapping[str, bytes], socket.socket]]:
    """Declarations of an entity `x` that lies in a file or at an address; who listens there."""
    file = folder / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd"
        yield (
            {
                "a file": f'<!ENTITY x SYSTEM "{file.as_uri()}">'.encode(),
                "an address": f'<!ENTITY x SYSTEM "{address}">'.encode(),
                "a parameter": f'<!ENTITY % p SYSTEM "{address}">%p;<!ENTITY x "a">'.encode(),
            },
            server,
        )
