"""Proof of the books: entries balance, accounts add up, and account = open items = receivables."""

from collections.abc import Iterator

from faktura.domain.journal import balance
from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.kernel.terms import Slot
from faktura.services.proof_of_deferrals import deferrals_are_true
from faktura.services.proof_of_deposits import deposits_are_taxed
from faktura.store.journal import read_drafts
from faktura.store.transaction import Tx
from faktura.store.trial_balances import account_balances
from faktura.store.verification import (
    AccountSums,
    account_rows,
    account_sums,
    overspent_transactions,
    receivables_without_account,
    unbalanced_entries,
    unclaimed_documents,
    wrong_allocations,
)


def ledger_balances(tx: Tx) -> Iterator[Violation]:
    """Every entry has at least two legs that balance, and so does the ledger as a whole."""
    for key, legs, difference in unbalanced_entries(tx):
        problem = f"its {legs} legs differ by {difference}" if difference else f"it has {legs} legs"
        yield Violation(Proof.LEDGER, f"journal_entry {key}", problem)
    totals: dict[str, Money] = {}
    for row in account_balances(tx):
        currency = row.debit.currency
        totals[currency] = totals.get(currency, Money.zero(currency)) + row.balance
    for currency, total in totals.items():
        if total:
            yield Violation(
                Proof.LEDGER, f"ledger in {currency}", f"debits and credits differ by {total}"
            )


def accounts_add_up(tx: Tx) -> Iterator[Violation]:
    """Balances follow from amounts; account, open items and receivables say the same."""
    yield from _balances_follow(tx)
    yield from _documents_are_claimed(tx)
    yield from _sums_agree(tx)
    yield from deposits_are_taxed(tx)
    yield from deferrals_are_true(tx)


def _violation(place: str, problem: str) -> Violation:
    return Violation(Proof.ACCOUNTS, place, problem)


def _balances_follow(tx: Tx) -> Iterator[Violation]:
    account = ("", "")
    no = before = 0
    for row in account_rows(tx):
        if (row.customer, row.currency) != account:
            account, no, before = (row.customer, row.currency), 0, 0
        place = f"account_transaction {row.no} of customer {row.customer}"
        if row.no != no + 1:
            yield _violation(place, f"number {no + 1} is missing before it")
        elif row.balance_after != before + row.amount:
            expected = Money(before + row.amount, row.currency)
            stored = Money(row.balance_after, row.currency)
            yield _violation(place, f"the balance after it is {stored}, not {expected}")
        no, before = row.no, row.balance_after


def _documents_are_claimed(tx: Tx) -> Iterator[Violation]:
    for number, times in unclaimed_documents(tx):
        problem = f"its amount stands {times} times on its customer's account, not once"
        yield _violation(f"document {number}", problem)
    for place in wrong_allocations(tx):
        yield _violation(place, "it counts for another customer or currency than its document's")
    for place, amount, allocated in overspent_transactions(tx):
        yield _violation(place, f"{allocated} of it is allocated, it brought {-amount}")


def _sums_agree(tx: Tx) -> Iterator[Violation]:
    waiting = receivables_of_drafts(tx)
    for sums in account_sums(tx):
        draft = waiting.pop((sums.debtor, sums.currency), 0)
        yield from _compare(sums, draft)
    for debtor, amount in receivables_without_account(tx):
        yield _violation(f"debtor {debtor}", f"receivables of {amount} belong to no account")
    for (debtor, currency), minor in waiting.items():
        amount = Money(minor, currency)
        yield _violation(f"debtor {debtor}", f"a draft entry of {amount} belongs to no account")


def _compare(sums: AccountSums, draft: int) -> Iterator[Violation]:
    place = f"account of customer {sums.customer}"
    credit = sums.paid - sums.allocated
    if sums.open - credit != sums.balance:
        problem = (
            f"open items of {Money(sums.open, sums.currency)} less credit of"
            f" {Money(credit, sums.currency)} are not its balance of"
            f" {Money(sums.balance, sums.currency)}"
        )
        yield _violation(place, problem)
    if sums.receivables + draft != sums.balance:
        problem = (
            f"receivables of {Money(sums.receivables, sums.currency)} and drafts of"
            f" {Money(draft, sums.currency)} are not its balance of"
            f" {Money(sums.balance, sums.currency)}"
        )
        yield _violation(place, problem)


def receivables_of_drafts(tx: Tx) -> dict[tuple[str, str], int]:
    """What draft entries will add to each debtor's receivables once they are posted."""
    found: dict[tuple[str, str], int] = {}
    for draft in read_drafts(tx):
        for leg in draft.entry.legs:
            if leg.slot is Slot.RECEIVABLES:
                key = leg.debtor or "", draft.entry.currency
                found[key] = found.get(key, 0) + balance([leg])
    return found
