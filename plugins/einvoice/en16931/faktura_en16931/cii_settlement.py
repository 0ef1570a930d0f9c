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
from faktura_en16931.cii_elements import (
    RAM,
    discard_if_empty,
    group,
    put,
    put_day,
    put_formatted_day,
    put_nested,
    put_period,
    put_text,
)
from faktura_en16931.cii_lines import put_allowance, put_tax
from faktura_en16931.text import amount_text, decimal_text


def put_settlement(parent: etree._Element, document: InvoiceDocument, digits: int) -> None:
    """The header settlement, in the order of HeaderTradeSettlementType."""
    element = group(parent, "ApplicableHeaderTradeSettlement")
    payment = document.payment
    if payment.direct_debit:
        put_text(element, "CreditorReferenceID", payment.direct_debit.creditor_id)
    put_text(element, "PaymentReference", payment.remittance)
    put(element, "InvoiceCurrencyCode", document.currency)
    _payment_means(element, document)
    for breakdown in document.vat:
        _vat(element, breakdown, digits)
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
    card = "ApplicableTradeSettlementFinancialCard"
    put_nested(means, card, "ID", payment.card_last_digits)
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


def _vat(element: etree._Element, breakdown: VatBreakdown, digits: int) -> None:
    tax = group(element, "ApplicableTradeTax")
    put(tax, "CalculatedAmount", amount_text(breakdown.tax, digits))
    put(tax, "TypeCode", "VAT")
    put_text(tax, "ExemptionReason", breakdown.exemption_reason)
    put(tax, "BasisAmount", amount_text(breakdown.taxable, digits))
    put(tax, "CategoryCode", breakdown.category.value)
    put_text(tax, "ExemptionReasonCode", breakdown.exemption_code)
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
    # The one amount that may name its currency (CII-DT-031).
    tax = SubElement(summation, RAM + "TaxTotalAmount", {"currencyID": document.currency})
    tax.text = amount_text(totals.vat, digits)
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
