"""What the account says of a transaction, in the language of whoever reads it.

The account keeps German texts; a statement for others words them in English.
"""

import re
from collections.abc import Mapping

from faktura.domain.document_kinds import KINDS
from faktura.domain.document_language import is_german
from faktura.kernel.terms import DocumentKind

_KINDS: Mapping[DocumentKind, str] = {
    DocumentKind.INVOICE: "Invoice",
    DocumentKind.DEPOSIT: "Deposit invoice",
    DocumentKind.FINAL: "Final invoice",
    DocumentKind.CORRECTION: "Invoice correction",
    DocumentKind.CANCELLATION: "Cancellation",
    DocumentKind.CREDIT_NOTE: "Self-billing invoice",
    DocumentKind.CREDIT_NOTE_CORRECTION: "Correction of self-billing invoice",
    DocumentKind.OPENING: "Balance brought forward",
    DocumentKind.DUNNING: "Dunning charges",
}
# The document's number, where there is one, goes from the brackets to the braces.
_ENGLISH: Mapping[str, str] = {
    "Zahlung ohne Rechnung": "Payment without invoice",
    "Zahlung ohne Rechnung zurückgenommen": "Payment without invoice taken back",
    r"Zahlung (\S+)": "Payment of {}",
    r"Zahlung (\S+) zurückgenommen": "Payment of {} taken back",
    r"Rücklastschrift (\S+)": "Returned payment of {}",
    r"Erstattung (\S+)": "Refund of {}",
    r"Erstattung (\S+) zurückgenommen": "Refund of {} taken back",
    "Erstattung von Guthaben": "Refund of credit",
    "Erstattung von Guthaben zurückgenommen": "Refund of credit taken back",
    r"Ausbuchung (\S+)": "Write-off of {}",
    r"Ausbuchung (\S+) zurückgenommen": "Write-off of {} taken back",
    r"Erlass (\S+)": "Waiver of {}",
    r"Abzug Anzahlung (\S+)": "Deposit {} deducted",
    r"Abzug Anzahlung (\S+) zurück": "Deduction of deposit {} taken back",
} | {rf"{KINDS[kind].title} (\S+)": f"{english} {{}}" for kind, english in _KINDS.items()}


def account_text(text: str, language: str) -> str:
    """The transaction's text; one that nobody translated stays as it was recorded."""
    if is_german(language):
        return text
    for german, english in _ENGLISH.items():
        found = re.fullmatch(german, text)
        if found:
            return english.format(*found.groups())
    return text
