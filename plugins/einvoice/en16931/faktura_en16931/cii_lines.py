"""Invoice lines in CII (BG-25 to BG-32), and the allowances that lines and document share."""

from decimal import Decimal
from typing import Final, Literal

from lxml import etree
from lxml.etree import SubElement

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Allowance, DocumentLine, ItemClassification
from faktura_en16931.cii_agreement import put_object
from faktura_en16931.cii_elements import (
    RAM,
    UDT,
    discard_if_empty,
    group,
    put,
    put_id,
    put_nested,
    put_period,
    put_text,
)
from faktura_en16931.text import amount_text, cleaned, decimal_text, is_blank

_ONE: Final = Decimal(1)


def put_line(parent: etree._Element, line: DocumentLine, digits: int) -> None:
    """One IncludedSupplyChainTradeLineItem; amounts with `digits` decimals."""
    element = group(parent, "IncludedSupplyChainTradeLineItem")
    identity = group(element, "AssociatedDocumentLineDocument")
    put_text(identity, "LineID", line.id)
    put_nested(identity, "IncludedNote", "Content", line.note)
    _product(element, line)
    _agreement(element, line)
    delivery = group(element, "SpecifiedLineTradeDelivery")
    _quantity(delivery, "BilledQuantity", line.quantity, line.unit_code)
    _settlement(element, line, digits)


def put_allowance(
    parent: etree._Element, allowance: Allowance, indicator: Literal["false", "true"], digits: int
) -> etree._Element:
    """One SpecifiedTradeAllowanceCharge without its VAT: allowance ("false") or charge ("true")."""
    element = group(parent, "SpecifiedTradeAllowanceCharge")
    put_indicator(element, indicator)
    if allowance.percent is not None:
        put(element, "CalculationPercent", decimal_text(allowance.percent))
    if allowance.base is not None:
        put(element, "BasisAmount", amount_text(allowance.base, digits))
    put(element, "ActualAmount", amount_text(allowance.amount, digits))
    put_text(element, "ReasonCode", allowance.reason_code)
    put_text(element, "Reason", allowance.reason)
    return element


def put_indicator(element: etree._Element, indicator: Literal["false", "true"]) -> None:
    """Whether it is taken off ("false") or put on ("true")."""
    SubElement(group(element, "ChargeIndicator"), UDT + "Indicator").text = indicator


def _product(element: etree._Element, line: DocumentLine) -> None:
    product = group(element, "SpecifiedTradeProduct")
    if line.standard_identifier:
        put_id(product, "GlobalID", line.standard_identifier.value, line.standard_identifier.scheme)
    put_text(product, "SellerAssignedID", line.article_number)
    put_text(product, "BuyerAssignedID", line.buyer_article_number)
    put_text(product, "Name", line.name)
    put_text(product, "Description", line.description)
    for attribute in line.attributes:
        characteristic = group(product, "ApplicableProductCharacteristic")
        put_text(characteristic, "Description", attribute.name)
        put_text(characteristic, "Value", attribute.value)
        discard_if_empty(product, characteristic)
    for classification in line.classifications:
        _classification(product, classification)
    put_nested(product, "OriginTradeCountry", "ID", line.origin_country)


def _classification(product: etree._Element, classification: ItemClassification) -> None:
    if is_blank(classification.code):
        return
    lists = {"listID": cleaned(classification.scheme)}
    if classification.version:
        lists["listVersionID"] = cleaned(classification.version)
    element = group(product, "DesignatedProductClassification")
    SubElement(element, RAM + "ClassCode", lists).text = cleaned(classification.code)


def _agreement(element: etree._Element, line: DocumentLine) -> None:
    agreement = group(element, "SpecifiedLineTradeAgreement")
    put_nested(agreement, "BuyerOrderReferencedDocument", "LineID", line.order_line)
    if line.gross_price is not None:
        _gross_price(agreement, line.gross_price, line.price_discount)
    price = group(agreement, "NetPriceProductTradePrice")
    put(price, "ChargeAmount", decimal_text(line.price))
    if line.price_base != _ONE:
        _quantity(price, "BasisQuantity", line.price_base, line.unit_code)


def _gross_price(agreement: etree._Element, gross: Decimal, discount: Decimal | None) -> None:
    # Without BT-149: it stands at the net price, and two of them may not differ (BR-TMP-3).
    price = group(agreement, "GrossPriceProductTradePrice")
    put(price, "ChargeAmount", decimal_text(gross))
    if discount is not None:
        applied = group(price, "AppliedTradeAllowanceCharge")
        put_indicator(applied, "false")
        put(applied, "ActualAmount", decimal_text(discount))


def _settlement(element: etree._Element, line: DocumentLine, digits: int) -> None:
    settlement = group(element, "SpecifiedLineTradeSettlement")
    put_tax(settlement, "ApplicableTradeTax", line.vat_category, line.vat_rate)
    if line.period:
        put_period(settlement, line.period)
    for allowance in line.allowances:
        put_allowance(settlement, allowance, "false", digits)
    for charge in line.charges:
        put_allowance(settlement, charge, "true", digits)
    summation = group(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
    put(summation, "LineTotalAmount", amount_text(line.net, digits))
    if line.object_identifier:
        put_object(settlement, line.object_identifier)
    account = "ReceivableSpecifiedTradeAccountingAccount"
    put_nested(settlement, account, "ID", line.accounting_reference)


def put_tax(
    element: etree._Element, name: str, category: TaxCategory, rate: Decimal | None
) -> None:
    """The VAT category and rate of a line, an allowance or a charge; no rate for category O."""
    tax = group(element, name)
    put(tax, "TypeCode", "VAT")
    put(tax, "CategoryCode", category.value)
    if rate is not None:
        put(tax, "RateApplicablePercent", decimal_text(rate))


def _quantity(element: etree._Element, name: str, value: Decimal, unit_code: str) -> None:
    SubElement(element, RAM + name, {"unitCode": cleaned(unit_code)}).text = decimal_text(value)
