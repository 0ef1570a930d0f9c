"""The text of a PDF as typst writes it: enough to look for words that must not be missing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

_BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})


def text_of(pdf: bytes) -> str:
    """All texts of all pages in the order they are drawn, without any blanks."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as opened:
        return "".join("".join(_page_texts(page)) for page in opened.pages)


def squeezed(text: str) -> str:
    """`text` without blanks, as `text_of` gives it."""
    return "".join(sign for sign in text if not sign.isspace() and sign != "\N{ZERO WIDTH SPACE}")


def _page_texts(page: "pikepdf.Page") -> Iterator[str]:
    import pikepdf

    faces: dict[str, Mapping[int, str]] = {}
    fonts = page.resources.get("/Font", pikepdf.Dictionary())
    face: Mapping[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ ' \""):
        if not isinstance(instruction, pikepdf.ContentStreamInstruction):
            continue
        operator = str(instruction.operator)
        if operator == "Tf":
            name = str(instruction.operands[0])
            if name not in faces:
                faces[name] = _signs(fonts[name])
            face = faces[name]
        elif operator in _SHOWING:
            yield squeezed("".join(_shown(instruction.operands, face)))


def _shown(operands: Iterable[object], face: Mapping[int, str]) -> Iterator[str]:
    import pikepdf

    for operand in operands:
        parts = operand if isinstance(operand, pikepdf.Array) else [operand]
        for part in parts:
            if isinstance(part, pikepdf.String):
                codes = bytes(part)
                for at in range(0, len(codes) - 1, 2):
                    yield face.get(int.from_bytes(codes[at : at + 2], "big"), "")


def _signs(font: "pikepdf.Object") -> dict[int, str]:
    """The font's ToUnicode table: code of two bytes -> signs (a ligature has several)."""
    table = font.get("/ToUnicode")
    if table is None:
        return {}
    signs: dict[int, str] = {}
    for kind, body in _BLOCK.findall(table.read_bytes()):
        values = [bytes.fromhex(found.decode()) for found in _HEX.findall(body)]
        step = 2 if kind == b"char" else 3
        for at in range(0, len(values) - step + 1, step):
            first, last = values[at], values[at + step - 2]
            text = values[at + step - 1].decode("utf-16-be", "replace")
            for offset in range(int.from_bytes(last, "big") - int.from_bytes(first, "big") + 1):
                moved = text[:-1] + chr(ord(text[-1]) + offset) if text and offset else text
                signs[int.from_bytes(first, "big") + offset] = moved
    return signs
