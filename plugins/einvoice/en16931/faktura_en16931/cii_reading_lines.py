"""Reading the lines of CII (BG-25 to BG-32), and the allowances that lines and document share."""

from decimal import Decimal
from typing import Final

from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Allowance,
    DocumentLine,
    DocumentPeriod,
    ItemAttribute,
    ItemClassification,
)
from faktura_en16931.allowance_terms import (
    LINE_ALLOWANCE,
    LINE_CHARGE,
    AllowanceTerms,
)
from faktura_en16931.cii_reading_agreement import read_object
from faktura_en16931.xml_reading import Part

_ONE: Final = Decimal(1)
_QUANTITY: Final = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
_BASE: Final = "ram:BasisQuantity"
_DAY: Final = "udt:DateTimeString"


def read_line(line: Part, currency: str) -> DocumentLine:
    """One IncludedSupplyChainTradeLineItem; raises BadInput naming term and place."""
    unit_code = line.need(_QUANTITY, "BT-129").needed_attribute("unitCode", "BT-130")
    return DocumentLine.model_validate(
        {
            "id": line.needed_code("ram:AssociatedDocumentLineDocument/ram:LineID", "BT-126"),
            "note": line.text(
                "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content", "BT-127"
            ),
            "quantity": line.needed_decimal(_QUANTITY, "BT-129"),
            "unit_code": unit_code,
            **_product(line.need("ram:SpecifiedTradeProduct", "BT-153")),
            **_agreement(
                line.need("ram:SpecifiedLineTradeAgreement", "BT-146"), unit_code, currency
            ),
            **_settlement(line.need("ram:SpecifiedLineTradeSettlement", "BT-131"), currency),
        }
    )


def read_allowances(
    parent: Part, indicator: str, terms: AllowanceTerms, currency: str
) -> tuple[Allowance, ...]:
    """All allowances ("false") or charges ("true") of a line or of the document."""
    found = parent.parts("ram:SpecifiedTradeAllowanceCharge")
    wanted = indicator == "true"
    return tuple(
        _allowance(part, terms, currency)
        for part in found
        if part.indicator("ram:ChargeIndicator/udt:Indicator", terms.amount) is wanted
    )


def read_period(parent: Part, first: str, last: str) -> DocumentPeriod | None:
    """BG-14 or BG-26; one end alone is no period: it stays unread."""
    period = parent.part("ram:BillingSpecifiedPeriod")
    if period is None:
        return None
    start, end = f"ram:StartDateTime/{_DAY}", f"ram:EndDateTime/{_DAY}"
    if not (period.peek(start) and period.peek(end)):
        return None
    return DocumentPeriod(start=period.needed_day(start, first), end=period.needed_day(end, last))


def read_rate(tax: Part, category: TaxCategory, term: str) -> Decimal | None:
    """The VAT rate; None for category O, which has none even where a zero is written (BR-DE-14)."""
    rate = tax.decimal("ram:RateApplicablePercent", term)
    return None if category is TaxCategory.O and not rate else rate


def _allowance(part: Part, terms: AllowanceTerms, currency: str) -> Allowance:
    tax = part.part("ram:CategoryTradeTax") if terms.category else None
    category = rate = None
    if tax is not None and terms.category and terms.rate:
        tax.known("ram:TypeCode", "VAT")
        category = tax.needed_category("ram:CategoryCode", terms.category)
        rate = read_rate(tax, category, terms.rate)
    return Allowance(
        amount=part.needed_amount("ram:ActualAmount", terms.amount, currency),
        base=part.amount("ram:BasisAmount", terms.base, currency),
        percent=part.decimal("ram:CalculationPercent", terms.percent),
        reason=part.text("ram:Reason", terms.reason),
        reason_code=part.code("ram:ReasonCode", terms.reason_code),
        vat_category=category,
        vat_rate=rate,
    )


def _product(product: Part) -> dict[str, object]:
    return {
        "name": product.needed_text("ram:Name", "BT-153"),
        "description": product.text("ram:Description", "BT-154"),
        "article_number": product.code("ram:SellerAssignedID", "BT-155"),
        "buyer_article_number": product.code("ram:BuyerAssignedID", "BT-156"),
        "standard_identifier": product.identifier("ram:GlobalID", "BT-157"),
        "classifications": tuple(
            _classification(code)
            for code in product.parts("ram:DesignatedProductClassification/ram:ClassCode")
            if not code.is_empty()
        ),
        "origin_country": product.code("ram:OriginTradeCountry/ram:ID", "BT-159"),
        "attributes": tuple(
            ItemAttribute(
                name=attribute.needed_text("ram:Description", "BT-160"),
                value=attribute.needed_text("ram:Value", "BT-161"),
            )
            for attribute in product.parts("ram:ApplicableProductCharacteristic")
            if not attribute.is_empty()
        ),
    }


def _classification(code: Part) -> ItemClassification:
    return ItemClassification(
        code=code.needed_code(".", "BT-158"),
        scheme=code.needed_attribute("listID", "BT-158-1"),
        version=code.attribute("listVersionID", "BT-158-2"),
    )


def _agreement(agreement: Part, unit_code: str, currency: str) -> dict[str, object]:
    net = agreement.need("ram:NetPriceProductTradePrice", "BT-146")
    gross = agreement.part("ram:GrossPriceProductTradePrice")
    return {
        "order_line": agreement.code("ram:BuyerOrderReferencedDocument/ram:LineID", "BT-132"),
        "price": net.needed_amount("ram:ChargeAmount", "BT-146", currency),
        "price_base": _price_base(net, gross, unit_code),
        "gross_price": gross.amount("ram:ChargeAmount", "BT-148", currency) if gross else None,
        "price_discount": _price_discount(gross, currency) if gross else None,
    }


def _price_discount(gross: Part, currency: str) -> Decimal | None:
    applied = gross.part("ram:AppliedTradeAllowanceCharge")
    # A charge on a price has no term: it stays unread.
    if applied is None or applied.peek("ram:ChargeIndicator/udt:Indicator") not in ("false", "0"):
        return None
    applied.known("ram:ChargeIndicator/udt:Indicator", "false", "0")
    return applied.amount("ram:ActualAmount", "BT-147", currency)


def _price_base(net: Part, gross: Part | None, unit_code: str) -> Decimal:
    """BT-149, one if it is nowhere; it may stand at both prices, then the same (BR-TMP-3)."""
    bases: list[Decimal] = []
    for price in (net, gross):
        base = price.decimal(_BASE, "BT-149") if price else None
        if price is None or base is None:
            continue
        # BT-150 has no field of its own: it is the unit of the line (R130), else it stays unread.
        price.need(_BASE, "BT-149").known_attribute("unitCode", unit_code)
        if bases and base != bases[0]:
            problem = f"the net price is for {bases[0]}, the gross price for {base}"
            raise price.need(_BASE, "BT-149").invalid("BT-149", problem)
        bases.append(base)
    return bases[0] if bases else _ONE


def _settlement(settlement: Part, currency: str) -> dict[str, object]:
    tax = settlement.need("ram:ApplicableTradeTax", "BT-151")
    tax.known("ram:TypeCode", "VAT")
    category = tax.needed_category("ram:CategoryCode", "BT-151")
    net = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    documents = settlement.parts("ram:AdditionalReferencedDocument")
    account = "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"
    return {
        "vat_category": category,
        "vat_rate": read_rate(tax, category, "BT-152"),
        "period": read_period(settlement, "BT-134", "BT-135"),
        "allowances": read_allowances(settlement, "false", LINE_ALLOWANCE, currency),
        "charges": read_allowances(settlement, "true", LINE_CHARGE, currency),
        "net": settlement.needed_amount(net, "BT-131", currency),
        "object_identifier": read_object(documents, "BT-128"),
        "accounting_reference": settlement.code(account, "BT-133"),
    }
