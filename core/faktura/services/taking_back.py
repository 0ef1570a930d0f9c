"""Taking a booking back whole: account, allocations and journal, leg by leg (P25)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from faktura.domain.events import EventType
from faktura.domain.journal import Entry
from faktura.domain.posting import reversing_entry
from faktura.domain.returns import Payment
from faktura.kernel.errors import Conflict
from faktura.kernel.terms import AccountFact, EntryKind
from faktura.services.ledger import Ledger, Posting, Source
from faktura.store.free_credit import free_credit
from faktura.store.movement_bookings import BookedPayment, booked_payments, entries_of_keys
from faktura.store.transaction import Tx

# What the account says of a share in a document, and of what counted for none.
_TEXTS = {
    AccountFact.PAYMENT: ("Zahlung", "Zahlung ohne Rechnung"),
    AccountFact.REFUND: ("Erstattung", "Erstattung von Guthaben"),
}
_KEYS_A_QUERY = 200


def booked_customers(tx: Tx, source: Source) -> set[UUID]:
    """Whose accounts a payment was booked on: its entries are counted from 1 without a gap."""
    booked_as = source.key(AccountFact.PAYMENT)
    found: set[UUID] = set()
    first = 1
    while True:
        keys = [f"{booked_as}:{no}" for no in range(first, first + _KEYS_A_QUERY)]
        entries = entries_of_keys(tx, keys)
        found.update(one.customer_id for one in entries if one.customer_id is not None)
        if len(entries) < _KEYS_A_QUERY:
            return found
        first += _KEYS_A_QUERY


def take_booking_back(
    tx: Tx,
    ledger: Ledger,
    source: Source,
    shares: Sequence[Payment],
    customers: Collection[UUID],
    fact: AccountFact = AccountFact.PAYMENT,
) -> None:
    """Reverse all that a source was booked as, a payment or a refund; `shares` count for documents.

    Raises Conflict where a part was taken back already, or was paid out since.
    """
    booked_as = source.key(fact)
    booked = booked_payments(tx, customers, booked_as, fact)
    keys = [f"{booked_as}:{part}" for part in range(1, len(booked) + 1)]
    left = [one for one in booked if one.unallocated]
    _check_whole(booked, shares)
    for one in left:
        _check_still_there(tx, one)
    reversed_as: dict[str, str] = {}
    entries = entries_of_keys(tx, keys)
    for entry in entries:
        key = reversed_as[entry.key] = ledger.next_key(AccountFact.SET_UNPAID, source)
        text = f"{entry.text} zurückgenommen"
        ledger.post(reversing_entry(entry, key, source.value_on, EntryKind.SET_UNPAID, text))
    of_document, without = _TEXTS[fact]
    for share in shares:
        undoing = reversed_as[_entry_key(ledger, share, entries)]
        _reverse(ledger, source, share, undoing, f"{of_document} {share.number} zurückgenommen")
    for one in left:
        text = f"{without} zurückgenommen"
        ledger.record(
            source, Posting(AccountFact.SET_UNPAID, one.customer_id, one.unallocated, text)
        )


def _check_whole(booked: Sequence[BookedPayment], shares: Sequence[Payment]) -> None:
    allocated = sum(one.amount.minor - one.unallocated.minor for one in booked)
    if allocated != sum(share.amount.minor for share in shares):
        raise Conflict(
            "a part of the payment was taken back already (F065)",
            place="invoiceNumber",
            mend="Correct what is left by hand: assign the returning movement",
        )


def _check_still_there(tx: Tx, one: BookedPayment) -> None:
    """Credit that was paid out again cannot be taken back: nothing would say who owes it."""
    free = free_credit(tx, one.customer_id, one.unallocated.currency).total
    if one.unallocated > free:
        raise Conflict(
            f"{one.unallocated} of it stayed as credit, of which {free} are left (P37)",
            place="reference",
            mend="Take back first what was refunded of it",
        )


def _entry_key(ledger: Ledger, share: Payment, entries: Sequence[Entry]) -> str:
    """What the entry of a share is called; a deposit out of credit may name the booking alone.

    Raises Conflict where nobody can say which of several it was.
    """
    paid = ledger.paid(share)
    if any(one.key == paid.entry_key for one in entries):
        return paid.entry_key
    credit = [
        one.key
        for one in entries
        if one.document_id is None
        and one.customer_id == paid.customer_id
        and one.key.rpartition(":")[0] == paid.entry_key
    ]
    if len(credit) != 1:
        raise Conflict(
            f"{paid.amount} of it became {share.number}, and no entry is known for that (F061)",
            place=share.number,
            mend=f"Cancel {share.number} first: then it is credit again",
        )
    return credit[0]


def _reverse(ledger: Ledger, source: Source, share: Payment, reversal_key: str, text: str) -> None:
    paid = ledger.paid(share)
    posting = Posting(
        AccountFact.SET_UNPAID, paid.customer_id, paid.amount, text, share.document_id
    )
    posted = ledger.record(source, posting)
    after = ledger.reverse(source, share, posted, reversal_key)
    ledger.tell(
        share.number,
        EventType.INVOICE_SET_UNPAID,
        {
            "amount": str(paid.amount.decimal),
            "currency": paid.amount.currency,
            "open": str(after.open.decimal),
        },
    )
