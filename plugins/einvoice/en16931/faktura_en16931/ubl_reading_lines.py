"""Lines of an invoice read back from UBL (BG-25 to BG-32)."""

from decimal import Decimal
from typing import Final

from faktura.plugin import DocumentLine, Identifier, ItemAttribute, ItemClassification
from faktura_en16931.ubl_codes import OBJECT_REFERENCE, VAT_SCHEME
from faktura_en16931.ubl_elements import Kind
from faktura_en16931.ubl_reading_totals import AllowanceTerms, read_allowances, read_period
from faktura_en16931.xml_reading import Part

_ONE: Final = Decimal(1)
_ALLOWANCE: Final = AllowanceTerms("BG-27", "BT-136", "BT-137", "BT-138", "BT-139", "BT-140")
_CHARGE: Final = AllowanceTerms("BG-28", "BT-141", "BT-142", "BT-143", "BT-144", "BT-145")
_Fields = dict[str, object]


def read_lines(part: Part, kind: Kind, currency: str) -> tuple[DocumentLine, ...]:
    """All lines, in the order of the document."""
    return tuple(_line(line, kind, currency) for line in part.parts(f"cac:{kind.line}"))


def _line(part: Part, kind: Kind, currency: str) -> DocumentLine:
    quantity = part.need(f"cbc:{kind.quantity}", "BT-129")
    unit_code = quantity.needed_attribute("unitCode", "BT-130")
    allowances, charges = read_allowances(part, currency, _ALLOWANCE, _CHARGE)
    return DocumentLine.model_validate(
        {
            "id": part.needed_code("cbc:ID", "BT-126"),
            "note": part.text("cbc:Note", "BT-127"),
            "object_identifier": _object(part),
            "quantity": part.needed_decimal(f"cbc:{kind.quantity}", "BT-129"),
            "unit_code": unit_code,
            "net": part.needed_amount("cbc:LineExtensionAmount", "BT-131", currency),
            "order_line": part.code("cac:OrderLineReference/cbc:LineID", "BT-132"),
            "accounting_reference": part.code("cbc:AccountingCost", "BT-133"),
            "period": read_period(part, "BT-134", "BT-135"),
            "allowances": allowances,
            "charges": charges,
            **_price(part.need("cac:Price", "BG-29"), unit_code, currency),
            **_item(part.need("cac:Item", "BG-31")),
        }
    )


def _object(part: Part) -> Identifier | None:
    part.known("cac:DocumentReference/cbc:DocumentTypeCode", OBJECT_REFERENCE)
    return part.identifier("cac:DocumentReference/cbc:ID", "BT-128")


def _price(part: Part, unit_code: str, currency: str) -> _Fields:
    base = part.part("cbc:BaseQuantity")
    if base:
        base.known_attribute("unitCode", unit_code)
    reduction = part.part("cac:AllowanceCharge")
    if reduction and reduction.indicator("cbc:ChargeIndicator", "BG-29"):
        reduction = None  # EN 16931 has no charge on a price (R044): it stays unread
    return {
        "price": part.needed_amount("cbc:PriceAmount", "BT-146", currency),
        "price_discount": reduction.amount("cbc:Amount", "BT-147", currency) if reduction else None,
        "gross_price": reduction.amount("cbc:BaseAmount", "BT-148", currency)
        if reduction
        else None,
        "price_base": _ONE if base is None else part.needed_decimal("cbc:BaseQuantity", "BT-149"),
    }


def _item(part: Part) -> _Fields:
    tax = part.need("cac:ClassifiedTaxCategory", "BG-30")
    tax.known("cac:TaxScheme/cbc:ID", VAT_SCHEME)
    return {
        "vat_category": tax.needed_category("cbc:ID", "BT-151"),
        "vat_rate": tax.decimal("cbc:Percent", "BT-152"),
        "name": part.needed_text("cbc:Name", "BT-153"),
        "description": part.text("cbc:Description", "BT-154"),
        "article_number": part.code("cac:SellersItemIdentification/cbc:ID", "BT-155"),
        "buyer_article_number": part.code("cac:BuyersItemIdentification/cbc:ID", "BT-156"),
        "standard_identifier": part.identifier("cac:StandardItemIdentification/cbc:ID", "BT-157"),
        "classifications": tuple(
            _classification(one) for one in part.parts("cac:CommodityClassification")
        ),
        "origin_country": part.code("cac:OriginCountry/cbc:IdentificationCode", "BT-159"),
        "attributes": tuple(
            ItemAttribute(
                name=one.needed_text("cbc:Name", "BT-160"),
                value=one.needed_text("cbc:Value", "BT-161"),
            )
            for one in part.parts("cac:AdditionalItemProperty")
        ),
    }


def _classification(part: Part) -> ItemClassification:
    code = part.need("cbc:ItemClassificationCode", "BT-158")
    return ItemClassification(
        code=part.needed_code("cbc:ItemClassificationCode", "BT-158"),
        scheme=code.needed_attribute("listID", "BT-158"),
        version=code.attribute("listVersionID", "BT-158"),
    )
