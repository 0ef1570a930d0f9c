"""Identifiers of a file: they are compared letter for letter, so they are refused, never spelt."""

import re
from collections.abc import Iterator
from typing import Final

from faktura.kernel.errors import shortened

MOST: Final = 35
_SHAPE: Final = re.compile(r"[A-Za-z0-9+?/\-:().,' ]+", re.ASCII)


def identifier_problems(name: str, value: str, most: int = MOST) -> Iterator[str]:
    """What keeps an identifier out of a file (Anlage 3: RestrictedIdentificationSEPA2)."""
    if not value:
        yield f"{name} is missing. Give it 1 to {most} characters"
        return
    for problem in _problems_of(value, most):
        yield f"{name} “{shortened(value)}” {problem}"


def _problems_of(value: str, most: int) -> Iterator[str]:
    if not _SHAPE.fullmatch(value):
        yield "has characters that SEPA does not allow. Use A-Z a-z 0-9 + ? / - : ( ) . , '"
    if len(value) > most:
        yield f"has {len(value)} characters. Use at most {most}"
    if value != value.strip():
        yield "begins or ends with a blank. Remove it"
    if "//" in value or value[0] == "/" or value[-1] == "/":
        yield "begins or ends with a slash or has two in a row. Write it without"
