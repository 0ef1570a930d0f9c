"""Reading the frozen head of a document; a key that older snapshots lack reads as nothing."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from faktura.domain.document_language import GERMAN

Frozen = Mapping[str, object]


def part_of_snapshot(owner: Frozen, key: str) -> Frozen:
    """The object under that key; an empty one where there is none."""
    return cast("Frozen | None", owner.get(key)) or {}


def rows_of_snapshot(owner: Frozen, key: str) -> list[Frozen]:
    """The objects in the list under that key; none where there is none."""
    return cast("list[Frozen]", owner.get(key) or [])


def text_of_snapshot(owner: Frozen, key: str) -> str | None:
    """The text under that key, one kind of line end, without blanks around; None for nothing.

    XML has no carriage return: a parser would make it a line feed (section 2.11 of its standard).
    """
    return plain_text(str(owner.get(key) or ""))


def plain_text(text: str) -> str | None:
    """The text with line feeds only and without blanks around; None for an empty one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() or None


def day_of_snapshot(owner: Frozen, key: str) -> date:
    """The day under that key, which is always there."""
    return date.fromisoformat(str(owner[key]))


def language_of(snapshot: Frozen) -> str:
    """The language of the document: that of the customer."""
    return text_of_snapshot(part_of_snapshot(snapshot, "buyer"), "language") or GERMAN
