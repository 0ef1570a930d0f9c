"""The statement of a customer's account between two days, as a letter (F090, F091)."""

from dataclasses import dataclass
from datetime import date

from faktura.domain.account import AccountTransaction
from faktura.domain.account_words import account_text
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.plugin import AccountStatement, DocumentPeriod, StatementEntry
from faktura.services.letter_heads import currency_of_letter, letter_head
from faktura.store.account_periods import read_account_period
from faktura.store.accounts import account_heads
from faktura.store.customers import read_customer
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class AskedStatement:
    """Whose account, from the first to the last day, both inclusive, by value date.

    `currency` None is the only one the customer has; the tenant's where nothing ever happened.
    """

    customer_number: str
    first: date
    last: date
    currency: str | None = None


def account_statement(tx: Tx, tenant: Tenant, asked: AskedStatement) -> AccountStatement:
    """The balance before the days, each transaction with the balance after it, and the end.

    Raises NotFound, OutOfRange for days the wrong way round, FieldMissing for a currency to choose.
    """
    customer = read_customer(tx, asked.customer_number)
    if asked.last < asked.first:
        raise OutOfRange(
            f"{asked.last} is before {asked.first}",
            place="until",
            mend="It is the last day of the statement",
        )
    used = {currency for _, currency in account_heads(tx, [customer.id])} or {tenant.currency}
    currency = currency_of_letter(customer, used, asked.currency)
    found = read_account_period(tx, customer.id, currency, asked.first, asked.last)
    entries = []
    balance = found.opening
    for posted in found.transactions:
        balance += posted.amount
        entries.append(_entry(posted, balance, customer.language))
    today = local_date(tx.clock, tenant.time_zone)
    return AccountStatement(
        head=letter_head(tenant, customer, today, currency),
        period=DocumentPeriod(start=asked.first, end=asked.last),
        opening=found.opening.decimal,
        entries=tuple(entries),
        closing=balance.decimal,
    )


def _entry(posted: AccountTransaction, balance: Money, language: str) -> StatementEntry:
    return StatementEntry(
        on=posted.value_date,
        text=account_text(posted.text, language),
        amount=posted.amount.decimal,
        balance=balance.decimal,
    )
