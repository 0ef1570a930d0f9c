"""Payment, VAT and totals in CII: ApplicableHeaderTradeSettlement (BG-16 to BG-23, BG-3, BG-14)."""

from typing import Literal

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import (
    Allowance,
    CreditTransfer,
    InvoiceDocument,
    PrecedingInvoice,
    VatBreakdown,
)
from faktura_en16931.cii_codes import VAT_POINT_CODES
from faktura_en16931.cii_elements import (
    RAM,
    discard_if_empty,
    group,
    put,
    put_day,
    put_day_only,
    put_formatted_day,
    put_nested,
    put_period,
    put_text,
)
from faktura_en16931.cii_lines import put_allowance, put_tax
from faktura_en16931.cii_parties import put_payee
from faktura_en16931.decimals import amount_digits
from faktura_en16931.text import amount_text, decimal_text, is_blank


def put_settlement(parent: etree._Element, document: InvoiceDocument, digits: int) -> None:
    """The header settlement, in the order of HeaderTradeSettlementType."""
    element = group(parent, "ApplicableHeaderTradeSettlement")
    payment = document.payment
    if payment.direct_debit:
        put_text(element, "CreditorReferenceID", payment.direct_debit.creditor_id)
    put_text(element, "PaymentReference", payment.remittance)
    put_text(element, "TaxCurrencyCode", document.tax_currency)
    put(element, "InvoiceCurrencyCode", document.currency)
    if document.payee:
        put_payee(element, document.payee)
    _payment_means(element, document)
    for breakdown in document.vat:
        _vat(element, document, breakdown, digits)
    if document.period:
        put_period(element, document.period)
    for allowance in document.allowances:
        _allowance(element, allowance, "false", digits)
    for charge in document.charges:
        _allowance(element, charge, "true", digits)
    _terms(element, document)
    _summation(element, document, digits)
    for preceding in document.preceding:
        _preceding(element, preceding)
    account = "ReceivableSpecifiedTradeAccountingAccount"
    put_nested(element, account, "ID", document.accounting_reference)


def _payment_means(element: etree._Element, document: InvoiceDocument) -> None:
    # BG-17 repeats by repeating the whole group with the same code.
    for transfer in document.payment.transfers or (None,):
        _one_means(element, document, transfer)


def _one_means(
    element: etree._Element, document: InvoiceDocument, transfer: CreditTransfer | None
) -> None:
    payment = document.payment
    means = group(element, "SpecifiedTradeSettlementPaymentMeans")
    put_text(means, "TypeCode", payment.means_code)
    put_text(means, "Information", payment.means_text)
    if not is_blank(payment.card_last_digits):
        card = group(means, "ApplicableTradeSettlementFinancialCard")
        put_text(card, "ID", payment.card_last_digits)
        put_text(card, "CardholderName", payment.card_holder)
    if payment.direct_debit:
        debtor = "PayerPartyDebtorFinancialAccount"
        put_nested(means, debtor, "IBANID", payment.direct_debit.iban)
    if transfer:
        creditor = group(means, "PayeePartyCreditorFinancialAccount")
        put_text(creditor, "IBANID", transfer.iban)
        put_text(creditor, "AccountName", transfer.holder)
        discard_if_empty(means, creditor)
        bank = "PayeeSpecifiedCreditorFinancialInstitution"
        put_nested(means, bank, "BICID", transfer.bic)


def _vat(
    element: etree._Element, document: InvoiceDocument, breakdown: VatBreakdown, digits: int
) -> None:
    tax = group(element, "ApplicableTradeTax")
    put(tax, "CalculatedAmount", amount_text(breakdown.tax, digits))
    put(tax, "TypeCode", "VAT")
    put_text(tax, "ExemptionReason", breakdown.exemption_reason)
    put(tax, "BasisAmount", amount_text(breakdown.taxable, digits))
    put(tax, "CategoryCode", breakdown.category.value)
    put_text(tax, "ExemptionReasonCode", breakdown.exemption_code)
    # BT-7 and BT-8 are of the whole document; CII has no place for them but the breakdowns: the
    # code in each of them, the day in one only (CII-SR-461).
    if document.vat_point_on and breakdown is document.vat[0]:
        put_day_only(tax, "TaxPointDate", document.vat_point_on)
    if document.vat_point_code:
        code = VAT_POINT_CODES.get(document.vat_point_code, document.vat_point_code)
        put_text(tax, "DueDateTypeCode", code)
    # BR-DE-14 wants a rate even where EN 16931 has none (category O).
    rate = breakdown.rate
    put(tax, "RateApplicablePercent", "0" if rate is None else decimal_text(rate))


def _allowance(
    element: etree._Element,
    allowance: Allowance,
    indicator: Literal["false", "true"],
    digits: int,
) -> None:
    entry = put_allowance(element, allowance, indicator, digits)
    if allowance.vat_category is not None:
        put_tax(entry, "CategoryTradeTax", allowance.vat_category, allowance.vat_rate)


def _terms(element: etree._Element, document: InvoiceDocument) -> None:
    terms = group(element, "SpecifiedTradePaymentTerms")
    put_text(terms, "Description", document.payment_terms)
    if document.due_on:
        put_day(terms, "DueDateDateTime", document.due_on)
    if document.payment.direct_debit:
        put_text(terms, "DirectDebitMandateID", document.payment.direct_debit.mandate)
    discard_if_empty(element, terms)


def _summation(element: etree._Element, document: InvoiceDocument, digits: int) -> None:
    totals = document.totals
    summation = group(element, "SpecifiedTradeSettlementHeaderMonetarySummation")
    put(summation, "LineTotalAmount", amount_text(totals.lines, digits))
    if document.charges or totals.charges:
        put(summation, "ChargeTotalAmount", amount_text(totals.charges, digits))
    if document.allowances or totals.allowances:
        put(summation, "AllowanceTotalAmount", amount_text(totals.allowances, digits))
    put(summation, "TaxBasisTotalAmount", amount_text(totals.net, digits))
    # The only amounts that may name its currency (CII-DT-031).
    tax = SubElement(summation, RAM + "TaxTotalAmount", {"currencyID": document.currency})
    tax.text = amount_text(totals.vat, digits)
    if document.tax_currency and totals.vat_accounting is not None:
        accounting = amount_digits(document.tax_currency)
        tax = SubElement(summation, RAM + "TaxTotalAmount", {"currencyID": document.tax_currency})
        tax.text = amount_text(totals.vat_accounting, accounting)
    if totals.rounding:
        put(summation, "RoundingAmount", amount_text(totals.rounding, digits))
    put(summation, "GrandTotalAmount", amount_text(totals.gross, digits))
    if totals.prepaid:
        put(summation, "TotalPrepaidAmount", amount_text(totals.prepaid, digits))
    put(summation, "DuePayableAmount", amount_text(totals.due, digits))


def _preceding(element: etree._Element, preceding: PrecedingInvoice) -> None:
    reference = group(element, "InvoiceReferencedDocument")
    put_text(reference, "IssuerAssignedID", preceding.number)
    if preceding.issued_on:
        put_formatted_day(reference, "FormattedIssueDateTime", preceding.issued_on)
