"""The customer account: every fact is one transaction with the balance after it (F090-F092).

Positive amounts are owed to us. Balances are kept in recording order; the value-date view sorts
by value date and sums for itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact


@dataclass(frozen=True, slots=True)
class AccountHead:
    """Where an account stands: number of its last transaction and the balance after it."""

    last_no: int
    balance: Money


@dataclass(frozen=True, slots=True)
class AccountTransaction:
    """One fact on a customer's account; `no` counts the account's transactions from 1.

    `source` names where it came from, `remittance` keeps the payer's original text (F092).
    """

    customer_id: UUID
    no: int
    fact: AccountFact
    value_date: date
    text: str
    source: str
    amount: Money
    balance_after: Money
    document_id: UUID | None = None
    remittance: str | None = None


def opened(currency: str) -> AccountHead:
    """An account without transactions."""
    return AccountHead(0, Money(0, currency))


def recorded(  # noqa: PLR0913 - a transaction is its fields
    head: AccountHead,
    customer_id: UUID,
    fact: AccountFact,
    amount: Money,
    *,
    value_date: date,
    text: str,
    source: str,
    document_id: UUID | None = None,
    remittance: str | None = None,
) -> tuple[AccountTransaction, AccountHead]:
    """The next transaction of an account and where the account stands after it."""
    after = AccountHead(head.last_no + 1, head.balance + amount)
    transaction = AccountTransaction(
        customer_id,
        after.last_no,
        fact,
        value_date,
        text,
        source,
        amount,
        after.balance,
        document_id,
        remittance,
    )
    return transaction, after


def balances_by_value_date(
    transactions: Iterable[AccountTransaction], currency: str
) -> list[tuple[AccountTransaction, Money]]:
    """The account in value-date order with the balance after each row in that order (F090, F091)."""
    rows = []
    balance = Money(0, currency)
    for transaction in sorted(transactions, key=lambda t: (t.value_date, t.no)):
        balance += transaction.amount
        rows.append((transaction, balance))
    return rows
