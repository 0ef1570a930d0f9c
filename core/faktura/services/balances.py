"""The trial balance: every account's debits and credits, which are equal in sum."""

from dataclasses import dataclass
from datetime import date

from faktura.kernel.errors import IntegrityBroken, OutOfRange
from faktura.kernel.money import Money
from faktura.store.transaction import Tx
from faktura.store.trial_balances import AccountBalance, account_balances


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The accounts of one currency and their sums."""

    currency: str
    accounts: tuple[AccountBalance, ...]

    @property
    def opening(self) -> Money:
        """All balances before the first day; nothing in books that balance."""
        return Money(sum(row.opening.minor for row in self.accounts), self.currency)

    @property
    def debit(self) -> Money:
        """All debits."""
        return Money(sum(row.debit.minor for row in self.accounts), self.currency)

    @property
    def credit(self) -> Money:
        """All credits."""
        return Money(sum(row.credit.minor for row in self.accounts), self.currency)


def trial_balances(
    tx: Tx, until: date | None = None, *, start: date | None = None
) -> list[TrialBalance]:
    """One trial balance a currency: openings, debits and credits, by accounting date.

    From `start` to `until`, both inclusive; without `start` nothing is an opening. Raises
    IntegrityBroken when debits and credits differ, and OutOfRange for days the wrong way round.
    """
    if start is not None and until is not None and until < start:
        raise OutOfRange(f"{until} is before {start}", place="to", mend="It is the last day")
    by_currency: dict[str, list[AccountBalance]] = {}
    for row in account_balances(tx, until, start=start):
        by_currency.setdefault(row.debit.currency, []).append(row)
    found = [TrialBalance(currency, tuple(rows)) for currency, rows in by_currency.items()]
    for balance in found:
        if balance.debit != balance.credit:
            raise _unequal(f"debits of {balance.debit} stand against credits of {balance.credit}")
        if balance.opening:
            raise _unequal(f"the openings come to {balance.opening}, not to nothing")
    return found


def _unequal(problem: str) -> IntegrityBroken:
    return IntegrityBroken(
        problem, place="journal", mend="Run `faktura verify`; it names the entry"
    )
