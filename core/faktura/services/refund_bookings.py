"""Refunds over a provider on account and in the journal: whose credit is paid out (P33, P37)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import Chargeback
from faktura.domain.provider_refunds import ProviderRefund
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.terms import DocumentLinkKind
from faktura.services.ledger import Ledger, Source, open_ledger
from faktura.services.payments import keep_credit, pay, refund, refund_credit
from faktura.services.transit import transit_account
from faktura.store.attempts import lock_attempts, read_attempt
from faktura.store.chargebacks import chargebacks_of_attempt, documents_of_attempts
from faktura.store.document_links import naming
from faktura.store.free_credit import free_credit
from faktura.store.refunds_at_provider import asked_of_credit
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx


@dataclass(slots=True)
class RefundBooks:
    """An attempt with the ledger of its document and what corrects it; customer and attempt locked.

    `numbers` are those documents of the same customer, the document itself first.
    """

    ledger: Ledger
    attempt: Attempt
    number: str
    numbers: tuple[str, ...]
    chargebacks: list[Chargeback]
    ledger_account: str | None

    def credits(self) -> list[tuple[str, Money]]:
        """What each of the documents has as credit now."""
        found = [(number, -self.ledger.document(number).open) for number in self.numbers]
        return [(number, credit) for number, credit in found if credit.minor > 0]

    def source(self, booked_as: str, on: date) -> Source:
        """Money that moved at the attempt's provider on that local day."""
        return Source.at_provider(booked_as, on, self.ledger_account)


def open_refund_books(tx: Tx, tenant: Tenant, attempt_id: UUID) -> RefundBooks:
    """Lock the attempt's customer, then the attempt; raises NotFound."""
    seen = read_attempt(tx, attempt_id)
    tenant = holding_accounts(tx, tenant)
    number = documents_of_attempts(tx, [attempt_id])[attempt_id]
    why = DocumentLinkKind.CORRECTS
    numbers = [number, *(one.number for one in naming(tx, seen.document_id) if one.why is why)]
    ledger = open_ledger(tx, tenant, numbers, [seen.customer_id])
    attempt = lock_attempts(tx, [attempt_id])[attempt_id]
    own = [one for one in numbers if ledger.document(one).customer_id == attempt.customer_id]
    return RefundBooks(
        ledger,
        attempt,
        number,
        tuple(own),
        chargebacks_of_attempt(tx, attempt_id),
        transit_account(tx, tenant, attempt.instance),
    )


def source_of_credit(tx: Tx, books: RefundBooks, amount: Money) -> UUID | None:
    """Whose credit a refund pays out: the document's with its corrections, else what is free (None).

    What other refunds will take is not there any more. Raises TransitionRefused where neither has
    enough: one refund is one credit (P37).
    """
    attempt, currency = books.attempt, amount.currency
    own = total([credit for _, credit in books.credits()], currency)
    own -= asked_of_credit(tx, attempt.customer_id, attempt.document_id, currency)
    if amount <= own:
        return attempt.document_id
    free = free_credit(tx, attempt.customer_id, currency).total
    free -= asked_of_credit(tx, attempt.customer_id, None, currency)
    if amount <= free:
        return None
    nothing = Money.zero(currency)
    raise TransitionRefused(
        f"{amount} are more than the credit of {books.number} and its corrections,"
        f" {max(own, nothing)}, and than what counts for no document, {max(free, nothing)} (P37)",
        place="amount",
        mend="Correct or cancel the invoice first, or refund less",
    )


def book_refund(tx: Tx, books: RefundBooks, done: ProviderRefund, on: date) -> Money:
    """Book money that went out; what of it was no credit, which the customer owes then.

    Nothing of it opens an invoice again: what no document has as credit counts for none (P33).
    """
    source = books.source(done.booking, on)
    rest = done.amount
    for number, credit in books.credits() if done.document_id is not None else ():
        part = min(rest, credit)
        if part:
            refund(books.ledger, source, number, part)
            rest -= part
    free = free_credit(tx, books.attempt.customer_id, rest.currency).total
    if rest:
        refund_credit(books.ledger, source, books.attempt.customer_id, rest)
    books.ledger.write(tx)
    return max(rest - max(free, Money.zero(rest.currency)), Money.zero(rest.currency))


def book_back(tx: Tx, books: RefundBooks, failed: ProviderRefund, on: date) -> None:
    """Book a refund that did not arrive after all: each credit that it paid out is there again."""
    source = books.source(f"{failed.booking}:back", on)
    begins = f"ref:{failed.booking}:"
    rest = failed.amount
    for share in books.ledger.shares():
        if share.entry_key.startswith(begins):
            pay(books.ledger, source, share.number, -share.amount)
            rest += share.amount
    if rest:
        keep_credit(books.ledger, source, books.attempt.customer_id, rest)
    books.ledger.write(tx)
