"""What new documents do to deposits and credit, in the transaction that issues them (F061).

A final invoice deducts deposits; a deposit out of a payment without invoice takes that credit. A
correction of a paid deposit releases the money first, the cancellation of a final invoice gives its
deposits back.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.account import AccountHead, recorded
from faktura.domain.deposit_facts import DeductedDeposit, deducted_deposits, negated
from faktura.domain.deposit_postings import DepositMove, deduction_entry
from faktura.domain.invoices import Original
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, DocumentKind, DocumentLinkKind
from faktura.store.accounts import Allocation
from faktura.store.deposits import DepositState, Receipt, deduction_allocations, read_deposits
from faktura.store.documents import read_documents
from faktura.store.facts import Facts, FrozenDocument
from faktura.store.settlements import open_rests
from faktura.store.transaction import Tx

Heads = dict[tuple[UUID, str], AccountHead]


@dataclass(slots=True)
class _Settling:
    """The transaction that issues documents, and where the customers' accounts stand in it."""

    tx: Tx
    tenant: Tenant
    facts: Facts
    heads: Heads
    on: date


def settle_deposits(tx: Tx, tenant: Tenant, facts: Facts, heads: Heads, on: date) -> None:
    """Add to the facts what the new documents deduct, take, release and give back.

    `heads` are the accounts after the documents themselves. Raises TransitionRefused for a
    correction of a deposit that is deducted, or of a part of one that is paid.
    """
    settling = _Settling(tx, tenant, facts, heads, on)
    for frozen in tuple(facts.documents):
        for no, deposit in enumerate(frozen.draft.deposits, 1):
            _deduct(settling, frozen, no, deposit)
        _take_credit(settling, frozen)
        for original in frozen.draft.originals:
            if original.why is DocumentLinkKind.CORRECTS:
                _correct(settling, frozen, original)


def _correct(settling: _Settling, frozen: FrozenDocument, original: Original) -> None:
    if original.kind is DocumentKind.DEPOSIT:
        _release(settling, frozen, original)
    if (original.kind, frozen.draft.kind) == (DocumentKind.FINAL, DocumentKind.CANCELLATION):
        _give_back(settling, frozen, original)


def _deduct(settling: _Settling, frozen: FrozenDocument, no: int, deposit: DeductedDeposit) -> None:
    draft, key = frozen.draft, f"ded:{frozen.number}:{no}"
    amount = Money(deposit.gross, draft.currency)
    posted_no = _record(settling, frozen, -amount, f"Abzug Anzahlung {deposit.number}", key)
    settling.facts.allocations.append(
        Allocation(frozen.id, no, draft.customer.id, posted_no, amount, None, key)
    )
    move = DepositMove(
        key,
        deposit.number,
        frozen.id,
        draft.customer.id,
        draft.currency,
        draft.issued_on,
        deposit.shares,
    )
    settling.facts.entries.append(
        deduction_entry(settling.tenant, move, draft.customer.debtor_account)
    )


def _record(
    settling: _Settling, frozen: FrozenDocument, amount: Money, text: str, source: str
) -> int:
    """The next transaction of the account of a document's customer; its number."""
    draft = frozen.draft
    account = draft.customer.id, draft.currency
    posted, settling.heads[account] = recorded(
        settling.heads[account],
        draft.customer.id,
        AccountFact.DEPOSIT_DEDUCTED,
        amount,
        value_date=draft.issued_on,
        text=text,
        source=source,
        document_id=frozen.id,
    )
    settling.facts.transactions.append(posted)
    return posted.no


def _take_credit(settling: _Settling, frozen: FrozenDocument) -> None:
    for no, part in enumerate(frozen.draft.paid_by, 1):
        settling.facts.allocations.append(
            Allocation(
                frozen.id,
                no,
                frozen.draft.customer.id,
                part.transaction_no,
                part.amount,
                part.movement_id,
                part.entry_key,
            )
        )


def _release(settling: _Settling, frozen: FrozenDocument, original: Original) -> None:
    """Let the money of a corrected deposit be credit again, so that its VAT is taken back."""
    [deposit] = read_deposits(settling.tx, [original.document_id])
    if deposit.deducted_by is not None:
        raise TransitionRefused(
            f"deposit {original.number} is deducted by {deposit.deducted_by} (F061)",
            place=f"document {original.number}",
            mend=f"Cancel {deposit.deducted_by} first",
        )
    if not deposit.received:
        return
    if deposit.gross + frozen.draft.gross:
        raise TransitionRefused(
            f"{deposit.received} of deposit {original.number} are received: it is not corrected"
            " in part (F061)",
            place=f"document {original.number}",
            mend="Cancel the whole deposit invoice, then issue one over the right amount",
        )
    _undo(settling, deposit)


def _undo(settling: _Settling, deposit: DepositState) -> None:
    own, live = deposit.record.id, deposit.live
    claims = [receipt.claim_id for receipt in live if receipt.claim_id is not None]
    rests = open_rests(settling.tx, [own, *claims])
    next_no = {document_id: rest.next_no for document_id, rest in rests.items()}
    for receipt in live:
        _add(settling, own, next_no, receipt, reverses_no=receipt.allocation.no)
        if receipt.claim_id is not None:
            # Credit of another document: what it gave to the deposit is open credit of it again.
            _add(settling, receipt.claim_id, next_no, receipt, reverses_no=None)


def _add(
    settling: _Settling,
    document_id: UUID,
    next_no: dict[UUID, int],
    receipt: Receipt,
    *,
    reverses_no: int | None,
) -> None:
    given = receipt.allocation
    settling.facts.allocations.append(
        Allocation(
            document_id,
            next_no[document_id],
            given.customer_id,
            given.transaction_no,
            given.amount if reverses_no is None else -given.amount,
            given.movement_id,
            given.entry_key,
            reverses_no,
        )
    )
    next_no[document_id] += 1


def _give_back(settling: _Settling, frozen: FrozenDocument, original: Original) -> None:
    """Undo what a cancelled final invoice deducted: its deposits can be deducted again."""
    [final] = read_documents(settling.tx, [original.document_id])
    taken = deduction_allocations(settling.tx, final.id)
    next_no = open_rests(settling.tx, [final.id])[final.id].next_no
    pairs = zip(deducted_deposits(final.snapshot), taken, strict=True)
    for no, (deposit, allocation) in enumerate(pairs, 1):
        key = f"ded:{frozen.number}:{no}"
        text = f"Abzug Anzahlung {deposit.number} zurück"
        posted_no = _record(settling, frozen, allocation.amount, text, key)
        settling.facts.allocations.append(
            Allocation(
                final.id,
                next_no,
                allocation.customer_id,
                posted_no,
                -allocation.amount,
                None,
                key,
                allocation.no,
            )
        )
        next_no += 1
        move = DepositMove(
            key,
            deposit.number,
            frozen.id,
            allocation.customer_id,
            allocation.amount.currency,
            frozen.draft.issued_on,
            negated(deposit.shares),
            allocation.entry_key,
        )
        debtor = frozen.draft.customer.debtor_account
        settling.facts.entries.append(deduction_entry(settling.tenant, move, debtor))
