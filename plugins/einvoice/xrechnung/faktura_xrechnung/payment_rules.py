"""Payment in XRechnung: one group by means code, IBANs, direct debit, Skonto (BR-DE-18 to 31)."""

import re
from collections.abc import Iterator
from typing import Final

from faktura.plugin import Finding, InvoiceDocument, PaymentInstructions
from faktura_en16931.codes import CARD_MEANS, DEBIT_MEANS, TRANSFER_MEANS
from faktura_en16931.findings import error
from faktura_en16931.payment import is_iban
from faktura_en16931.text import is_blank

_SEPA_TRANSFER: Final = "58"
_MEND: Final = "customer.paymentMethod"
# The blanks of XML: any other, such as a no-break space, belongs to the text.
_BLANKS: Final = " \t\r\n"
_BETWEEN: Final = re.compile("#.+#")
_LINE_END: Final = re.compile(r"[ \t\r\n]*\n")
_SKONTO: Final = re.compile(
    r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#", re.ASCII
)


def check_payment_means(document: InvoiceDocument) -> Iterator[Finding]:
    """Exactly the group that belongs to the means code, with usable accounts."""
    payment = document.payment
    if payment.means_code in TRANSFER_MEANS:
        yield from _transfer(payment)
    elif payment.means_code in CARD_MEANS:
        yield from _card(payment)
    elif payment.means_code in DEBIT_MEANS:
        yield from _direct_debit(payment)
    yield from _skonto(document.payment_terms)


def _transfer(payment: PaymentInstructions) -> Iterator[Finding]:
    if not payment.transfers:
        message = "A credit transfer needs the account to pay to"
        yield error("BR-DE-23-a", "BG-17", message, "tenant.seller.iban")
    if payment.direct_debit or payment.card_last_digits:
        message = "A credit transfer carries neither a mandate nor a card"
        yield error("BR-DE-23-b", "BG-16", message, _MEND)
    if payment.means_code == _SEPA_TRANSFER:
        for transfer in payment.transfers:
            if not is_iban(transfer.iban):
                message = "The account to pay to is no IBAN with right check digits"
                yield error("BR-DE-19", "BT-84", message, "tenant.seller.iban")


def _card(payment: PaymentInstructions) -> Iterator[Finding]:
    if is_blank(payment.card_last_digits):
        message = "A card payment needs the last digits of the card"
        yield error("BR-DE-24-a", "BG-18", message, "document.payment.card_last_digits")
    if payment.transfers or payment.direct_debit:
        message = "A card payment carries neither an account to pay to nor a mandate"
        yield error("BR-DE-24-b", "BG-16", message, _MEND)


def _direct_debit(payment: PaymentInstructions) -> Iterator[Finding]:
    debit = payment.direct_debit
    if debit is None:
        message = "A direct debit needs mandate, creditor id and the debited account"
        yield error("BR-DE-25-a", "BG-19", message, "customer.mandate")
    else:
        if is_blank(debit.creditor_id):
            message = "A direct debit needs the seller's creditor id"
            yield error("BR-DE-30", "BT-90", message, "tenant.seller.creditor_id")
        if is_blank(debit.iban):
            message = "A direct debit needs the account it is collected from"
            yield error("BR-DE-31", "BT-91", message, "customer.mandate")
        elif not is_iban(debit.iban):
            message = "The debited account is no IBAN with right check digits"
            yield error("BR-DE-20", "BT-91", message, "customer.mandate")
    if payment.transfers or payment.card_last_digits:
        message = "A direct debit carries neither an account to pay to nor a card"
        yield error("BR-DE-25-b", "BG-16", message, _MEND)


def _skonto(terms: str | None) -> Iterator[Finding]:
    lines = (line.strip(_BLANKS) for line in (terms or "").split("\n"))
    marked = [line for line in lines if line.startswith("#")]
    if not terms or not marked:
        return
    # The rule looks behind the last two # of any line, in a sentence too: the line has to end there.
    is_ended = _LINE_END.match(_BETWEEN.split(terms)[-1])
    if not is_ended or not all(_SKONTO.fullmatch(line) for line in marked):
        message = "A Skonto line is not as “#SKONTO#TAGE=7#PROZENT=2.00#” on a line of its own"
        yield error("BR-DE-18", "BT-20", message, "document.payment_terms")
