"""What a document is called (F066): 381 and 384 are never a Gutschrift, 389 always is one."""

from collections.abc import Mapping
from typing import assert_never

from faktura.kernel.terms import DocumentKind
from faktura.plugin import InvoiceDocument
from faktura_zugferd.words import Words

# UNTDID 1001, for documents that say nothing of their kind.
_BY_CODE: Mapping[str, str] = {
    "326": "partial",
    "380": "invoice",
    "381": "correction",
    "389": "credit_note",
    "875": "construction_partial",
    "876": "construction_partial_final",
    "877": "final",
}

_SELF_BILLED = frozenset({"credit_note", "credit_note_correction"})


def kind_key(document: InvoiceDocument) -> str:
    """The kind as the words name it: `invoice`, `credit_note`, ..."""
    if document.printed is not None:
        return _key(document.printed.kind)
    if document.type_code == "384":
        return "cancellation" if document.totals.gross <= 0 else "correction"
    if document.type_code == "389" and document.totals.gross < 0:
        return "credit_note_correction"
    return _BY_CODE.get(document.type_code, "invoice")


def is_self_billed(document: InvoiceDocument) -> bool:
    """Whether the buyer writes the document to the seller (§ 14 (2) UStG)."""
    return kind_key(document) in _SELF_BILLED


def title_of(document: InvoiceDocument, words: Words) -> str:
    """The title without the number: `Schlussrechnung`."""
    return words.say(f"title.{kind_key(document)}")


def _key(kind: DocumentKind) -> str:
    match kind:
        case DocumentKind.INVOICE | DocumentKind.OPENING | DocumentKind.DUNNING:
            return "invoice"
        case (
            DocumentKind.DEPOSIT
            | DocumentKind.FINAL
            | DocumentKind.CORRECTION
            | DocumentKind.CANCELLATION
            | DocumentKind.CREDIT_NOTE
            | DocumentKind.CREDIT_NOTE_CORRECTION
        ):
            return kind.value.lower()
        case _ as never:
            assert_never(never)
