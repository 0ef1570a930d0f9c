"""The few ways UBL elements are made: texts, identifiers, amounts, days; never an empty element.

All of them append in the order they are called: the order of the schema is the order of the code.
"""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, cast

from lxml import etree
from lxml.etree import SubElement

from faktura.kernel.terms import TaxCategory
from faktura.plugin import DocumentPeriod, Identifier
from faktura_en16931.decimals import amount_digits
from faktura_en16931.text import amount_text, cleaned, decimal_text, is_blank, readable
from faktura_en16931.ubl_codes import VAT_SCHEME

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
PARTS: Final = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
}
CAC: Final = f"{{{PARTS['cac']}}}"
CBC: Final = f"{{{PARTS['cbc']}}}"


class Kind(NamedTuple):
    """A kind of UBL document: the names that differ between an invoice and a credit note."""

    namespace: str
    name: str
    type_code: str
    line: str
    quantity: str

    @property
    def tag(self) -> str:
        """The root's name with its namespace."""
        return f"{{{self.namespace}}}{self.name}"

    @property
    def namespaces(self) -> dict[str, str]:
        """Prefixes of the document; its own namespace has none."""
        prefixes: dict[str | None, str] = {None: self.namespace}
        prefixes.update(PARTS)
        return cast("dict[str, str]", prefixes)  # lxml-stubs know no prefix that is None


INVOICE: Final = Kind(
    f"{_UBL}Invoice-2", "Invoice", "InvoiceTypeCode", "InvoiceLine", "InvoicedQuantity"
)
CREDIT_NOTE: Final = Kind(
    f"{_UBL}CreditNote-2", "CreditNote", "CreditNoteTypeCode", "CreditNoteLine", "CreditedQuantity"
)


class AmountForm(NamedTuple):
    """How amounts of one currency are written: decimals, and the attribute that names it."""

    digits: int
    attributes: dict[str, str]


def amount_form(currency: str) -> AmountForm:
    """The form of a currency's amounts; raises UnknownTerm for one nobody knows."""
    return AmountForm(amount_digits(currency), {"currencyID": currency})


def group(parent: etree._Element, name: str) -> etree._Element:
    """A new element that will hold others."""
    return SubElement(parent, CAC + name)


def discard_if_empty(parent: etree._Element, child: etree._Element) -> None:
    """Take a group out again that got no content (PEPPOL-EN16931-R008)."""
    if not len(child):
        parent.remove(child)


def put(parent: etree._Element, name: str, text: str) -> None:
    """A value faktura made itself: a code, a number."""
    SubElement(parent, CBC + name).text = text


def put_text(parent: etree._Element, name: str, text: str | None) -> None:
    """A person's text, cleaned; nothing when it is absent or blank (PEPPOL-EN16931-R008)."""
    if (kept := readable(text)) is not None:
        SubElement(parent, CBC + name).text = kept


def put_nested(parent: etree._Element, outer: str, name: str, text: str | None) -> None:
    """A person's text inside a group of its own; neither of them when it is blank."""
    if not is_blank(text):
        put_text(SubElement(parent, CAC + outer), name, text)


def put_id(parent: etree._Element, name: str, identifier: Identifier | None) -> None:
    """An identifier with its scheme; nothing when it is absent or blank."""
    if identifier is None or is_blank(identifier.value):
        return
    element = SubElement(parent, CBC + name)
    element.text = cleaned(identifier.value)
    if identifier.scheme:
        element.set("schemeID", identifier.scheme)


def put_nested_id(
    parent: etree._Element, outer: str, identifier: Identifier | None, name: str = "ID"
) -> None:
    """An identifier inside a group of its own; neither of them when it is absent or blank."""
    if identifier is not None and not is_blank(identifier.value):
        put_id(SubElement(parent, CAC + outer), name, identifier)


def put_amount(parent: etree._Element, name: str, amount: Decimal, form: AmountForm) -> None:
    """An amount with its currency."""
    element = SubElement(parent, CBC + name, form.attributes)
    element.text = amount_text(amount, form.digits)


def put_day(parent: etree._Element, name: str, day: date | None) -> None:
    """A date as ISO 8601; nothing when it is absent."""
    if day is not None:
        SubElement(parent, CBC + name).text = day.isoformat()


def put_period(
    parent: etree._Element, period: DocumentPeriod | None, vat_point_code: str | None = None
) -> None:
    """BG-14 with BT-8, and BG-26; both ends inclusive. Nothing when all of them are absent."""
    if period is None and is_blank(vat_point_code):
        return
    element = SubElement(parent, CAC + "InvoicePeriod")
    if period is not None:
        put_day(element, "StartDate", period.start)
        put_day(element, "EndDate", period.end)
    put_text(element, "DescriptionCode", vat_point_code)


def put_tax(parent: etree._Element, name: str, category: TaxCategory, rate: Decimal | None) -> None:
    """A VAT category with its rate; category O has none (BR-O-05 to 07)."""
    tax = SubElement(parent, CAC + name)
    put(tax, "ID", category.value)
    if rate is not None:
        put(tax, "Percent", decimal_text(rate))
    put_tax_scheme(tax, VAT_SCHEME)


def put_tax_scheme(parent: etree._Element, scheme: str) -> None:
    """Which tax a category or a number belongs to: VAT, or another one for a tax number."""
    SubElement(SubElement(parent, CAC + "TaxScheme"), CBC + "ID").text = scheme
