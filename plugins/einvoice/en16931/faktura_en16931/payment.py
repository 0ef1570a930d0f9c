"""Payment instructions (BG-16 to BG-19) and terms: what the payment means code asks for."""

import re
from collections.abc import Iterator

from faktura.plugin import Finding, InvoiceDocument, PaymentInstructions
from faktura_en16931.codes import MANDATE_MEANS, TRANSFER_MEANS
from faktura_en16931.findings import error
from faktura_en16931.text import is_blank

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
# Card schemes forbid more; the last four to six digits are what people recognise.
_CARD = re.compile(r"[0-9]{4,6}", re.ASCII)


def is_iban(text: str) -> bool:
    """Whether `text` is an IBAN without blanks whose check digits are right (ISO 13616, mod 97)."""
    if not _IBAN.fullmatch(text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def check_payment(document: InvoiceDocument) -> Iterator[Finding]:
    """Accounts, mandates and card digits that the means code demands, and a date to pay by."""
    payment = document.payment
    if payment.means_code in TRANSFER_MEANS and not payment.transfers:
        message = "A credit transfer needs the account to pay to"
        yield error("BR-61", "BT-84", message, "tenant.seller.iban")
    for transfer in payment.transfers:
        if is_blank(transfer.iban):
            yield error("BR-50", "BT-84", "The account to pay to has no IBAN", "tenant.seller.iban")
    debit = payment.direct_debit
    if payment.means_code in MANDATE_MEANS and (debit is None or is_blank(debit.mandate)):
        message = "A direct debit needs the reference of its mandate"
        yield error("PEPPOL-EN16931-R061", "BT-89", message, "customer.mandate")
    yield from _groups(payment)
    if payment.card_last_digits is not None and not _CARD.fullmatch(payment.card_last_digits):
        message = "Of a card only its last four to six digits may be shown"
        yield error("BR-51", "BT-87", message, "document.payment.card_last_digits")
    if document.totals.due > 0 and document.due_on is None and is_blank(document.payment_terms):
        message = "An amount is due, but neither a due date nor payment terms are given"
        yield error("BR-CO-25", "BT-9", message, "customer.duePeriod")


def _groups(payment: PaymentInstructions) -> Iterator[Finding]:
    """One way to pay: the syntaxes have one place for all three (BG-17, BG-18, BG-19)."""
    given = (payment.transfers, payment.direct_debit, payment.card_last_digits)
    if sum(1 for group in given if group) > 1:
        message = "A document is paid by transfer, by direct debit or by card, not by two of them"
        yield error("faktura-payment", "BG-16", message, "customer.paymentMethod")
    if payment.card_holder is not None and payment.card_last_digits is None:
        message = "The holder of a card is named without the card's last digits"
        yield error("faktura-payment", "BT-87", message, "document.payment.card_last_digits")
