"""Customers as a person looks at them: the list, and one with its account (F090, F091)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.account import AccountTransaction, balances_by_value_date
from faktura.domain.customers import Customer
from faktura.kernel.money import Money
from faktura.store.account_recordings import recording_moments
from faktura.store.accounts import account_heads, read_account
from faktura.store.customers import read_customer
from faktura.store.transaction import Tx


@unique
class AccountOrder(StrEnum):
    """By the day a transaction counts from, or as it was entered."""

    VALUE = "value"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A transaction, when it was recorded, and the balance after it in the chosen order."""

    transaction: AccountTransaction
    recorded_at: datetime
    balance: Money


@dataclass(frozen=True, slots=True)
class AccountView:
    """A customer's account in one currency; the balance is positive for what is owed to us."""

    balance: Money
    rows: tuple[AccountRow, ...]


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """A customer with an account for each currency that was ever used."""

    customer: Customer
    accounts: tuple[AccountView, ...]


def show_customer(tx: Tx, number: str, order: AccountOrder) -> CustomerDetails:
    """One customer with the account in that order; raises NotFound."""
    customer = read_customer(tx, number)
    currencies = sorted(currency for _, currency in account_heads(tx, [customer.id]))
    return CustomerDetails(
        customer, tuple(_account(tx, customer.id, currency, order) for currency in currencies)
    )


def _account(tx: Tx, customer_id: UUID, currency: str, order: AccountOrder) -> AccountView:
    transactions = read_account(tx, customer_id, currency)
    recorded = recording_moments(tx, customer_id, currency)
    rows = (
        balances_by_value_date(transactions, currency)
        if order is AccountOrder.VALUE
        else [(one, one.balance_after) for one in transactions]
    )
    return AccountView(
        transactions[-1].balance_after,
        tuple(AccountRow(one, recorded[one.no], balance) for one, balance in rows),
    )
