"""The few ways CII elements are made: texts, amounts, days; never an empty element.

All of them append in the order they are called: the order of the schema is the order of the code.
"""

from datetime import date
from typing import Final

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import DocumentPeriod, Identifier
from faktura_en16931.text import cleaned, date_text, is_blank, readable

NAMESPACES: Final = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
RSM: Final = f"{{{NAMESPACES['rsm']}}}"
RAM: Final = f"{{{NAMESPACES['ram']}}}"
UDT: Final = f"{{{NAMESPACES['udt']}}}"
QDT: Final = f"{{{NAMESPACES['qdt']}}}"

_DAY: Final = f"{UDT}DateTimeString"
_DAY_ONLY: Final = f"{UDT}DateString"
_FORMATTED_DAY: Final = f"{QDT}DateTimeString"
_FORMAT_102: Final = {"format": "102"}


def group(parent: etree._Element, name: str) -> etree._Element:
    """A new element that will hold others."""
    return SubElement(parent, RAM + name)


def discard_if_empty(parent: etree._Element, child: etree._Element) -> None:
    """Take a group out again that got no content (PEPPOL-EN16931-R008)."""
    if not len(child):
        parent.remove(child)


def put(parent: etree._Element, name: str, text: str) -> None:
    """A value faktura made itself: a code, an amount, a number."""
    SubElement(parent, RAM + name).text = text


def put_text(parent: etree._Element, name: str, text: str | None) -> None:
    """A person's text, cleaned; nothing when it is absent or blank (PEPPOL-EN16931-R008)."""
    if (kept := readable(text)) is not None:
        SubElement(parent, RAM + name).text = kept


def put_nested(parent: etree._Element, outer: str, name: str, text: str | None) -> None:
    """A person's text inside a group of its own; neither of them when it is blank."""
    if not is_blank(text):
        put_text(SubElement(parent, RAM + outer), name, text)


def put_id(parent: etree._Element, name: str, value: str, scheme: str | None) -> None:
    """An identifier with its scheme; nothing when it is blank."""
    value = cleaned(value)
    if value and not value.isspace():
        element = SubElement(parent, RAM + name)
        element.text = value
        if scheme:
            element.set("schemeID", cleaned(scheme))


def put_global_id(parent: etree._Element, identifier: Identifier) -> None:
    """ID, or GlobalID for an identifier with a scheme."""
    scheme = identifier.scheme
    put_id(parent, "GlobalID" if scheme else "ID", identifier.value, scheme)


def put_day(parent: etree._Element, name: str, day: date) -> None:
    """A date in its own wrapper, format 102."""
    SubElement(SubElement(parent, RAM + name), _DAY, _FORMAT_102).text = date_text(day)


def put_formatted_day(parent: etree._Element, name: str, day: date) -> None:
    """The same in the qualified type that BT-26 asks for."""
    SubElement(SubElement(parent, RAM + name), _FORMATTED_DAY, _FORMAT_102).text = date_text(day)


def put_day_only(parent: etree._Element, name: str, day: date) -> None:
    """The same in the type that BT-7 asks for."""
    SubElement(SubElement(parent, RAM + name), _DAY_ONLY, _FORMAT_102).text = date_text(day)


def put_period(parent: etree._Element, period: DocumentPeriod) -> None:
    """BG-14 and BG-26, both ends inclusive."""
    element = SubElement(parent, RAM + "BillingSpecifiedPeriod")
    put_day(element, "StartDateTime", period.start)
    put_day(element, "EndDateTime", period.end)
