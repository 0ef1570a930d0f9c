"""How deposits become journal entries: requested, received with VAT, deducted once (F061, P19).

Requesting a deposit posts neither revenue nor VAT. Money that is received for it makes the VAT due;
the final invoice posts all revenue and VAT and dissolves what was received with its VAT.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.charts import account_of
from faktura.domain.deposit_facts import Shares
from faktura.domain.document_entries import entry_of
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry, Leg, checked
from faktura.domain.tenants import Tenant
from faktura.kernel.terms import DocumentKind, DocumentLinkKind, EntryKind, Side, Slot


@dataclass(frozen=True, slots=True)
class DepositMove:
    """What is received for a deposit, or deducted of it; negative shares undo that.

    `document_id` is the document that the entry belongs to, `number` is the deposit's.
    """

    key: str
    number: str
    document_id: UUID
    customer_id: UUID
    currency: str
    value_date: date
    shares: Shares
    reverses_key: str | None = None


def is_of_deposit(document: DraftDocument) -> bool:
    """Whether a document requests a deposit, or takes such a request back."""
    return document.kind is DocumentKind.DEPOSIT or any(
        one.kind is DocumentKind.DEPOSIT and one.why is DocumentLinkKind.CORRECTS
        for one in document.originals
    )


def request_entry(
    tenant: Tenant, document: DraftDocument, *, document_id: UUID, number: str
) -> Entry | None:
    """Receivable gross to deposits requested; None for nothing. A correction is negative."""
    if not document.gross:
        return None
    minor = document.gross.minor
    legs = (
        _leg(tenant, Slot.RECEIVABLES, Side.DEBIT, minor, document.customer.debtor_account),
        _leg(tenant, Slot.DEPOSITS_REQUESTED, Side.CREDIT, minor),
    )
    return entry_of(document, legs, document_id=document_id, number=number)


def receipt_entry(tenant: Tenant, move: DepositMove) -> Entry:
    """Deposits requested to deposits received net and VAT: the VAT falls due (§ 13 UStG, F061)."""
    gross = sum(share.gross for share in move.shares)
    requested = _leg(tenant, Slot.DEPOSITS_REQUESTED, Side.DEBIT, gross)
    legs = (requested, *_taxed_legs(tenant, move.shares, Side.CREDIT))
    return _entry(move, EntryKind.DEPOSIT_RECEIVED, f"Anzahlung {move.number}", legs)


def deduction_entry(tenant: Tenant, move: DepositMove, debtor: str) -> Entry:
    """Deposits received net and their VAT to receivable: so VAT is owed exactly once (F061)."""
    gross = sum(share.gross for share in move.shares)
    receivable = _leg(tenant, Slot.RECEIVABLES, Side.CREDIT, gross, debtor)
    legs = (*_taxed_legs(tenant, move.shares, Side.DEBIT), receivable)
    return _entry(move, EntryKind.DEPOSIT_DEDUCTED, f"Abzug Anzahlung {move.number}", legs)


def _entry(move: DepositMove, kind: EntryKind, text: str, legs: tuple[Leg, ...]) -> Entry:
    return checked(
        Entry(
            move.key,
            kind,
            move.value_date,
            move.currency,
            text,
            legs,
            move.document_id,
            move.customer_id,
            move.reverses_key,
        )
    )


def _leg(tenant: Tenant, slot: Slot, side: Side, minor: int, debtor: str | None = None) -> Leg:
    account = account_of(tenant.chart, tenant.accounts, slot)
    return Leg(slot, account, side if minor > 0 else side.other, abs(minor), debtor)


def _taxed_legs(tenant: Tenant, shares: Shares, side: Side) -> Iterator[Leg]:
    for slot in (Slot.DEPOSITS_RECEIVED, Slot.VAT):
        for share in shares:
            minor = share.net if slot is Slot.DEPOSITS_RECEIVED else share.tax
            if minor:
                taxed = share.taxed
                yield Leg(
                    slot,
                    account_of(
                        tenant.chart, tenant.accounts, slot, taxed.case, taxed.rate, taxed.country
                    ),
                    side if minor > 0 else side.other,
                    abs(minor),
                    None,
                    taxed.case,
                    taxed.rate,
                    taxed.country,
                )
