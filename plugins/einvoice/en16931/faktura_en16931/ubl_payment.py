"""How an invoice is paid, in UBL: payment means (BG-16 to BG-19) and terms (BT-20)."""

from datetime import date

from lxml import etree
from lxml.etree import SubElement

from faktura.plugin import CreditTransfer, DirectDebit, InvoiceDocument, PaymentInstructions
from faktura_en16931.text import cleaned, is_blank
from faktura_en16931.ubl_codes import NO_NETWORK
from faktura_en16931.ubl_elements import (
    CBC,
    discard_if_empty,
    group,
    put,
    put_day,
    put_nested,
    put_text,
)


def put_payment(root: etree._Element, document: InvoiceDocument, *, due_on: date | None) -> None:
    """PaymentMeans and PaymentTerms; `due_on` is BT-9 where the root has no place for it."""
    payment = document.payment
    first, *others = payment.transfers or (None,)
    means = _means(root, payment)
    # These three may stand only once in a document (UBL-SR-45, 46, 54, 55).
    if payment.means_text and not is_blank(payment.means_text):
        means[0].set("name", cleaned(payment.means_text))
    put_day(means, "PaymentDueDate", due_on)
    put_text(means, "PaymentID", payment.remittance)
    _card(means, payment)
    _account(means, first)
    if payment.direct_debit:
        _mandate(means, payment.direct_debit)
    # BG-17 repeats by repeating the whole group with the same code (UBL-SR-47).
    for transfer in others:
        means = _means(root, payment)
        put_text(means, "PaymentID", payment.remittance)
        _account(means, transfer)
    put_nested(root, "PaymentTerms", "Note", document.payment_terms)


def _means(root: etree._Element, payment: PaymentInstructions) -> etree._Element:
    means = group(root, "PaymentMeans")
    SubElement(means, CBC + "PaymentMeansCode").text = cleaned(payment.means_code)
    return means


def _card(means: etree._Element, payment: PaymentInstructions) -> None:
    if is_blank(payment.card_last_digits):
        return
    card = group(means, "CardAccount")
    put_text(card, "PrimaryAccountNumberID", payment.card_last_digits)
    put(card, "NetworkID", NO_NETWORK)
    put_text(card, "HolderName", payment.card_holder)


def _account(means: etree._Element, transfer: CreditTransfer | None) -> None:
    if transfer is None:
        return
    account = group(means, "PayeeFinancialAccount")
    put_text(account, "ID", transfer.iban)
    put_text(account, "Name", transfer.holder)
    put_nested(account, "FinancialInstitutionBranch", "ID", transfer.bic)
    discard_if_empty(means, account)


def _mandate(means: etree._Element, debit: DirectDebit) -> None:
    mandate = group(means, "PaymentMandate")
    put_text(mandate, "ID", debit.mandate)
    put_nested(mandate, "PayerFinancialAccount", "ID", debit.iban)
    discard_if_empty(means, mandate)
