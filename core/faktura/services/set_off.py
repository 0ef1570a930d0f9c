"""Credit of a correction: first to the open rest of what it corrects, then to the new invoices.

So a change of 30.00 to 51.29 collects 21.29, never 51.29 beside a credit of 30.00 (domain.md). What
is left stays visible credit on the account.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from faktura.domain.account import AccountTransaction
from faktura.domain.document_kinds import CORRECTING
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentLinkKind
from faktura.services.deposit_receipts import deposit_receipts
from faktura.store.accounts import Allocation
from faktura.store.document_links import naming
from faktura.store.facts import Facts, FrozenDocument, write_facts
from faktura.store.settlements import OpenRest, open_rests
from faktura.store.transaction import Tx


@dataclass(slots=True)
class _Rests:
    """What is open of documents while credit is spread, and the next allocation of each."""

    by_document: dict[UUID, OpenRest]
    allocations: list[Allocation] = field(default_factory=list)

    def spend(self, credit: UUID, target: UUID, posted: AccountTransaction) -> None:
        """Set off as much of a credit against a document as both allow."""
        available, owed = self.by_document[credit], self.by_document[target]
        minor = min(-available.open.minor, owed.open.minor)
        if minor <= 0:
            return
        part = Money(minor, posted.amount.currency)
        self._allocate(target, part, posted)
        self._allocate(credit, -part, posted)

    def settle(self, correction: UUID, original: UUID, posted: AccountTransaction) -> None:
        """Set a correction off against what is open of its original, whoever owes it."""
        if self.by_document[correction].open.minor < 0:
            self.spend(correction, original, posted)
        else:
            self.spend(original, correction, posted)

    def count(self, allocations: Iterable[Allocation]) -> None:
        """Take into account what is allocated in this transaction already."""
        for one in allocations:
            rest = self.by_document.get(one.document_id)
            if rest is not None:
                self.by_document[one.document_id] = OpenRest(
                    rest.open - one.amount, max(rest.next_no, one.no + 1)
                )

    def _allocate(self, document_id: UUID, part: Money, posted: AccountTransaction) -> None:
        rest = self.by_document[document_id]
        self.allocations.append(
            Allocation(
                document_id,
                rest.next_no,
                posted.customer_id,
                posted.no,
                part,
                None,
                posted.source,
            )
        )
        self.by_document[document_id] = OpenRest(rest.open - part, rest.next_no + 1)


def set_off(tx: Tx, facts: Facts) -> list[Allocation]:
    """How the corrections among new documents are spread; nothing where there are none."""
    # What else the documents brought stands behind their own transactions.
    pairs = list(zip(facts.documents, facts.transactions, strict=False))
    correcting = [pair for pair in pairs if pair[0].draft.kind in CORRECTING]
    if not correcting:
        return []
    originals = {one for frozen, _ in correcting for one in _corrected(frozen)}
    rests = _Rests(open_rests(tx, sorted(originals)) | _new(facts.documents))
    rests.count(facts.allocations)
    for frozen, posted in correcting:
        for one in _corrected(frozen):
            rests.settle(frozen.id, one, posted)
    for frozen, posted in correcting:
        for other in facts.documents:
            if _gives_credit(frozen) and _same_account(frozen, other):
                rests.spend(frozen.id, other.id, posted)
    return rests.allocations


def settle_reopened(
    tx: Tx, tenant: Tenant, reopened: Iterable[tuple[UUID, AccountTransaction]], on: date
) -> None:
    """Let the credit of corrections pay what is open of their originals again (F065, F095).

    `reopened` are documents, each with the transaction that took a payment of it back.
    """
    for original, posted in reopened:
        corrections = [
            one.id for one in naming(tx, original) if one.why is DocumentLinkKind.CORRECTS
        ]
        rests = _Rests(open_rests(tx, [original, *corrections]))
        for correction in corrections:
            rests.settle(correction, original, posted)
        if rests.allocations:
            facts = Facts(allocations=rests.allocations)
            facts.entries.extend(deposit_receipts(tx, tenant, facts, on))
            write_facts(tx, facts)


def _gives_credit(frozen: FrozenDocument) -> bool:
    return frozen.draft.gross.minor < 0


def _corrected(frozen: FrozenDocument) -> list[UUID]:
    """What a correction takes back; other links only name a document."""
    corrects = DocumentLinkKind.CORRECTS
    return [one.document_id for one in frozen.draft.originals if one.why is corrects]


def _same_account(one: FrozenDocument, other: FrozenDocument) -> bool:
    return (one.draft.customer.id, one.draft.currency) == (
        other.draft.customer.id,
        other.draft.currency,
    )


def _new(documents: Iterable[FrozenDocument]) -> dict[UUID, OpenRest]:
    return {frozen.id: OpenRest(frozen.draft.gross, 1) for frozen in documents}
