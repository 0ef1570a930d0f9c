"""What a text may hold: nothing XML forbids, no endless length, never only blanks.

The walk follows the table in text_fields.py, so that each finding names term and field.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from faktura.kernel.errors import shortened
from faktura.plugin import DocumentLine, Finding, InvoiceDocument
from faktura_en16931.findings import error
from faktura_en16931.text_fields import TEXT_FIELDS, TextField

# XML 1.0, production 2 (Char), and the carriage return: a reader gets a line feed in its place.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_EACH: Final = "*"


@dataclass(slots=True)
class _Part:
    """The texts of one object of the document, and the objects below it."""

    texts: list[tuple[str, TextField]] = field(default_factory=list)
    one: dict[str, "_Part"] = field(default_factory=dict)
    many: dict[str, "_Part"] = field(default_factory=dict)


def _planned() -> _Part:
    root = _Part()
    for path, text in TEXT_FIELDS.items():
        *owners, name = path.split(".")
        part = root
        for place, owner in enumerate(owners):
            if owner == _EACH:
                continue
            is_many = owners[place + 1 : place + 2] == [_EACH]
            part = (part.many if is_many else part.one).setdefault(owner, _Part())
        part.texts.append((name, text))
    return root


_PLAN: Final = _planned()


def check_texts(document: InvoiceDocument, told: Collection[str] = ()) -> list[Finding]:
    """Texts that cannot be written, or not be read back as they are; blank ones unless `told`.

    `told` are the terms that have a finding already: a missing name is not told twice.
    """
    found: list[Finding] = []
    for text, text_field, line in _suspicious(document, _PLAN, None):
        place = f" of line {shortened(line.id) or '?'}" if line else ""
        found += _judged(text, text_field, place, told)
    return found


_Suspicious = list[tuple[str, TextField, DocumentLine | None]]


def _suspicious(value: object, plan: _Part, line: DocumentLine | None) -> _Suspicious:
    """Texts that are not plainly right: this runs over every text of every document."""
    fields = vars(value)
    found = [
        (text, text_field, line)
        for name, text_field in plan.texts
        if (text := fields[name]) is not None
        # Printable signs only, none of them a blank at the ends, and not too many.
        and not (
            text.isprintable() and len(text) <= text_field.limit and text and text.strip() == text
        )
    ]
    for name, below in plan.one.items():
        inner = fields[name]
        if inner is not None:
            found += _suspicious(inner, below, line)
    for name, below in plan.many.items():
        for inner in fields[name]:
            owner = inner if isinstance(inner, DocumentLine) else line
            found += _suspicious(inner, below, owner)
    return found


def _judged(text: str, known: TextField, place: str, told: Collection[str]) -> Iterator[Finding]:
    if not text and known.may_be_empty:
        return
    if not text or text.isspace():
        if known.term not in told:
            message = f"The {known.what}{place} is blank"
            yield error("PEPPOL-EN16931-R008", known.term, message, known.mend)
        return
    if found := _UNWRITABLE.search(text):
        sign = f"U+{ord(found.group()):04X}"
        message = f"The {known.what}{place} holds the character {sign}, which XML cannot carry"
        yield error("faktura-characters", known.term, message, known.mend)
    elif known.is_reference and text != text.strip():
        message = f"The {known.what}{place} “{shortened(text)}” has blanks around it"
        yield error("faktura-blanks", known.term, message, known.mend)
    if len(text) > known.limit:
        message = (
            f"The {known.what}{place} has {len(text):,} characters, {known.limit:,} are allowed"
        )
        yield error("faktura-length", known.term, message, known.mend)
