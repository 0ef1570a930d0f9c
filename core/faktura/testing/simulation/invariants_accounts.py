"""Accounts, allocations and the journal: summed up in independent ways, they say the same (P47)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from faktura.kernel.terms import AccountFact
from faktura.store.simulation_books import (
    Account,
    account_lines_since,
    allocations_since,
    documents_since,
    entries_since,
    last_seal,
    open_of_customers,
    open_of_documents,
    receivables_since,
    waiting_entries,
)
from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants import Breach, Invariant

_CLAIMS = frozenset(
    {
        AccountFact.OPENING,
        AccountFact.INVOICE,
        AccountFact.CORRECTION,
        AccountFact.CREDIT_NOTE,
        AccountFact.DEPOSIT,
        AccountFact.DUNNING,
    }
)


@dataclass(slots=True)
class _Standing:
    """An account as its transactions have it: number of the last, balance, and what is free credit."""

    debtor: str
    no: int = 0
    balance: int = 0
    credit: int = 0


@dataclass(slots=True)
class _Part:
    """Of what an amount is used: `amount` is what there is, `used` what counts for the other side."""

    place: str
    amount: int
    used: int = 0

    @property
    def is_within(self) -> bool:
        """Whether nothing beyond it is used, nor the other way round."""
        return min(0, self.amount) <= self.used <= max(0, self.amount)


@dataclass(slots=True)
class AccountsAgree:
    """Balance = sum of transactions = open items less credit = receivables of the journal."""

    seal: int = 0
    seq: int = 0
    _accounts: dict[Account, _Standing] = field(default_factory=dict)
    _paid: dict[tuple[UUID, str, int], _Part] = field(default_factory=dict)
    _documents: dict[UUID, _Part] = field(default_factory=dict)
    _receivables: dict[tuple[str, str], int] = field(default_factory=dict)
    _by_debtor: dict[tuple[str, str], Account] = field(default_factory=dict)

    def look(self, tx: Tx, _day: Day) -> Iterator[Breach]:
        """What came behind the last seal and the last entry seen."""
        touched: set[Account] = set()
        changed: set[UUID] = set()
        for document in documents_since(tx, self.seal):
            self._documents[document.id] = _Part(f"document {document.number}", document.gross)
            changed.add(document.id)
        yield from self._transactions(tx, touched)
        yield from self._allocations(tx, touched, changed)
        yield from self._open(tx, touched, changed)
        yield from self._journal(tx, touched)
        self.seal = last_seal(tx)

    def _transactions(self, tx: Tx, touched: set[Account]) -> Iterator[Breach]:
        for line in account_lines_since(tx, self.seal):
            key = line.customer_id, line.currency
            standing = self._accounts.setdefault(key, _Standing(line.debtor))
            self._by_debtor[line.debtor, line.currency] = key
            touched.add(key)
            place = f"account_transaction {line.no} of debtor {line.debtor}"
            if line.no != standing.no + 1:
                yield _disagree(place, f"it follows number {standing.no}")
            if line.balance_after != standing.balance + line.amount:
                problem = f"the balance after it is {line.balance_after}"
                yield _disagree(place, f"{problem}, not {standing.balance + line.amount}")
            standing.no, standing.balance = line.no, standing.balance + line.amount
            # A claim is settled; it settles nothing.
            brought = 0 if line.fact in _CLAIMS else -line.amount
            standing.credit += brought
            self._paid[(*key, line.no)] = _Part(place, brought)

    def _allocations(self, tx: Tx, touched: set[Account], changed: set[UUID]) -> Iterator[Breach]:
        seen: dict[str, _Part] = {}
        for one in allocations_since(tx, self.seal):
            key = one.customer_id, one.currency
            changed.add(one.document_id)
            sides = (
                self._paid.get((*key, one.transaction_no)),
                self._documents.get(one.document_id),
            )
            for side in sides:
                if side is None:
                    yield _beyond(f"allocation of {one.amount}", "one of its sides does not exist")
                else:
                    side.used += one.amount
                    seen[side.place] = side
            if key in self._accounts:
                touched.add(key)
                self._accounts[key].credit -= one.amount
        for place, side in seen.items():
            if not side.is_within:
                yield _beyond(place, f"{side.used} is allocated of {side.amount}")

    def _open(self, tx: Tx, touched: set[Account], changed: set[UUID]) -> Iterator[Breach]:
        opened = open_of_documents(tx, changed)
        for document_id in sorted(changed):
            side = self._documents.get(document_id)
            if side is not None and opened.get(document_id, 0) != side.amount - side.used:
                problem = f"its open item says {opened.get(document_id, 0)}"
                yield _disagree(side.place, f"{problem}, it leaves {side.amount - side.used}")
        sums = open_of_customers(tx, {customer for customer, _ in touched})
        for key in sorted(touched):
            standing = self._accounts[key]
            if sums.get(key, 0) - standing.credit != standing.balance:
                problem = f"open items of {sums.get(key, 0)} less credit of {standing.credit}"
                place = f"account of debtor {standing.debtor} in {key[1]}"
                yield _disagree(place, f"{problem} are not its balance of {standing.balance}")

    def _journal(self, tx: Tx, touched: set[Account]) -> Iterator[Breach]:
        moved = dict.fromkeys((self._accounts[key].debtor, key[1]) for key in sorted(touched))
        for debtor, amount in receivables_since(tx, self.seq).items():
            self._receivables[debtor] = self._receivables.get(debtor, 0) + amount
            moved[debtor] = None
        for entry in entries_since(tx, self.seq):
            place = f"journal_entry {entry.key}"
            if entry.seq != self.seq + 1:
                yield Breach(Invariant.JOURNAL_BALANCED, place, f"it follows number {self.seq}")
            if entry.difference or entry.legs < 2:
                problem = f"its {entry.legs} legs differ by {entry.difference}"
                yield Breach(Invariant.JOURNAL_BALANCED, place, problem)
            self.seq = entry.seq
        # What waits for an account is on the customer's account, and not in the journal yet.
        if waiting_entries(tx):
            return
        for debtor in moved:
            key = self._by_debtor.get(debtor)
            balance = 0 if key is None else self._accounts[key].balance
            posted = self._receivables.get(debtor, 0)
            if posted != balance:
                place = f"receivables of debtor {debtor[0]} in {debtor[1]}"
                problem = f"the journal has {posted}, the account {balance}"
                yield Breach(Invariant.JOURNAL_BALANCED, place, problem)


def _disagree(place: str, problem: str) -> Breach:
    return Breach(Invariant.ACCOUNTS_AGREE, place, problem)


def _beyond(place: str, problem: str) -> Breach:
    return Breach(Invariant.ALLOCATED_WITHIN_BOUNDS, place, problem)
