"""What must be right about a plain invoice, before a number is spent and when one is read."""

import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from faktura.plugin import Dto, Finding, InvoiceDocument

from faktura_ref_einvoice.mapping import FORMAT

_BLANKS = frozenset({"\n", "\t"})
_UNREADABLE = frozenset({"Cc", "Cs"})


def findings(document: InvoiceDocument, longest: int) -> Iterator[Finding]:
    """All that is wrong: what is missing, cannot be written, cannot be said, does not add up."""
    for path, text in _texts(document):
        if not text.strip():
            yield _error(path, "it is blank")
        elif any(map(_is_unreadable, text)):
            yield _error(path, "it holds a character that nobody can read")
        elif len(text) > longest:
            yield _error(path, f"it has {len(text)} characters of {longest}")
    if not document.lines:
        yield _error("lines", "there is none")
    if any(_adjusted(part) for part in (document, *document.lines)):
        yield _error("allowances", "a plain invoice has no discounts and charges")
    if document.attachments:
        yield _error("attachments", "a plain invoice has no attachments")
    yield from _sums(document)


def _sums(document: InvoiceDocument) -> Iterator[Finding]:
    totals = document.totals
    lines = sum((line.net for line in document.lines), Decimal(0))
    tax = sum((row.tax for row in document.vat), Decimal(0))
    taxable = sum((row.taxable for row in document.vat), Decimal(0))
    for name, stated, found in (
        ("lines", totals.lines, lines),
        ("net", totals.net, taxable),
        ("vat", totals.vat, tax),
        ("gross", totals.gross, totals.net + totals.vat),
        ("due", totals.due, totals.gross - totals.prepaid + totals.rounding),
    ):
        if stated != found:
            yield _error(f"totals.{name}", f"it is {stated}, its parts make {found}")


def _adjusted(part: object) -> bool:
    return bool(getattr(part, "allowances", ()) or getattr(part, "charges", ()))


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """The texts that the file carries, each with its field."""
    if isinstance(value, Dto):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _texts(part, f"{path}.{number}")
    elif type(value) is str:
        yield path, value


def _is_unreadable(sign: str) -> bool:
    return sign not in _BLANKS and unicodedata.category(sign) in _UNREADABLE


def _error(path: str, message: str) -> Finding:
    return Finding(term=path, rule=FORMAT, message=message, mend=f"document.{path}")
