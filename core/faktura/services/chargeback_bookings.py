"""What a chargeback takes back on account and in the journal, from which documents (P33, P34, F095)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import Chargeback, Course, booking_of
from faktura.domain.returns import Payment
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money, total
from faktura.kernel.terms import DocumentLinkKind
from faktura.services.ledger import Ledger, Source, open_ledger
from faktura.services.payments import charge_back, keep_credit, keep_fee, pay
from faktura.services.transit import transit_account
from faktura.store.attempts import lock_attempts, read_attempt
from faktura.store.chargebacks import (
    chargebacks_of_attempt,
    documents_of_attempts,
    numbers_paid_as,
)
from faktura.store.customers import lock_customers
from faktura.store.document_links import naming, taken_back
from faktura.store.free_credit import free_credit
from faktura.store.payable import read_document_states
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx


@dataclass(slots=True)
class Books:
    """An attempt with the ledger of all that its payment counts for; customer and attempt locked.

    `number` is the document that it collected, `before` its chargebacks so far. `covers` says how
    much corrections can give back to documents of which nothing is left, by number (P34).
    """

    ledger: Ledger
    attempt: Attempt
    number: str
    before: list[Chargeback]
    covers: dict[str, Money]
    ledger_account: str | None

    def source(self, booked_as: str, on: date) -> Source:
        """Money that moved at the attempt's provider on that local day."""
        return Source.at_provider(booked_as, on, self.ledger_account)


def open_books(tx: Tx, tenant: Tenant, attempt_id: UUID) -> Books:
    """Lock the attempt's customer, then the attempt, and read all that its payment ever counted for.

    Raises NotFound.
    """
    seen = read_attempt(tx, attempt_id)
    tenant = holding_accounts(tx, tenant)
    lock_customers(tx, [seen.customer_id])
    number = documents_of_attempts(tx, [attempt_id])[attempt_id]
    numbers = {number, *numbers_paid_as(tx, seen.customer_id, seen.booking)}
    corrections = _corrections_of_gone(tx, numbers)
    of_corrections = {one for found in corrections.values() for one in found}
    ledger = open_ledger(tx, tenant, numbers | of_corrections)
    attempt = lock_attempts(tx, [attempt_id])[attempt_id]
    return Books(
        ledger,
        attempt,
        number,
        chargebacks_of_attempt(tx, attempt_id),
        {one: _credit(ledger, found, attempt) for one, found in corrections.items()},
        transit_account(tx, tenant, attempt.instance),
    )


def _corrections_of_gone(tx: Tx, numbers: set[str]) -> dict[str, list[str]]:
    """Those of the documents of which nothing is left, with the numbers of what corrected them."""
    by_id = {state.id: state.number for state in read_document_states(tx, sorted(numbers))}
    return {
        by_id[gone]: [
            one.number for one in naming(tx, gone) if one.why is DocumentLinkKind.CORRECTS
        ]
        for gone in taken_back(tx, list(by_id))
    }


def _credit(ledger: Ledger, corrections: Sequence[str], attempt: Attempt) -> Money:
    found = [ledger.document(number).open for number in corrections]
    return total([-one for one in found if one.minor < 0], attempt.amount.currency)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was booked, and what of it is owed on the account alone: no document, no credit takes it."""

    course: Course
    unplaced: Money


def book_chargeback(tx: Tx, books: Books, amount: Money, fee: Money, on: date) -> Taken:
    """Book what was taken back and the provider's fee, which is ours (F095)."""
    booked_as = booking_of(books.attempt, len(books.before) + 1)
    source = books.source(booked_as, on)
    parts, rest, unplaced = _split(books, amount)
    credit = free_credit(tx, books.attempt.customer_id, amount.currency).total
    without_credit = rest - max(credit, Money.zero(amount.currency))
    charge_back(books.ledger, source, books.number, parts, rest)
    keep_fee(books.ledger, source, books.number, fee)
    documents: dict[str, int] = {}
    for share, part in parts:
        documents[share.number] = documents.get(share.number, 0) + part.minor
    course = Course(booked_as, tuple(documents.items()), rest.minor)
    return Taken(course, max(unplaced, without_credit))


def _split(books: Books, amount: Money) -> tuple[list[tuple[Payment, Money]], Money, Money]:
    """The parts of shares that are taken back, what is left, and what a gone document refused."""
    counting = _counting(books)
    left = dict(books.covers)
    rest, unplaced = amount, Money.zero(amount.currency)
    parts: list[tuple[Payment, Money]] = []
    for share in books.ledger.shares_of(books.attempt.booking):
        wanted = min(rest, share.amount, counting[share.number])
        part = min(wanted, left.get(share.number, wanted))
        if part.minor > 0:
            parts.append((share, part))
            counting[share.number] -= part
            rest -= part
        if share.number in left:
            left[share.number] -= part
            unplaced += wanted - part
    return parts, rest, unplaced


def _counting(books: Books) -> dict[str, Money]:
    """What of the payment counts for each document, less what was taken back of shares in part."""
    booking = books.attempt.booking
    found: dict[str, Money] = {}
    for one in books.ledger.shares():
        if one.entry_key.startswith((f"pay:{booking}:", f"cb:{booking}:")):
            found[one.number] = found.get(one.number, Money.zero(one.amount.currency)) + one.amount
    return found


def book_again(books: Books, chargeback: Chargeback, on: date) -> None:
    """Book what was won back: to the documents that it was taken from, the rest is credit (P37)."""
    source = books.source(chargeback.course.booked_as, on)
    rest = chargeback.amount
    for number, minor in chargeback.course.documents:
        still_open = books.ledger.document(number).open
        part = min(rest, Money(minor, rest.currency), still_open)
        if part.minor > 0:
            pay(books.ledger, source, number, part)
            rest -= part
    if rest:
        keep_credit(books.ledger, source, books.attempt.customer_id, rest)
