"""What of a document must be found again in what was rendered, and where two documents differ."""

import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import NamedTuple

from faktura.plugin import Dto, InvoiceDocument

CORE_FIELDS = frozenset(
    {"number", "issued_on", "type_code", "currency", "seller", "buyer", "totals", "vat", "lines"}
)
"""What § 14 Abs. 4 UStG wants on every invoice: no format leaves it out."""

_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


class Fact(NamedTuple):
    """A text or an amount of a document, with the field it stands in."""

    path: str
    value: str | Decimal


def facts_of(document: InvoiceDocument) -> Iterator[Fact]:
    """Number, parties, lines and amounts: what is searched for where nothing can be read back."""
    yield Fact("number", document.number)
    yield Fact("seller.name", document.seller.name)
    yield Fact("buyer.name", document.buyer.name)
    for place, line in enumerate(document.lines):
        yield Fact(f"lines.{place}.name", line.name)
        yield Fact(f"lines.{place}.net", line.net)
    for place, row in enumerate(document.vat):
        yield Fact(f"vat.{place}.taxable", row.taxable)
        yield Fact(f"vat.{place}.tax", row.tax)
    for name in ("net", "gross", "due"):
        yield Fact(f"totals.{name}", getattr(document.totals, name))


def squeezed(text: str) -> str:
    """`text` without blanks and signs that nobody sees: a page may break a line anywhere."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN)


def differences(meant: object, found: object, path: str = "") -> Iterator[str]:
    """Every field in which two documents differ, `path: meant, found`."""
    if isinstance(meant, Dto) and isinstance(found, Dto) and type(meant) is type(found):
        for name in type(meant).model_fields:
            place = f"{path}.{name}" if path else name
            yield from differences(getattr(meant, name), getattr(found, name), place)
    elif isinstance(meant, tuple) and isinstance(found, tuple) and len(meant) == len(found):
        for number, (one, other) in enumerate(zip(meant, found, strict=True)):
            yield from differences(one, other, f"{path}.{number}")
    elif meant != found:
        yield f"{path}: {_short(meant)} became {_short(found)}"


def without(document: InvoiceDocument, paths: Collection[str]) -> InvoiceDocument:
    """`document` with these fields empty, in every entry of a list: `lines.description`."""
    for path in paths:
        emptied = _emptied(document, path.split("."))
        assert isinstance(emptied, InvoiceDocument)
        document = emptied
    return document


def _emptied(whole: object, path: list[str]) -> object:
    if isinstance(whole, tuple):
        return tuple(_emptied(entry, path) for entry in whole)
    if not isinstance(whole, Dto):
        return whole
    name, *rest = path
    field = type(whole).model_fields[name]
    value = _emptied(getattr(whole, name), rest) if rest else field.get_default()
    return whole.model_copy(update={name: value})


def emptied_one_by_one(document: InvoiceDocument) -> Iterator[InvoiceDocument]:
    """`document` again and again, each time without another one of its optional fields."""
    for path in _optional(document, ""):
        emptied = without(document, [path])
        if emptied != document:
            yield emptied


def _optional(value: object, path: str) -> dict[str, None]:
    found: dict[str, None] = {}
    if isinstance(value, Dto):
        for name, field in type(value).model_fields.items():
            place = f"{path}.{name}".removeprefix(".")
            found |= {} if field.is_required() else {place: None}
            found |= _optional(getattr(value, name), place)
    elif isinstance(value, tuple):
        for entry in value:
            found |= _optional(entry, path)
    return found


def text_paths(value: object, path: str = "") -> Iterator[str]:
    """The path of every text below a value; members of closed vocabularies are no texts."""
    if isinstance(value, Dto):
        for name in type(value).model_fields:
            yield from text_paths(getattr(value, name), f"{path}.{name}".removeprefix("."))
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from text_paths(entry, f"{path}.{number}")
    elif type(value) is str:
        yield path


def _short(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 80 else text[:79] + "…"
