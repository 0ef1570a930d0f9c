"""Chargebacks as they are told: opened, won again, lost; late failures; each once (F093-F095, P33-P35).

Every function takes the locks it needs, customer before attempt, and does nothing the second time.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import Chargeback, standing, takes_chargeback
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, ChargebackState
from faktura.services.chargeback_bookings import Books, book_again, book_chargeback, open_books
from faktura.services.chargeback_course import Happened, run_course
from faktura.services.payments import keep_fee
from faktura.store.attempts import read_attempt, rewrite_attempts
from faktura.store.chargebacks import find_chargeback, rewrite_chargeback
from faktura.store.customers import lock_customers
from faktura.store.refunds_at_provider import given_back
from faktura.store.tasks import ask_once, finish_open
from faktura.store.transaction import Tx

S = ChargebackState


@dataclass(frozen=True, slots=True)
class ChargebackFact:
    """What a provider says of a dispute over an attempt's payment.

    `subject` is `<account>:<dispute>`; `amount` what was taken back without the fee, None for all of
    the payment. The `fee` of one that was won is negative: it was given back, too.
    """

    subject: str
    attempt_id: UUID
    occurred_at: datetime
    amount: Money | None = None
    fee: Money | None = None
    reason: str = ""


def open_chargeback(tx: Tx, tenant: Tenant, fact: ChargebackFact) -> UUID | None:
    """Take the payment back and do what follows; None where the chargeback is known already.

    Raises NotFound, and TransitionRefused while the payment itself is not known to have come in.
    """
    opened = _opened(tx, tenant, fact)
    return None if opened is None else opened.id


def win_chargeback(tx: Tx, tenant: Tenant, fact: ChargebackFact) -> bool:
    """Book the money again; what followed is not undone, a person is asked. False: nothing new.

    One that was not known is opened first, without what follows: the money is there. Raises as
    `open_chargeback`.
    """
    books = open_books(tx, tenant, fact.attempt_id)
    known = find_chargeback(tx, fact.subject)
    back = fact.fee if fact.fee is not None and fact.fee.minor < 0 else None
    if known is None:
        known = _opened(tx, tenant, fact if back is None else replace(fact, fee=None), follow=False)
        books = open_books(tx, tenant, fact.attempt_id)
    if known is None or known.state is S.WON or not known.course.booked_as:
        return False
    if fact.amount not in (None, known.amount):
        problem = (
            f"{fact.amount} came back of the {known.amount} that were taken back of the payment of"
            f" {books.number}: nothing was booked. Look at the provider's pages, book by hand."
        )
        ask_once(tx, TaskKind.CHARGEBACK_UNCLEAR, fact.subject, problem)
        return False
    on = _local_day(tenant, fact.occurred_at)
    book_again(books, known, on)
    if back is not None:
        source = books.source(f"{known.course.booked_as}:back", on)
        keep_fee(books.ledger, source, books.number, back)
    told: dict[str, object] = {
        "chargeback": str(known.id),
        "amount": str(known.amount.decimal),
        "currency": known.amount.currency,
        "valueDate": str(on),
    }
    books.ledger.tell(books.number, EventType.CHARGEBACK_WON, told)
    books.ledger.write(tx)
    rewrite_chargeback(tx, replace(known, state=S.WON))
    if books.attempt.state is AttemptState.CHARGED_BACK:
        rewrite_attempts(tx, [replace(books.attempt, state=AttemptState.SUCCEEDED)])
    followed = ", ".join(f"{step.number} {step.done}" for step in known.course.steps) or "nothing"
    problem = (
        f"The chargeback of {known.amount} on {books.number} was won and is booked again."
        f" What followed it stays: {followed}. Decide whether to undo it."
    )
    ask_once(tx, TaskKind.CHARGEBACK_WON, fact.subject, problem)
    return True


def lose_chargeback(tx: Tx, tenant: Tenant, fact: ChargebackFact) -> bool:
    """Nobody wins it any more; opened first where it was not known. False: nothing new.

    One that was won stays won. Raises as `open_chargeback`.
    """
    lock_customers(tx, [read_attempt(tx, fact.attempt_id).customer_id])
    known = find_chargeback(tx, fact.subject) or _opened(tx, tenant, fact)
    if known is None or known.state is not S.OPEN:
        return False
    rewrite_chargeback(tx, replace(known, state=S.LOST))
    return True


def note_inquiry(tx: Tx, fact: ChargebackFact) -> bool:
    """A bank asks before it takes anything back: a person answers, no money moved."""
    lock_customers(tx, [read_attempt(tx, fact.attempt_id).customer_id])
    if find_chargeback(tx, fact.subject) is not None:
        return False
    problem = (
        f"An inquiry about the payment of attempt {fact.attempt_id} was opened, no money moved"
        f" ({fact.reason or 'no reason given'}). Answer it at the provider."
    )
    return ask_once(tx, TaskKind.CHARGEBACK_UNCLEAR, fact.subject, problem) is not None


def late_failure(
    tx: Tx, tenant: Tenant, attempt: Attempt, code: str, fee: Money | None = None
) -> UUID | None:
    """A debit that was under way failed: what a chargeback sets going, but nothing is taken back.

    Its payment was never booked, and nobody wins it again (payments 1.6). The attempt itself is
    moved by the caller. None where it is known already.
    """
    books = open_books(tx, tenant, attempt.id)
    subject = f"{attempt.instance}:{attempt.reference or attempt.id.hex}"
    if find_chargeback(tx, subject) is not None:
        return None
    on = _local_day(tenant, tx.now())
    fee = fee or Money.zero(attempt.amount.currency)
    keep_fee(books.ledger, books.source(f"{attempt.booking}:failed", on), books.number, fee)
    happened = Happened(
        subject,
        attempt.customer_id,
        attempt.method,
        attempt.amount,
        fee,
        code,
        on,
        (books.number,),
        state=S.LOST,
        attempt_id=attempt.id,
        means_id=attempt.means_id,
    )
    _tell(books, happened)
    books.ledger.write(tx)
    return run_course(tx, tenant, happened).id


def _opened(
    tx: Tx, tenant: Tenant, fact: ChargebackFact, *, follow: bool = True
) -> Chargeback | None:
    books = open_books(tx, tenant, fact.attempt_id)
    if find_chargeback(tx, fact.subject) is not None:
        return None
    attempt = books.attempt
    if not takes_chargeback(attempt):
        raise TransitionRefused(
            f"attempt {attempt.id} is {attempt.state}: its payment is not known to have come in",
            place="paymentAttempt",
            mend="It is applied once the payment is known",
        )
    amount = attempt.amount if fact.amount is None else fact.amount
    if amount.currency != attempt.amount.currency or amount.minor <= 0:
        problem = (
            f"{amount} were taken back of the payment of {books.number}, which was"
            f" {attempt.amount}: nothing was booked. Look at the provider's pages, book by hand."
        )
        ask_once(tx, TaskKind.CHARGEBACK_UNCLEAR, fact.subject, problem)
        return None
    return _taken_back(tx, tenant, books, replace(fact, amount=amount), follow=follow)


def _taken_back(
    tx: Tx, tenant: Tenant, books: Books, fact: ChargebackFact, *, follow: bool
) -> Chargeback:
    attempt, amount = books.attempt, fact.amount or books.attempt.amount
    fee = fact.fee or Money.zero(amount.currency)
    on = _local_day(tenant, fact.occurred_at)
    disputed = amount + standing(books.before, amount.currency)
    lost = disputed + given_back(tx, attempt)
    # Whoever asked before has decided: nobody need answer the inquiry any more.
    finish_open(tx, TaskKind.CHARGEBACK_UNCLEAR, fact.subject)
    taken = book_chargeback(tx, books, amount, fee, on)
    happened = Happened(
        fact.subject,
        attempt.customer_id,
        attempt.method,
        amount,
        fee,
        fact.reason,
        on,
        (books.number,),
        attempt_id=attempt.id,
        means_id=attempt.means_id,
        course=taken.course,
    )
    _tell(books, happened)
    books.ledger.write(tx)
    # By chargebacks alone: a refund may be told before or after, the state must be the same.
    if attempt.state is AttemptState.SUCCEEDED and disputed >= attempt.amount:
        rewrite_attempts(tx, [replace(attempt, state=AttemptState.CHARGED_BACK)])
    if taken.unplaced or lost > attempt.amount:
        _ask_about(tx, books, fact.subject, taken.unplaced, lost)
    return run_course(tx, tenant, happened, follow=follow)


def _ask_about(tx: Tx, books: Books, subject: str, unplaced: Money, lost: Money) -> None:
    problem = f"A chargeback on {books.number} needs a look:"
    if unplaced:
        problem += (
            f" {unplaced} are owed on the customer's account alone: what they were credit of was"
            " taken back or paid out meanwhile (P34)."
        )
    if lost > books.attempt.amount:
        problem += f" {lost} were taken back and refunded of a payment of {books.attempt.amount}."
    ask_once(tx, TaskKind.CHARGEBACK_UNCLEAR, subject, problem)


def _tell(books: Books, happened: Happened) -> None:
    told: dict[str, object] = {
        "amount": str(happened.amount.decimal),
        "currency": happened.amount.currency,
        "valueDate": str(happened.on),
        "fee": str(happened.fee.decimal),
        "reason": happened.reason or None,
        "method": happened.method.value,
        "booked": bool(happened.course.booked_as),
    }
    books.ledger.tell(books.number, EventType.CHARGEBACK_RECEIVED, told)


def _local_day(tenant: Tenant, moment: datetime) -> date:
    return moment.astimezone(zone(tenant.time_zone)).date()
