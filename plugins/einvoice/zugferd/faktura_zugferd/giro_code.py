"""The GiroCode: a transfer as a QR code, EPC069-12 version 002.

Version 002 leaves the BIC out, which banks of the EEA do without; UTF-8, SCT, error correction M,
at most QR version 13. The same in every language.
"""

from decimal import Decimal
from typing import Final

from faktura.plugin import CreditTransfer, InvoiceDocument, Reminder
from faktura_en16931.codes import TRANSFER_MEANS
from faktura_en16931.payment import is_iban

_MOST: Final = Decimal("999999999.99")
_NAME_SIGNS: Final = 70
_REFERENCE_SIGNS: Final = 140
_BYTES: Final = 331  # what version 13 holds at level M
_MASK: Final = 3
# Documents whose amount the sender pays: credit note and self-billed invoice (UNTDID 1001).
_PAID_BY_SENDER: Final = frozenset({"381", "389", "261"})


def giro_code(document: InvoiceDocument) -> tuple[str, ...]:
    """Rows of "0" and "1" without a quiet zone; none where no euro transfer to us is due."""
    payment = document.payment
    if payment.means_code not in TRANSFER_MEANS or document.type_code in _PAID_BY_SENDER:
        return ()
    if document.currency != "EUR" or not payment.transfers:
        return ()
    name = document.payee.name if document.payee else document.seller.name
    reference = payment.remittance or document.number
    return _rows(payload(payment.transfers[0], name, document.totals.due, reference))


def giro_code_of_reminder(reminder: Reminder) -> tuple[str, ...]:
    """The same for a dunning letter: its whole sum, by the numbers of its documents."""
    head = reminder.head
    if head.currency != "EUR" or not reminder.transfers:
        return ()
    reference = reference_of_reminder(reminder)
    return _rows(payload(reminder.transfers[0], head.seller.name, reminder.total, reference))


def reference_of_reminder(reminder: Reminder) -> str:
    """What a transfer of the whole sum says: its documents; who pays where a transfer cannot hold them."""
    numbers = ", ".join(reminder.numbers)
    if len(numbers) <= _REFERENCE_SIGNS:
        return numbers
    customer = reminder.head.customer_number
    return customer if reminder.charges is None else f"{customer}, {reminder.charges}"


def payload(transfer: CreditTransfer, name: str, amount: Decimal, reference: str) -> str:
    """The text of the code; empty where EPC069-12 has no room for the transfer.

    Names are cut at 70 signs and references at 140, as a transfer would cut them.
    """
    iban = "".join(transfer.iban.split()).upper()
    if not (Decimal(0) < amount <= _MOST and is_iban(iban)):
        return ""
    holder = _line(transfer.holder or name, _NAME_SIGNS)
    bic = _line(transfer.bic or "", 11)
    remittance = _line(reference, _REFERENCE_SIGNS)
    lines = ["BCD", "002", "1", "SCT", bic, holder, iban, f"EUR{amount:.2f}", "", "", remittance]
    text = "\n".join(lines)
    return text if len(text.encode()) <= _BYTES else ""


def _line(text: str, signs: int) -> str:
    """One line: a line feed inside a name would move all that follows by one field."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:signs]


def _rows(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    import segno

    # With one fixed mask, which every reader knows: trying all eight takes five times as long.
    code = segno.make_qr(
        text, error="m", mode="byte", encoding="utf-8", boost_error=False, mask=_MASK
    )
    return tuple("".join("1" if cell else "0" for cell in row) for row in code.matrix)
