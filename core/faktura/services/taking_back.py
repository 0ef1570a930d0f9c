"""Taking a booking back whole: account, allocations and journal, leg by leg (P25)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from faktura.domain.events import EventType
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
    for entry in entries_of_keys(tx, keys):
        key = reversed_as[entry.key] = ledger.next_key(AccountFact.SET_UNPAID, source)
        text = f"{entry.text} zurückgenommen"
        ledger.post(reversing_entry(entry, key, source.value_on, EntryKind.SET_UNPAID, text))
    of_document, without = _TEXTS[fact]
    for share in shares:
        _reverse(ledger, source, share, reversed_as, f"{of_document} {share.number} zurückgenommen")
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


def _reverse(
    ledger: Ledger, source: Source, share: Payment, reversed_as: dict[str, str], text: str
) -> None:
    paid = ledger.paid(share)
    posting = Posting(
        AccountFact.SET_UNPAID, paid.customer_id, paid.amount, text, share.document_id
    )
    posted = ledger.record(source, posting)
    after = ledger.reverse(source, share, posted, reversed_as[paid.entry_key])
    ledger.tell(
        share.number,
        EventType.INVOICE_SET_UNPAID,
        {
            "amount": str(paid.amount.decimal),
            "currency": paid.amount.currency,
            "open": str(after.open.decimal),
        },
    )
