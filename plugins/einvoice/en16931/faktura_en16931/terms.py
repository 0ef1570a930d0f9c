"""One table of where each business term stands in CII and in UBL, for tests and for people.

The rows are data in terms_of_*.py, the places they begin at in terms_roots.py. Neither writers nor
readers use it: a test writes a full document and finds every term by its path, and sees that the
readers take every term there, so that a value in the wrong place is seen.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, assert_never, cast

from lxml import etree

from faktura_en16931.cii_elements import NAMESPACES
from faktura_en16931.safe_xml import parsed
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms_of_document import DELIVERY, FILES, HEAD, REFERENCES
from faktura_en16931.terms_of_lines import ITEMS, LINES, PRICES
from faktura_en16931.terms_of_parties import BUYER, OTHERS, SELLER
from faktura_en16931.terms_of_settlement import ALLOWANCES, PAYMENT, TOTALS, VAT
from faktura_en16931.terms_roots import CII_ROOTS, UBL_ROOTS
from faktura_en16931.ubl_elements import PARTS

if TYPE_CHECKING:
    from lxml.etree import _Element


class Term(NamedTuple):
    """A business term: its number, its name, its path in CII and, if it has one, in UBL.

    Paths begin with a word of terms_roots, `$currency` in them is the text of BT-5.
    """

    number: str
    name: str
    cii: str
    ubl: str | None


def _rows(*tables: str) -> tuple[Term, ...]:
    terms = []
    for row in "".join(tables).split("\n"):
        if row:
            number, name, cii, ubl = row.split("  ")
            terms.append(Term(number, name, cii, None if ubl == "-" else ubl))
    return tuple(terms)


TERMS: Final = _rows(
    *(HEAD, REFERENCES, SELLER, BUYER, OTHERS, DELIVERY, PAYMENT, ALLOWANCES, TOTALS, VAT),
    *(FILES, LINES, PRICES, ITEMS),
)
"""All terms that the invoice document has; sub-terms such as BT-29-1 stand behind theirs."""

_ROOT: Final = re.compile(r"(?<![\w:@/'(])([a-z]+)(?=/)")
_NAME: Final = re.compile(r"(?<![\w:@'$])([A-Z]\w*)(?=(/\w|\[[^\]]*\]/\w)?)")


def terms_of(xml: bytes | etree._Element, syntax: Syntax) -> dict[str, list[str]]:
    """Every term the document carries with its texts, in document order; raises as `parsed`."""
    root = parsed(xml) if isinstance(xml, bytes) else xml
    currency = "".join(_texts(root, "BT-5", syntax, ""))
    found = {term.number: _texts(root, term.number, syntax, currency) for term in TERMS}
    return {number: texts for number, texts in found.items() if texts}


def elements_of(
    root: etree._Element, number: str, syntax: Syntax, currency: str
) -> list[etree._Element | str]:
    """The elements a term stands in, or the texts of its attribute; empty when absent."""
    path = _xpath(number, syntax)
    if path is None:
        return []
    return cast("list[_Element | str]", path(root, currency=currency))


def _texts(root: etree._Element, number: str, syntax: Syntax, currency: str) -> list[str]:
    found = elements_of(root, number, syntax, currency)
    return [entry if isinstance(entry, str) else entry.text or "" for entry in found]


@cache
def _xpath(number: str, syntax: Syntax) -> etree.XPath | None:
    term = next(term for term in TERMS if term.number == number)
    match syntax:
        case Syntax.CII:
            return etree.XPath(_full(term.cii, CII_ROOTS, "ram", "ram"), namespaces=NAMESPACES)
        case Syntax.UBL if term.ubl is not None:
            return etree.XPath(_full(term.ubl, UBL_ROOTS, "cac", "cbc"), namespaces=PARTS)
        case Syntax.UBL:
            return None
        case _:
            assert_never(syntax)


def _full(path: str, roots: Mapping[str, str], above: str, last: str) -> str:
    """The XPath of a path: its root in full, each element with the prefix of its place."""
    while _ROOT.search(path):
        path = _ROOT.sub(lambda found: roots[found[1]], path)
    return _NAME.sub(lambda found: f"{above if found[2] else last}:{found[1]}", path)
