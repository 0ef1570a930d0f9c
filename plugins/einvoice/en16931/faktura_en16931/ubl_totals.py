"""Sums of a document in UBL: allowances and charges, VAT, totals (BG-20 to BG-23)."""

from typing import Literal

from lxml import etree

from faktura.plugin import Allowance, InvoiceDocument, VatBreakdown
from faktura_en16931.text import decimal_text
from faktura_en16931.ubl_codes import VAT_SCHEME
from faktura_en16931.ubl_elements import (
    AmountForm,
    amount_form,
    group,
    put,
    put_amount,
    put_tax,
    put_tax_scheme,
    put_text,
)


def put_totals(root: etree._Element, document: InvoiceDocument, form: AmountForm) -> None:
    """All from AllowanceCharge to LegalMonetaryTotal, in the order of the schema."""
    for allowance in document.allowances:
        _allowance(root, allowance, "false", form)
    for charge in document.charges:
        _allowance(root, charge, "true", form)
    total = group(root, "TaxTotal")
    put_amount(total, "TaxAmount", document.totals.vat, form)
    for breakdown in document.vat:
        _subtotal(total, breakdown, form)
    _accounting_total(root, document)
    _monetary_total(root, document, form)


def put_allowance(
    parent: etree._Element,
    allowance: Allowance,
    indicator: Literal["false", "true"],
    form: AmountForm,
) -> etree._Element:
    """One AllowanceCharge without its VAT: an allowance ("false") or a charge ("true")."""
    element = group(parent, "AllowanceCharge")
    put(element, "ChargeIndicator", indicator)
    put_text(element, "AllowanceChargeReasonCode", allowance.reason_code)
    put_text(element, "AllowanceChargeReason", allowance.reason)
    if allowance.percent is not None:
        put(element, "MultiplierFactorNumeric", decimal_text(allowance.percent))
    put_amount(element, "Amount", allowance.amount, form)
    if allowance.base is not None:
        put_amount(element, "BaseAmount", allowance.base, form)
    return element


def _allowance(
    root: etree._Element,
    allowance: Allowance,
    indicator: Literal["false", "true"],
    form: AmountForm,
) -> None:
    element = put_allowance(root, allowance, indicator, form)
    if allowance.vat_category is not None:
        put_tax(element, "TaxCategory", allowance.vat_category, allowance.vat_rate)


def _subtotal(total: etree._Element, breakdown: VatBreakdown, form: AmountForm) -> None:
    subtotal = group(total, "TaxSubtotal")
    put_amount(subtotal, "TaxableAmount", breakdown.taxable, form)
    put_amount(subtotal, "TaxAmount", breakdown.tax, form)
    category = group(subtotal, "TaxCategory")
    put(category, "ID", breakdown.category.value)
    # BR-DE-14 wants a rate even where EN 16931 has none (category O).
    rate = breakdown.rate
    put(category, "Percent", "0" if rate is None else decimal_text(rate))
    put_text(category, "TaxExemptionReasonCode", breakdown.exemption_code)
    put_text(category, "TaxExemptionReason", breakdown.exemption_reason)
    put_tax_scheme(category, VAT_SCHEME)


def _accounting_total(root: etree._Element, document: InvoiceDocument) -> None:
    """BT-111: a second total in the accounting currency, without a breakdown (R054)."""
    amount, currency = document.totals.vat_accounting, document.tax_currency
    if amount is not None and currency is not None:
        put_amount(group(root, "TaxTotal"), "TaxAmount", amount, amount_form(currency))


def _monetary_total(root: etree._Element, document: InvoiceDocument, form: AmountForm) -> None:
    totals = document.totals
    element = group(root, "LegalMonetaryTotal")
    put_amount(element, "LineExtensionAmount", totals.lines, form)
    put_amount(element, "TaxExclusiveAmount", totals.net, form)
    put_amount(element, "TaxInclusiveAmount", totals.gross, form)
    for name, amount, is_needed in (
        ("AllowanceTotalAmount", totals.allowances, document.allowances),
        ("ChargeTotalAmount", totals.charges, document.charges),
        ("PrepaidAmount", totals.prepaid, None),
        ("PayableRoundingAmount", totals.rounding, None),
    ):
        if amount or is_needed:
            put_amount(element, name, amount, form)
    put_amount(element, "PayableAmount", totals.due, form)
