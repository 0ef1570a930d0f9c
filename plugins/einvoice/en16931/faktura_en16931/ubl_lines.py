"""Invoice lines in UBL (BG-25 to BG-32)."""

from decimal import Decimal
from typing import Final

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import DocumentLine
from faktura_en16931.text import decimal_text, is_blank
from faktura_en16931.ubl_codes import OBJECT_REFERENCE
from faktura_en16931.ubl_elements import (
    CBC,
    AmountForm,
    Kind,
    discard_if_empty,
    group,
    put,
    put_amount,
    put_id,
    put_nested,
    put_nested_id,
    put_period,
    put_tax,
    put_text,
)
from faktura_en16931.ubl_totals import put_allowance

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)


def put_line(parent: etree._Element, line: DocumentLine, kind: Kind, form: AmountForm) -> None:
    """One InvoiceLine or CreditNoteLine."""
    element = group(parent, kind.line)
    put_text(element, "ID", line.id)
    put_text(element, "Note", line.note)
    _quantity(element, kind.quantity, line.quantity, line.unit_code)
    put_amount(element, "LineExtensionAmount", line.net, form)
    put_text(element, "AccountingCost", line.accounting_reference)
    put_period(element, line.period)
    put_nested(element, "OrderLineReference", "LineID", line.order_line)
    if line.object_identifier and not is_blank(line.object_identifier.value):
        reference = group(element, "DocumentReference")
        put_id(reference, "ID", line.object_identifier)
        put(reference, "DocumentTypeCode", OBJECT_REFERENCE)
    for allowance in line.allowances:
        put_allowance(element, allowance, "false", form)
    for charge in line.charges:
        put_allowance(element, charge, "true", form)
    _item(element, line)
    _price(element, line, form)


def _item(element: etree._Element, line: DocumentLine) -> None:
    item = group(element, "Item")
    put_text(item, "Description", line.description)
    put_text(item, "Name", line.name)
    put_nested(item, "BuyersItemIdentification", "ID", line.buyer_article_number)
    put_nested(item, "SellersItemIdentification", "ID", line.article_number)
    put_nested_id(item, "StandardItemIdentification", line.standard_identifier)
    put_nested(item, "OriginCountry", "IdentificationCode", line.origin_country)
    for classification in line.classifications:
        if is_blank(classification.code):
            continue
        lists = {"listID": classification.scheme}
        if classification.version:
            lists["listVersionID"] = classification.version
        code = SubElement(
            group(item, "CommodityClassification"), CBC + "ItemClassificationCode", lists
        )
        code.text = classification.code
    put_tax(item, "ClassifiedTaxCategory", line.vat_category, line.vat_rate)
    for attribute in line.attributes:
        characteristic = group(item, "AdditionalItemProperty")
        put_text(characteristic, "Name", attribute.name)
        put_text(characteristic, "Value", attribute.value)
        discard_if_empty(item, characteristic)


def _price(element: etree._Element, line: DocumentLine, form: AmountForm) -> None:
    price = group(element, "Price")
    _exact(price, "PriceAmount", line.price, form)
    if line.price_base != _ONE:
        _quantity(price, "BaseQuantity", line.price_base, line.unit_code)
    discount, gross = line.price_discount, line.gross_price
    if discount is None and gross is None:
        return
    reduction = group(price, "AllowanceCharge")
    put(reduction, "ChargeIndicator", "false")
    # A gross price stands only beside an amount taken off it (schema): none is zero.
    _exact(reduction, "Amount", discount or _ZERO, form)
    if gross is not None:
        _exact(reduction, "BaseAmount", gross, form)


def _exact(parent: etree._Element, name: str, price: Decimal, form: AmountForm) -> None:
    """A price, with all its decimals: EN 16931 limits those of amounts only."""
    SubElement(parent, CBC + name, form.attributes).text = decimal_text(price)


def _quantity(parent: etree._Element, name: str, quantity: Decimal, unit_code: str) -> None:
    element = SubElement(parent, CBC + name, {"unitCode": unit_code})
    element.text = decimal_text(quantity)
