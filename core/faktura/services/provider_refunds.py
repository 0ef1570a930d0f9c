"""What providers say of refunds: booked when they are done, booked back when they fail later (P33).

Refunds that somebody made in the provider's own pages are told here, too, and never lost.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from faktura.domain.chargebacks import takes_chargeback
from faktura.domain.provider_refunds import ProviderRefund, next_question
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import RefundState
from faktura.plugin import RefundAnswer, RefundOutcome
from faktura.services.opening_refunds import ask_about_unclear
from faktura.services.refund_bookings import RefundBooks, book_back, book_refund, open_refund_books
from faktura.store.refunds_at_provider import (
    find_refund,
    lock_refund,
    read_refund,
    rewrite_refund,
    write_refund,
)
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

S = RefundState
_FOREIGN = "made at the provider"


@dataclass(frozen=True, slots=True)
class ForeignRefund:
    """A refund that somebody made in the provider's own pages; `reference` is its id there."""

    attempt_id: UUID
    reference: str
    amount: Money
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class _Told:
    """What a provider says of a refund, with the refund before and after it."""

    books: RefundBooks
    before: ProviderRefund
    after: ProviderRefund
    outcome: RefundOutcome
    at: datetime

    @property
    def day(self) -> date:
        """When it happened, by the tenant's calendar."""
        return _local(self.books.ledger.tenant, self.at)


def apply_refund(
    tx: Tx, tenant: Tenant, refund_id: UUID, outcome: RefundOutcome, at: datetime | None = None
) -> bool:
    """What a provider says of a refund, in whatever order and however often; False: nothing new.

    Booked when it succeeded, booked back when it failed after that: FAILED is the last word.
    """
    seen = read_refund(tx, refund_id).refund
    books = open_refund_books(tx, tenant, seen.attempt_id)
    refund = lock_refund(tx, refund_id)
    said = replace(
        refund,
        reference=refund.reference or outcome.reference or None,
        outcome=outcome.model_dump_json(exclude_defaults=True),
    )
    match outcome.answer:
        case RefundAnswer.SUCCEEDED:
            return _succeeded(tx, _Told(books, refund, said, outcome, at or tx.now()))
        case RefundAnswer.FAILED:
            return _failed(tx, _Told(books, refund, said, outcome, at or tx.now()))
        case RefundAnswer.PENDING:
            return _waits(tx, refund, replace(said, state=S.PENDING, looks=0))
        case RefundAnswer.ABSENT:
            return _waits(tx, refund, replace(said, state=S.UNKNOWN, looks=refund.looks + 1))
        case RefundAnswer.UNCLEAR:
            return _waits(tx, refund, replace(said, state=S.UNKNOWN))


def foreign_refund(tx: Tx, tenant: Tenant, told: ForeignRefund) -> bool:
    """Book a refund that was made without us against the customer's account; a person looks at it.

    It pays out credit where there is some and never opens the invoice again (P33). False where it is
    known. Raises NotFound, and TransitionRefused while the payment is not known to have come in.
    """
    books = open_refund_books(tx, tenant, told.attempt_id)
    if find_refund(tx, told.attempt_id, told.reference) is not None:
        return False
    if not takes_chargeback(books.attempt):
        raise TransitionRefused(
            f"attempt {told.attempt_id} is {books.attempt.state}: nothing of it can be refunded yet",
            place="paymentAttempt",
        )
    refund = ProviderRefund(
        tx.new_id(),
        told.attempt_id,
        told.amount,
        "",
        _FOREIGN,
        tx.now(),
        document_id=books.attempt.document_id,
        state=S.SUCCEEDED,
        reference=told.reference,
        ended_at=told.occurred_at,
    )
    without_credit = book_refund(tx, books, refund, _local(tenant, told.occurred_at))
    write_refund(tx, refund)
    problem = (
        f"{told.amount} of the payment of {books.number} were refunded at the provider"
        f" ({told.reference}), not by faktura. It is booked on the customer's account."
    )
    if without_credit:
        problem += f" {without_credit} of it were no credit: correct the document, or collect it."
    ask_once(tx, TaskKind.REFUND_FOREIGN, f"{books.attempt.instance}:{told.reference}", problem)
    return True


def _succeeded(tx: Tx, told: _Told) -> bool:
    refund, books = told.before, told.books
    if not refund.is_asked:
        return False
    if _differs(refund, told.outcome):
        problem = (
            f"The refund {refund.id} of {refund.amount} was done as {told.outcome.amount}"
            f" {told.outcome.currency}: book it by hand."
        )
        ask_once(tx, TaskKind.PAYMENT_DIFFERS, f"refund {refund.id}", problem)
        return _waits(tx, refund, replace(told.after, state=S.UNKNOWN))
    done = replace(told.after, state=S.SUCCEEDED, next_check_at=None, ended_at=told.at)
    if _drop_twin(tx, told, done):
        books = open_refund_books(tx, books.ledger.tenant, done.attempt_id)
    rewrite_refund(tx, done)
    without_credit = book_refund(tx, books, done, told.day)
    if without_credit:
        problem = (
            f"{without_credit} of the refund {refund.id} of {books.number} were no credit any more"
            " when it was done: the customer owes them."
        )
        ask_once(tx, TaskKind.REFUND_FOREIGN, f"refund {refund.id}", problem)
    return True


def _drop_twin(tx: Tx, told: _Told, done: ProviderRefund) -> bool:
    """It may have been told without our mark before its answer came: that was the same money."""
    twin = None if done.reference is None else find_refund(tx, done.attempt_id, done.reference)
    if twin is None or twin.id == done.id or twin.state is not S.SUCCEEDED:
        return False
    book_back(tx, told.books, twin, told.day)
    rewrite_refund(tx, replace(twin, state=S.FAILED, reason=f"the same as {done.id}"))
    return True


def _failed(tx: Tx, told: _Told) -> bool:
    refund, books = told.before, told.books
    if refund.state is S.FAILED:
        return False
    if refund.state is S.SUCCEEDED:
        book_back(tx, books, refund, told.day)
    rewrite_refund(tx, replace(told.after, state=S.FAILED, next_check_at=None, ended_at=told.at))
    problem = (
        f"The refund {refund.id} of {refund.amount} of {books.number} failed"
        f" ({told.outcome.message or 'no reason given'}): the customer still has the credit."
    )
    ask_once(tx, TaskKind.REFUND_FAILED, f"refund {refund.id}", problem)
    return True


def _waits(tx: Tx, refund: ProviderRefund, said: ProviderRefund) -> bool:
    """The outcome is still open: when somebody asks again, and whether a person should look."""
    if not refund.is_asked:
        return False
    if refund.state is S.PENDING:
        # What was accepted once is not unknown because one look found nothing.
        said = replace(said, state=S.PENDING)
    now = tx.now()
    rewrite_refund(tx, replace(said, next_check_at=next_question(said, now)))
    ask_about_unclear(tx, said)
    return said.state is not refund.state


def _differs(refund: ProviderRefund, outcome: RefundOutcome) -> bool:
    wrong_amount = outcome.amount is not None and outcome.amount != refund.amount.decimal
    return wrong_amount or outcome.currency not in ("", refund.amount.currency)


def _local(tenant: Tenant, moment: datetime) -> date:
    return moment.astimezone(zone(tenant.time_zone)).date()
