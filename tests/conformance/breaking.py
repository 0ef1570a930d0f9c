"""How an e-invoice is broken in one place: the ways, and the table of all kinds of damage."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from lxml import etree

from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import elements_of, terms_of

Change = Callable[[etree._Element, Syntax], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind: what is done to which scenario, and the rule or term that must be named for it.

    `german` damages break a rule of XRechnung that the plain EN 16931 of a hybrid does not have.
    """

    name: str
    change: Change
    expected: tuple[str, ...]
    scenario: str = "one line"
    german: bool = False


def places(root: etree._Element, term: str, syntax: Syntax) -> list[Any]:
    """Where the term stands; it must be there, or the damage would do nothing."""
    currency = terms_of(root, syntax)["BT-5"][0]
    found = elements_of(root, term, syntax, currency)
    assert found, f"the scenario has no {term} in {syntax}"
    return found


def removed(*terms: str) -> Change:
    """Takes the elements of the terms away, attributes as well."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        for term in terms:
            for place in places(root, term, syntax):
                if isinstance(place, str):
                    del cast("Any", place).getparent().attrib[cast("Any", place).attrname]
                else:
                    place.getparent().remove(place)

    return change


def emptied(term: str) -> Change:
    """Leaves the first element of the term, without its text."""
    return says(term, "")


def says(term: str, text: str) -> Change:
    """Lets the term's first element or attribute say something else."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        place = places(root, term, syntax)[0]
        if isinstance(place, str):
            cast("Any", place).getparent().set(cast("Any", place).attrname, text)
        else:
            place.text = text

    return change


def twice(term: str) -> Change:
    """Repeats the term's first element right behind itself."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        place = places(root, term, syntax)[0]
        place.addnext(deepcopy(place))

    return change


def off_by(amount: str, *terms: str) -> Change:
    """Adds an amount to the first element of each term."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        for term in terms:
            place = places(root, term, syntax)[0]
            place.text = str(Decimal(place.text) + Decimal(amount))

    return change


def says_day(term: str, day: str) -> Change:
    """Lets the term name another day, in the way of the syntax."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        says(term, day.replace("-", "") if syntax is Syntax.CII else day)(root, syntax)

    return change


def moved(term: str, namespace: str) -> Change:
    """Moves the term's first element into another namespace."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        place = places(root, term, syntax)[0]
        place.tag = f"{{{namespace}}}{etree.QName(place).localname}"

    return change


def behind(term: str) -> Change:
    """Moves the term's first element behind all its siblings: another order than the schema's."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        place = places(root, term, syntax)[0]
        place.getparent().append(place)

    return change


def with_foreign_element(name: str) -> Change:
    """Puts an element nobody knows behind the invoice's number."""

    def change(root: etree._Element, syntax: Syntax) -> None:
        places(root, "BT-1", syntax)[0].addnext(etree.Element(name))

    return change


def broken(xml: bytes, damage: Damage, syntax: Syntax) -> bytes:
    """The file with that damage."""
    root = etree.fromstring(xml)
    damage.change(root, syntax)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
