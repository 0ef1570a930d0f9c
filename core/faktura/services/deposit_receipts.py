"""VAT of deposits falls due with the money: one entry for each new allocation to one (F061, P19).

Whatever lets money count for a deposit, or no longer count, is an allocation; so everything that
writes allocations asks here, and no way of being paid can forget the VAT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.account import AccountTransaction
from faktura.domain.deposit_facts import DepositPayment, Shares, Taxed, received_parts, shares_of
from faktura.domain.deposit_postings import DepositMove, receipt_entry
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry
from faktura.domain.tenants import Tenant
from faktura.kernel.terms import DocumentKind, DocumentLinkKind
from faktura.store.accounts import Allocation
from faktura.store.deposits import deposits_among, read_deposits, value_dates
from faktura.store.facts import Facts
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class _Deposit:
    """What a deposit is over and the money that counted for it before."""

    number: str
    shares: Shares
    payments: tuple[DepositPayment, ...]


def deposit_receipts(tx: Tx, tenant: Tenant, facts: Facts, on: date) -> list[Entry]:
    """The entries that follow from new allocations to deposits; nothing where there are none.

    An entry has the value date of its money; money that is merely released again has that of `on`.
    """
    new: dict[UUID, list[Allocation]] = {}
    for one in facts.allocations:
        new.setdefault(one.document_id, []).append(one)
    deposits = _deposits(tx, facts, new)
    entries: list[Entry] = []
    for document_id, deposit in deposits.items():
        money = [one for one in new[document_id] if not _takes_back(facts, one)]
        if money:
            entries += _entries(tx, tenant, facts, deposit, money, on)
    return entries


def _deposits(tx: Tx, facts: Facts, new: dict[UUID, list[Allocation]]) -> dict[UUID, _Deposit]:
    found = {
        frozen.id: _Deposit(frozen.number, draft_shares(frozen.draft), ())
        for frozen in facts.documents
        if frozen.draft.kind is DocumentKind.DEPOSIT and frozen.id in new
    }
    known = {frozen.id for frozen in facts.documents}
    for state in read_deposits(tx, sorted(deposits_among(tx, new.keys() - known))):
        payments = tuple(receipt.payment for receipt in state.receipts)
        found[state.record.id] = _Deposit(state.record.number, state.shares, payments)
    return found


def _entries(
    tx: Tx,
    tenant: Tenant,
    facts: Facts,
    deposit: _Deposit,
    money: Sequence[Allocation],
    on: date,
) -> list[Entry]:
    payments = [DepositPayment(one.no, one.amount.minor, one.reverses_no) for one in money]
    parts = received_parts(deposit.shares, (*deposit.payments, *payments))
    days = _days(tx, facts, money, on)
    return [
        receipt_entry(
            tenant,
            DepositMove(
                f"rcv:{deposit.number}:{one.no}",
                deposit.number,
                one.document_id,
                one.customer_id,
                one.amount.currency,
                days[one.no],
                parts[one.no],
                None if one.reverses_no is None else f"rcv:{deposit.number}:{one.reverses_no}",
            ),
        )
        for one in money
    ]


def _days(tx: Tx, facts: Facts, money: Sequence[Allocation], on: date) -> dict[int, date]:
    """The value date of each allocation, by its number."""
    first = money[0]
    earlier = value_dates(
        tx, first.customer_id, first.amount.currency, {one.transaction_no for one in money}
    )
    days = {}
    for one in money:
        posted = _posted(facts, one)
        if posted is not None:
            days[one.no] = posted.value_date
        else:
            days[one.no] = on if one.reverses_no is not None else earlier[one.transaction_no]
    return days


def _posted(facts: Facts, one: Allocation) -> AccountTransaction | None:
    for posted in facts.transactions:
        if (posted.customer_id, posted.amount.currency, posted.no) == (
            one.customer_id,
            one.amount.currency,
            one.transaction_no,
        ):
            return posted
    return None


def _takes_back(facts: Facts, one: Allocation) -> bool:
    """Whether an allocation is that of a correction of the deposit itself: it is no money."""
    posted = _posted(facts, one)
    return posted is not None and any(
        original.document_id == one.document_id and original.why is DocumentLinkKind.CORRECTS
        for frozen in facts.documents
        if frozen.id == posted.document_id
        for original in frozen.draft.originals
    )


def draft_shares(draft: DraftDocument) -> Shares:
    """The shares of a deposit that is being issued, or of what corrects one."""
    lines = [
        (
            Taxed(charge.tax.case, charge.tax.category, charge.tax.rate, charge.tax.country),
            charge.net.minor,
        )
        for charge in draft.charges
    ]
    return shares_of(lines, {(row.category, row.rate): row.tax.minor for row in draft.vat})
