"""Where an e-invoice states its totals: paths of the specification, written for the tests alone."""

from decimal import Decimal
from typing import Any, cast

from lxml import etree

from faktura.testing.scenario import Stated

_CII_TOTALS = "//*[local-name()='SpecifiedTradeSettlementHeaderMonetarySummation']"
_CII_CURRENCY = "//*[local-name()='InvoiceCurrencyCode']"
_CII = {
    "lines": f"{_CII_TOTALS}/*[local-name()='LineTotalAmount']",
    "allowances": f"{_CII_TOTALS}/*[local-name()='AllowanceTotalAmount']",
    "charges": f"{_CII_TOTALS}/*[local-name()='ChargeTotalAmount']",
    "net": f"{_CII_TOTALS}/*[local-name()='TaxBasisTotalAmount']",
    "vat": f"{_CII_TOTALS}/*[local-name()='TaxTotalAmount'][@currencyID={_CII_CURRENCY}]",
    "vat_accounting": f"{_CII_TOTALS}/*[local-name()='TaxTotalAmount']"
    f"[@currencyID!={_CII_CURRENCY}]",
    "gross": f"{_CII_TOTALS}/*[local-name()='GrandTotalAmount']",
    "prepaid": f"{_CII_TOTALS}/*[local-name()='TotalPrepaidAmount']",
    "rounding": f"{_CII_TOTALS}/*[local-name()='RoundingAmount']",
    "due": f"{_CII_TOTALS}/*[local-name()='DuePayableAmount']",
}
_CII_ROWS = (
    "//*[local-name()='ApplicableHeaderTradeSettlement']/*[local-name()='ApplicableTradeTax']",
    ("CategoryCode", "RateApplicablePercent", "BasisAmount", "CalculatedAmount"),
)

_UBL_TOTALS = "/*/*[local-name()='LegalMonetaryTotal']"
_UBL_CURRENCY = "/*/*[local-name()='DocumentCurrencyCode']"
_UBL_TAX = "/*/*[local-name()='TaxTotal']/*[local-name()='TaxAmount']"
_UBL = {
    "lines": f"{_UBL_TOTALS}/*[local-name()='LineExtensionAmount']",
    "allowances": f"{_UBL_TOTALS}/*[local-name()='AllowanceTotalAmount']",
    "charges": f"{_UBL_TOTALS}/*[local-name()='ChargeTotalAmount']",
    "net": f"{_UBL_TOTALS}/*[local-name()='TaxExclusiveAmount']",
    "vat": f"{_UBL_TAX}[@currencyID={_UBL_CURRENCY}]",
    "vat_accounting": f"{_UBL_TAX}[@currencyID!={_UBL_CURRENCY}]",
    "gross": f"{_UBL_TOTALS}/*[local-name()='TaxInclusiveAmount']",
    "prepaid": f"{_UBL_TOTALS}/*[local-name()='PrepaidAmount']",
    "rounding": f"{_UBL_TOTALS}/*[local-name()='PayableRoundingAmount']",
    "due": f"{_UBL_TOTALS}/*[local-name()='PayableAmount']",
}
_UBL_ROWS = (
    "/*/*[local-name()='TaxTotal']/*[local-name()='TaxSubtotal']",
    ("ID", "Percent", "TaxableAmount", "TaxAmount"),
)


def stated_in(xml: bytes) -> Stated:
    """The totals that a CII or UBL document states, as its texts; rates without trailing zeros."""
    root = etree.fromstring(xml)
    is_cii = etree.QName(root).localname == "CrossIndustryInvoice"
    totals: dict[str, Any] = {
        name: _one(root, path) for name, path in (_CII if is_cii else _UBL).items()
    }
    group, terms = _CII_ROWS if is_cii else _UBL_ROWS
    return Stated(rows=tuple(_row(row, terms) for row in _elements(root, group)), **totals)


def _elements(root: etree._Element, path: str) -> list[etree._Element]:
    return cast("list[etree._Element]", root.xpath(path))


def _one(root: etree._Element, path: str) -> str | None:
    found = _elements(root, path)
    assert len(found) <= 1, path
    return found[0].text if found else None


def _row(element: etree._Element, terms: tuple[str, ...]) -> str:
    # In UBL category and rate stand one level deeper, beside the scheme's own ID.
    paths = [
        f".//*[local-name()='{term}'][not(parent::*[local-name()='TaxScheme'])]" for term in terms
    ]
    category, rate, taxable, tax = (_elements(element, path)[0].text or "" for path in paths)
    return f"{category} {Decimal(rate).normalize():f} {taxable} {tax}"
