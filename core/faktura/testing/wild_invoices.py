"""The hypothesis strategy for any invoice documents at all: a field or more says something else.

    @given(any_documents())
    def test_my_format_refuses_it_or_writes_it(document: InvoiceDocument) -> None: ...

Needs hypothesis, which only tests have: import it from tests alone.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from faktura.plugin import Dto, InvoiceDocument
from faktura.testing.invoice_strategies import right_documents
from faktura.testing.invoices import changed

_WILD_TEXTS = (
    *(
        "",
        " ",
        "\xa0\u2003",
        "\x00",
        "a\x1fb",
        "\ud800",
        "\ufffe",
        "\r\n",
        "a\rb",
        "\n",
        " a ",
        "a ",
    ),
    *("x" * 10_001, "#AAI#x", "#SKONTO#TAGE=7#", "STK", "EUR", "DE", "380", "-1", "0", "ß" * 1_001),
)
_WILD_NUMBERS = ("0", "-0.00", "-1", "0.001", "0.0000001", "1E+3", "1E+30", "99999999999.99", "19")


def _wild(value: object) -> st.SearchStrategy[object]:
    """Something else of the value's own type, right or wrong; None where it may be absent."""
    match value:
        case StrEnum():
            return st.sampled_from(tuple(type(value)))
        case str():
            wild: st.SearchStrategy[object] = st.sampled_from(_WILD_TEXTS) | st.text(max_size=20)
        case Decimal():
            wild = st.sampled_from(_WILD_NUMBERS).map(Decimal)
        case date():
            wild = st.sampled_from((date.min, date(1999, 12, 31), date(2026, 11, 30), date.max))
        case tuple():
            wild = st.sampled_from(((), value + value))
        case bytes():
            wild = st.binary(max_size=3)
        case _:
            wild = st.none()
    return wild


def _places(value: object, path: str = "") -> list[tuple[str, object]]:
    """Every field of a document with its path, those that hold nothing left out."""
    found: list[tuple[str, object]] = []
    if isinstance(value, Dto):
        for name in type(value).model_fields:
            found += _places(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for no, entry in enumerate(value):
            found += _places(entry, f"{path}.{no}")
    if path and value is not None and not path.startswith("printed"):
        found.append((path, value))
    return found


@st.composite
def any_documents(draw: st.DrawFn) -> InvoiceDocument:
    """A right document with one to three fields replaced by whatever its type allows."""
    document = draw(right_documents())
    for _ in range(draw(st.integers(1, 3))):
        path, value = draw(st.sampled_from(_places(document)))
        if isinstance(value, Dto) and not _may_be_absent(document, path):
            continue
        document = changed(document, path, draw(_wild(value)))
    return document


def _may_be_absent(document: InvoiceDocument, path: str) -> bool:
    *owners, name = path.split(".")
    if name.isdigit():
        return False
    owner: Any = document
    for step in owners:
        owner = owner[int(step)] if isinstance(owner, tuple) else getattr(owner, step)
    return not type(owner).model_fields[name].is_required()
