"""What a transaction works on when money moves: documents, locked accounts, facts to be written.

Everything is read once, changes as movements are booked, and is written once under one seal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from faktura.domain.account import AccountHead, AccountTransaction, opened, recorded
from faktura.domain.customers import Customer
from faktura.domain.events import Event, EventType
from faktura.domain.journal import Entry
from faktura.domain.returns import Payment
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact
from faktura.services.deposit_receipts import deposit_receipts
from faktura.services.money_source import BY_HAND, KEYS, Posting, Source
from faktura.services.outbox import announce
from faktura.services.payment_shares import live_shares, returned_shares, takings_of
from faktura.services.set_off import settle_reopened
from faktura.store.accounts import Allocation, account_heads
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.payable import (
    DocumentState,
    Paid,
    owners_of,
    read_document_states,
    read_paid,
)
from faktura.store.transaction import Tx
from faktura.store.written_off import GIVEN_UP_KEYS

__all__ = ["BY_HAND", "Ledger", "Posting", "Source", "open_ledger"]


@dataclass(slots=True)
class _Document:
    state: DocumentState
    settled: list[Paid]
    next_event: int


@dataclass(slots=True)
class Ledger:
    """The documents of one transaction and what it states about them."""

    tenant: Tenant
    customers: Mapping[UUID, Customer]
    _documents: dict[str, _Document]
    _heads: dict[tuple[UUID, str], AccountHead]
    _facts: Facts = field(default_factory=Facts)
    _parts: dict[str, int] = field(default_factory=dict)
    _reopened: list[tuple[UUID, AccountTransaction]] = field(default_factory=list)

    def states(self) -> list[DocumentState]:
        """All its documents as they stand now."""
        return [document.state for document in self._documents.values()]

    def document(self, number: str) -> DocumentState:
        """A document as it stands now."""
        return self._documents[number].state

    def payments(self) -> list[Payment]:
        """The shares of payments that count now: neither reversed nor reversals."""
        by_hand = f"{KEYS[AccountFact.PAYMENT]}:{BY_HAND}:"
        return [
            one
            for one in self.shares()
            if not one.entry_key.startswith(GIVEN_UP_KEYS)
            and ((one.movement_id and one.booked_on) or one.entry_key.startswith(by_hand))
        ]

    def given_up(self) -> list[Payment]:
        """What of the documents is given up now: written off, or taken as cash discount."""
        return [one for one in self.shares() if one.entry_key.startswith(GIVEN_UP_KEYS)]

    def given_up_of(self, number: str) -> Money:
        """How much of one document is given up now."""
        document = self._documents[number]
        found = [
            one.amount
            for one in live_shares(number, document.settled)
            if one.entry_key.startswith(GIVEN_UP_KEYS)
        ]
        return total(found, document.state.open.currency)

    def times_given_up(self, number: str) -> int:
        """How often something of a document was given up so far, also where it was taken back."""
        return sum(
            paid.allocation.reverses_no is None
            and paid.allocation.entry_key.startswith(GIVEN_UP_KEYS)
            for paid in self._documents[number].settled
        )

    def shares(self) -> list[Payment]:
        """All that counts for the documents now: payments, refunds, write-offs, credit set off."""
        return [
            share
            for number, document in self._documents.items()
            for share in live_shares(number, document.settled)
        ]

    def came_back(self) -> list[Payment]:
        """The shares of payments of the bank that counted and were taken back since."""
        return [
            share
            for number, document in self._documents.items()
            for share in returned_shares(number, document.settled)
            if not share.entry_key.startswith(GIVEN_UP_KEYS)
        ]

    def takings(self, movement_id: UUID) -> list[Payment]:
        """What a movement took back of payments and nobody undid; the amounts are negative."""
        return [
            share
            for number, document in self._documents.items()
            for share in takings_of(number, document.settled, movement_id)
        ]

    def end_to_end_ids(self) -> set[str]:
        """The ids of all payments that ever counted, those that came back as well."""
        return {
            paid.end_to_end_id
            for document in self._documents.values()
            for paid in document.settled
            if paid.end_to_end_id is not None and paid.allocation.reverses_no is None
        }

    def paid(self, payment: Payment) -> Allocation:
        """The allocation behind a share of a payment."""
        settled = self._documents[payment.number].settled
        return next(paid.allocation for paid in settled if paid.allocation.no == payment.no)

    def record(self, source: Source, posting: Posting) -> AccountTransaction:
        """The next transaction of the customer's account (F090-F092)."""
        account = posting.customer_id, posting.amount.currency
        posted, self._heads[account] = recorded(
            self._heads.get(account) or opened(posting.amount.currency),
            posting.customer_id,
            posting.fact,
            posting.amount,
            value_date=source.value_on,
            text=posting.text,
            source=source.key(posting.fact),
            document_id=posting.document_id,
            remittance=source.remittance,
        )
        self._facts.transactions.append(posted)
        return posted

    def allocate(
        self, source: Source, number: str, posted: AccountTransaction, entry_key: str
    ) -> DocumentState:
        """Let an account transaction count for a document; returns how that stands now."""
        return self._allocate(source, number, posted, entry_key, None)

    def reverse(
        self, source: Source, payment: Payment, posted: AccountTransaction, entry_key: str
    ) -> DocumentState:
        """Let an account transaction undo a share of a payment; returns the reopened document."""
        self._reopened.append((payment.document_id, posted))
        return self._allocate(source, payment.number, posted, entry_key, payment.no)

    def restore(
        self, source: Source, taken: Payment, posted: AccountTransaction, entry_key: str
    ) -> DocumentState:
        """Let an account transaction undo what took a share back: that share counts again."""
        return self._allocate(source, taken.number, posted, entry_key, taken.no)

    def reopen(
        self, source: Source, number: str, posted: AccountTransaction, entry_key: str
    ) -> DocumentState:
        """Let an account transaction undo a part of what counts for a document."""
        self._reopened.append((self.document(number).id, posted))
        return self._allocate(source, number, posted, entry_key, None)

    def shares_of(self, booking: str) -> list[Payment]:
        """What the payment of that name counts for now, in the order of its entries."""
        begins = f"{KEYS[AccountFact.PAYMENT]}:{booking}:"
        return [one for one in self.shares() if one.entry_key.startswith(begins)]

    def _allocate(
        self,
        source: Source,
        number: str,
        posted: AccountTransaction,
        entry_key: str,
        reverses_no: int | None,
    ) -> DocumentState:
        document = self._documents[number]
        new = Allocation(
            document.state.id,
            max((paid.allocation.no for paid in document.settled), default=0) + 1,
            document.state.customer_id,
            posted.no,
            -posted.amount,
            source.movement_id,
            entry_key,
            reverses_no,
        )
        self._facts.allocations.append(new)
        document.settled.append(Paid(new, source.booked_on, source.end_to_end_id))
        document.state = replace(document.state, open=document.state.open + posted.amount)
        return document.state

    def unwritten(self) -> dict[str, Entry]:
        """The entries that it will write, by key."""
        return {entry.key: entry for entry in self._facts.entries}

    def post(self, entry: Entry) -> None:
        """Add a journal entry; one that lacks an account becomes a draft (F106)."""
        self._facts.entries.append(entry)

    @property
    def missing(self) -> tuple[str, ...]:
        """The account keys that its entries lack so far (F106)."""
        return tuple(dict.fromkeys(key for one in self._facts.entries for key in one.missing))

    def next_key(self, fact: AccountFact, source: Source) -> str:
        """The next entry's key: the movement's id and a counter, as a number may be too long."""
        part = self._parts[source.booking] = self._parts.get(source.booking, 0) + 1
        return f"{source.key(fact)}:{part}"

    def tell(self, number: str, event: EventType, data: dict[str, object]) -> None:
        """Add an event of a document."""
        document = self._documents[number]
        state = document.state
        customer = self.customers[state.customer_id]
        told = {"number": number, "customerNumber": customer.number, **data}
        self._facts.events.append(Event(event, "invoice", state.id, document.next_event, told))
        document.next_event += 1

    def tell_of(self, events: Iterable[Event]) -> None:
        """Add events of other objects; whoever numbered them has these objects locked."""
        self._facts.events.extend(events)

    def write(self, tx: Tx) -> None:
        """Write what was stated, if anything was.

        What is open again of a corrected document is paid by the credit of its corrections first.
        """
        facts = self._facts
        if facts.transactions or facts.entries or facts.events:
            on = local_date(tx.clock, self.tenant.time_zone)
            self._facts.entries.extend(deposit_receipts(tx, self.tenant, self._facts, on))
            announce(tx, write_facts(tx, self._facts))
            settle_reopened(tx, self.tenant, self._reopened, on)


def open_ledger(
    tx: Tx, tenant: Tenant, numbers: Iterable[str], customers: Iterable[UUID] = ()
) -> Ledger:
    """The ledger of these documents and of these customers besides those who owe them.

    Customers are locked in id order, then everything is read (P47).
    """
    owners = owners_of(tx, sorted(numbers))
    customer_ids = sorted({*owners.values(), *customers})
    lock_customers(tx, customer_ids)
    states = read_document_states(tx, sorted(owners))
    ids = [state.id for state in states]
    settled: dict[UUID, list[Paid]] = {document_id: [] for document_id in ids}
    for found in read_paid(tx, ids):
        settled[found.allocation.document_id].append(found)
    sequences = next_sequences(tx, ids)
    return Ledger(
        tenant,
        read_customers_by_id(tx, customer_ids),
        {s.number: _Document(s, settled[s.id], sequences[s.id]) for s in states},
        account_heads(tx, customer_ids),
    )
