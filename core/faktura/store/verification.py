"""What the proofs of `faktura verify` ask about ledger and accounts; mismatches or streams, no lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Column, Select, Table, and_, case, func, select

from faktura.domain.document_kinds import KINDS
from faktura.kernel.money import Money
from faktura.kernel.terms import Side, Slot
from faktura.store.tables import (
    account_transaction,
    allocation,
    customer,
    document,
    journal_entry,
    leg,
    open_item,
)
from faktura.store.transaction import Tx

STREAM = {"yield_per": 2000}
# Facts that make a claim; all others settle one or make it live again.
_CLAIMS = sorted({rules.fact for rules in KINDS.values()})
_SIGNED = case((leg.c.side == Side.DEBIT, leg.c.minor), else_=-leg.c.minor)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A transaction of an account as the chain of balances sees it."""

    customer: str
    currency: str
    no: int
    amount: int
    balance_after: int


@dataclass(frozen=True, slots=True)
class AccountSums:
    """One customer's account in one currency, summed up in four independent ways (minor units).

    `allocated` is what of `paid` counts for documents; the rest is credit.
    """

    customer: str
    debtor: str
    currency: str
    balance: int
    paid: int
    allocated: int
    open: int
    receivables: int


def unbalanced_entries(tx: Tx) -> Iterator[tuple[str, int, int]]:
    """Key, number of legs and difference of entries that are not balanced."""
    e = journal_entry.c
    legs, difference = func.count(leg.c.no), func.coalesce(func.sum(_SIGNED), 0)
    rows = tx.connection.execute(
        select(e.entry_key, legs, difference)
        .outerjoin(leg, (leg.c.tenant_id == e.tenant_id) & (leg.c.entry_seq == e.seq))
        .where(e.tenant_id == tx.tenant_id)
        .group_by(e.entry_key)
        .having((difference != 0) | (legs < 2)),
        execution_options=STREAM,
    )
    for key, count, differs in rows:
        yield key, count, int(differs)


def account_rows(tx: Tx) -> Iterator[AccountRow]:
    """All account transactions in recording order, account by account; streamed."""
    t, c = account_transaction.c, customer.c
    rows = tx.connection.execute(
        select(c.number, t.currency, t.no, t.amount, t.balance_after)
        .join(customer, (c.tenant_id == t.tenant_id) & (c.id == t.customer_id))
        .where(t.tenant_id == tx.tenant_id)
        .order_by(t.customer_id, t.currency, t.no),
        execution_options=STREAM,
    )
    for row in rows:
        yield AccountRow(*row)


def account_sums(tx: Tx) -> Iterator[AccountSums]:
    """Every account with its sums; streamed. Receivables are those of the posted journal."""
    c = customer.c
    accounts = _per_customer(tx).subquery()
    opened = _sum_per_customer(tx, open_item, open_item.c.open).subquery()
    allocated = _sum_per_customer(tx, allocation, allocation.c.amount).subquery()
    claims = _receivables(tx).subquery()
    a = accounts.c
    rows = tx.connection.execute(
        select(
            c.number,
            c.debtor_account,
            a.currency,
            a.balance,
            a.paid,
            func.coalesce(allocated.c.total, 0),
            func.coalesce(opened.c.total, 0),
            func.coalesce(claims.c.total, 0),
        )
        .select_from(accounts)
        .join(customer, (c.tenant_id == tx.tenant_id) & (c.id == a.customer_id))
        .outerjoin(opened, and_(opened.c.customer_id == c.id, opened.c.currency == a.currency))
        .outerjoin(
            allocated, and_(allocated.c.customer_id == c.id, allocated.c.currency == a.currency)
        )
        .outerjoin(
            claims, and_(claims.c.debtor == c.debtor_account, claims.c.currency == a.currency)
        )
        .order_by(c.number),
        execution_options=STREAM,
    )
    for number, debtor, currency, *sums in rows:
        yield AccountSums(number, debtor, currency, *(int(total) for total in sums))


def _per_customer(tx: Tx) -> Select[tuple[UUID, str, int, int]]:
    t = account_transaction.c
    paid = case((t.fact.in_(_CLAIMS), 0), else_=-t.amount)
    return (
        select(
            t.customer_id,
            t.currency,
            func.sum(t.amount).label("balance"),
            func.sum(paid).label("paid"),
        )
        .where(t.tenant_id == tx.tenant_id)
        .group_by(t.customer_id, t.currency)
    )


def _sum_per_customer(tx: Tx, table: Table, column: Column[int]) -> Select[tuple[UUID, str, int]]:
    return (
        select(table.c.customer_id, table.c.currency, func.sum(column).label("total"))
        .where(table.c.tenant_id == tx.tenant_id)
        .group_by(table.c.customer_id, table.c.currency)
    )


def _receivables(tx: Tx) -> Select[tuple[str, str, int]]:
    e = journal_entry.c
    return (
        select(leg.c.debtor, e.currency, func.sum(_SIGNED).label("total"))
        .join(journal_entry, (e.tenant_id == leg.c.tenant_id) & (e.seq == leg.c.entry_seq))
        .where(leg.c.tenant_id == tx.tenant_id, leg.c.slot == Slot.RECEIVABLES)
        .group_by(leg.c.debtor, e.currency)
    )


def receivables_without_account(tx: Tx) -> Iterator[tuple[str, Money]]:
    """Receivables of debtors who have no account in that currency."""
    c = customer.c
    claims, accounts = _receivables(tx).subquery(), _per_customer(tx).subquery()
    rows = tx.connection.execute(
        select(claims.c.debtor, claims.c.total, claims.c.currency)
        .select_from(claims)
        .outerjoin(customer, (c.tenant_id == tx.tenant_id) & (c.debtor_account == claims.c.debtor))
        .outerjoin(
            accounts,
            and_(accounts.c.customer_id == c.id, accounts.c.currency == claims.c.currency),
        )
        .where(accounts.c.customer_id.is_(None), claims.c.total != 0),
        execution_options=STREAM,
    )
    for debtor, total, currency in rows:
        yield debtor or "", Money(int(total), currency)


def unclaimed_documents(tx: Tx) -> Iterator[tuple[str, int]]:
    """Documents and how often their gross amount stands on their customer's account, if not once."""
    d, t = document.c, account_transaction.c
    says = (t.document_id, t.customer_id, t.currency, t.amount)
    # Grouped first: no index leads from a document to its transaction, one pass over them does.
    claims = (
        select(*says, func.count().label("times"))
        .where(t.tenant_id == tx.tenant_id, t.fact.in_(_CLAIMS))
        .group_by(*says)
        .subquery()
    )
    c = claims.c
    same = and_(c.customer_id == d.customer_id, c.currency == d.currency, c.amount == d.gross)
    right = func.coalesce(func.sum(case((same, c.times), else_=0)), 0)
    rows = tx.connection.execute(
        select(d.number, right.label("times"))
        .outerjoin(claims, c.document_id == d.id)
        .where(d.tenant_id == tx.tenant_id)
        .group_by(d.number)
        .having((right != 1) | (func.coalesce(func.sum(c.times), 0) != 1)),
        execution_options=STREAM,
    )
    for row in rows:
        yield row.number, int(row.times)


def wrong_allocations(tx: Tx) -> Iterator[str]:
    """Places of allocations whose customer or currency is not their document's."""
    a, d = allocation.c, document.c
    rows = tx.connection.execute(
        select(d.number, a.no)
        .join(document, (d.tenant_id == a.tenant_id) & (d.id == a.document_id))
        .where(
            a.tenant_id == tx.tenant_id,
            (a.customer_id != d.customer_id) | (a.currency != d.currency),
        ),
        execution_options=STREAM,
    )
    for row in rows:
        yield f"allocation {row.no} of document {row.number}"


def overspent_transactions(tx: Tx) -> Iterator[tuple[str, Money, Money]]:
    """Transactions of which more, or the other way round, is allocated than they brought."""
    t, a, c = account_transaction.c, allocation.c, customer.c
    spent = (
        select(a.customer_id, a.currency, a.transaction_no, func.sum(a.amount).label("total"))
        .where(a.tenant_id == tx.tenant_id)
        .group_by(a.customer_id, a.currency, a.transaction_no)
        .subquery()
    )
    total = spent.c.total
    in_bounds = case(
        (t.fact.in_(_CLAIMS), total == 0),
        (t.amount < 0, total.between(0, -t.amount)),
        else_=total.between(-t.amount, 0),
    )
    rows = tx.connection.execute(
        select(c.number, t.no, t.amount, total, t.currency)
        .join(
            spent,
            and_(
                spent.c.customer_id == t.customer_id,
                spent.c.currency == t.currency,
                spent.c.transaction_no == t.no,
            ),
        )
        .join(customer, (c.tenant_id == t.tenant_id) & (c.id == t.customer_id))
        .where(t.tenant_id == tx.tenant_id, ~in_bounds),
        execution_options=STREAM,
    )
    for number, no, amount, allocated, currency in rows:
        place = f"account_transaction {no} of customer {number}"
        yield place, Money(amount, currency), Money(int(allocated), currency)
