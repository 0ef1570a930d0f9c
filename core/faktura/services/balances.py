"""The trial balance: every account's debits and credits, which are equal in sum."""

from dataclasses import dataclass
from datetime import date

from faktura.kernel.errors import IntegrityBroken
from faktura.kernel.money import Money
from faktura.store.journal import AccountBalance, account_balances
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The accounts of one currency and their sums."""

    currency: str
    accounts: tuple[AccountBalance, ...]

    @property
    def debit(self) -> Money:
        """All debits."""
        return Money(sum(row.debit.minor for row in self.accounts), self.currency)

    @property
    def credit(self) -> Money:
        """All credits."""
        return Money(sum(row.credit.minor for row in self.accounts), self.currency)


def trial_balances(tx: Tx, until: date | None = None) -> list[TrialBalance]:
    """One trial balance a currency, up to that value date (inclusive).

    Raises IntegrityBroken when debits and credits differ.
    """
    by_currency: dict[str, list[AccountBalance]] = {}
    for row in account_balances(tx, until):
        by_currency.setdefault(row.debit.currency, []).append(row)
    found = [TrialBalance(currency, tuple(rows)) for currency, rows in by_currency.items()]
    for balance in found:
        if balance.debit != balance.credit:
            raise IntegrityBroken(
                f"debits of {balance.debit} stand against credits of {balance.credit}",
                place="journal",
                mend="Run `faktura verify`; it names the entry",
            )
    return found
