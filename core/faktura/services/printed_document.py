"""What corrections and credit notes print: signs, references, parties, and how they are settled (F066).

Amounts are kept as the customer's account sees them. On paper a partial correction (381) and a credit
note (389) are positive, a cancellation (384) and the correction of a credit note negative (P18).
"""

from datetime import date
from decimal import Decimal
from typing import cast

from faktura.domain.document_kinds import CORRECTING, KINDS, SELF_BILLED
from faktura.domain.documents import DocumentRecord
from faktura.kernel.terms import DocumentKind
from faktura.plugin import (
    Allowance,
    Contact,
    DocumentLine,
    InvoiceDocument,
    Note,
    Party,
    PaymentInstructions,
    PrecedingInvoice,
    VatBreakdown,
)

# BT-81 (UNTDID 4461): clearing between partners.
_CLEARING, _CLEARING_TEXT = "97", "Verrechnung mit dem Kundenkonto"


def as_printed(document: InvoiceDocument, record: DocumentRecord) -> InvoiceDocument:
    """The document as it is printed; an invoice stays as it is, but names what it follows (BG-3)."""
    changes: dict[str, object] = {}
    preceding = _preceding(record)
    if preceding:
        changes["preceding"] = preceding
    if record.kind in CORRECTING | SELF_BILLED:
        changes |= _settled_by_account(document, record)
    if record.kind in SELF_BILLED:
        changes |= {"seller": _supplier(document.buyer), "buyer": _ourselves(document.seller)}
    if KINDS[record.kind].printed_positive:
        changes |= _negated(document)
    return document.model_copy(update=changes) if changes else document


def _preceding(record: DocumentRecord) -> tuple[PrecedingInvoice, ...]:
    given = cast("list[dict[str, str]]", record.snapshot.get("preceding", []))
    return tuple(
        PrecedingInvoice(number=one["number"], issued_on=date.fromisoformat(one["issuedOn"]))
        for one in given
    )


def _settled_by_account(document: InvoiceDocument, record: DocumentRecord) -> dict[str, object]:
    """Nothing is to be transferred: the amount goes to the account."""
    asks = record.gross.minor > 0
    what = "belastet" if asks else "gutgeschrieben"
    # § 14 Abs. 4 Nr. 10 UStG: whoever bills himself says so.
    words = [KINDS[record.kind].title] if record.kind in SELF_BILLED else []
    reason = record.snapshot.get("reason")
    words += [f"Grund: {reason}"] if reason else []
    return {
        "due_on": None,
        "payment_terms": f"Der Betrag wird Ihrem Kundenkonto {what}.",
        "payment": PaymentInstructions(
            means_code=_CLEARING, means_text=_CLEARING_TEXT, remittance=record.number
        ),
        "notes": (*(Note(text=word) for word in words), *document.notes),
    }


def _supplier(partner: Party) -> Party:
    """The partner as the seller (BG-4): who is no company contact is asked at the own address."""
    email = partner.endpoint.value if partner.endpoint else None
    contact = partner.contact or Contact(name=partner.name, email=email)
    return partner.model_copy(update={"contact": contact})


def _ourselves(seller: Party) -> Party:
    """We as the buyer (BG-7), who has no tax number there."""
    return seller.model_copy(update={"tax_number": None, "legal_info": None, "identifiers": ()})


def _negated(document: InvoiceDocument) -> dict[str, object]:
    totals = document.totals
    amounts = (
        "lines",
        "allowances",
        "charges",
        "net",
        "vat",
        "gross",
        "prepaid",
        "rounding",
        "due",
    )
    return {
        "totals": totals.model_copy(
            update={name: _minus(getattr(totals, name)) for name in amounts}
        ),
        "vat": tuple(_negated_vat(row) for row in document.vat),
        "lines": tuple(_negated_line(line) for line in document.lines),
    }


def _minus(amount: Decimal) -> Decimal:
    """The amount the other way round; nothing stays nothing, without a sign."""
    return -amount if amount else amount


def _negated_vat(row: VatBreakdown) -> VatBreakdown:
    return row.model_copy(update={"taxable": _minus(row.taxable), "tax": _minus(row.tax)})


def _negated_line(line: DocumentLine) -> DocumentLine:
    return line.model_copy(
        update={
            "quantity": _minus(line.quantity),
            "net": _minus(line.net),
            "allowances": tuple(_negated_allowance(one) for one in line.allowances),
        }
    )


def _negated_allowance(one: Allowance) -> Allowance:
    base = None if one.base is None else _minus(one.base)
    return one.model_copy(update={"amount": _minus(one.amount), "base": base})


def mend_of(kind: DocumentKind, mend: str) -> str:
    """The field to fill: on a credit note the partner is the seller and we are the buyer."""
    if kind not in SELF_BILLED:
        return mend
    ours, theirs = "tenant.seller.", "customer."
    if mend.startswith(ours):
        return f"{theirs}{mend.removeprefix(ours)}"
    return f"{ours}{mend.removeprefix(theirs)}" if mend.startswith(theirs) else mend
