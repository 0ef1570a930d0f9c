"""Refunds over the provider that a payment came by, before it is asked: checked, then written down.

The row is there before the call, and its id is the key (P26). Never more than the customer's credit
(P37), nor than what is left of the payment.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import standing
from faktura.domain.provider_refunds import (
    LEASE,
    SEPA_RETURN_TIME,
    ProviderRefund,
    had_to_wait,
    is_long_unclear,
    next_question,
)
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import (
    Conflict,
    CurrencyMismatch,
    FieldInvalid,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, ChargebackState, RefundState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import RefundRequest
from faktura.services.imports.refund_fields import GiveBackFields
from faktura.services.originals import visible_record
from faktura.services.refund_bookings import RefundBooks, open_refund_books, source_of_credit
from faktura.store.attempts import AttemptFilter, list_attempts, read_attempt
from faktura.store.documents import document_id
from faktura.store.refunds_at_provider import lock_refund, promised, rewrite_refund, write_refund
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

S = RefundState


@dataclass(frozen=True, slots=True)
class WantedRefund:
    """What a person asks to give back of an attempt's payment.

    `in_return_time` says that they know that a SEPA debit can still be returned as well.
    """

    attempt_id: UUID
    amount: Money
    reason: str
    asked_by: str | None = None
    in_return_time: bool = False


def attempt_named(tx: Tx, named: str) -> Attempt:
    """The attempt of that id, or the one that paid the document of that number.

    Raises NotFound, and TransitionRefused where none or several payments could be meant.
    """
    try:
        return read_attempt(tx, UUID(named))
    except ValueError:
        wanted = AttemptFilter(frozenset({AttemptState.SUCCEEDED}), document_id(tx, named))
    found = [attempt for attempt, _ in list_attempts(tx, wanted)]
    if len(found) != 1:
        ids = ", ".join(str(one.id) for one in found)
        raise TransitionRefused(
            f"{len(found)} payments of {named} over a provider count now",
            place=named,
            mend=f"Name the one: {ids}" if found else "Pay it out: faktura payments refund",
        )
    return found[0]


def wanted_of(
    tx: Tx,
    number: str,
    given: GiveBackFields,
    *,
    by: str,
    projects: Collection[UUID] | None = None,
) -> WantedRefund:
    """What a request asks to give back of a document's payment.

    Raises as `attempt_named`, NotFound for a document outside `projects` (None: all), FieldInvalid
    for what is no attempt's id, and Conflict for a payment of another document.
    """
    seen = visible_record(tx, number, projects)[0]
    named = _attempt_id(given.attempt_id)
    attempt = attempt_named(tx, number) if named is None else read_attempt(tx, named)
    if attempt.document_id != seen.id:
        raise Conflict(
            f"{given.attempt_id} is no payment of {number}",
            place="attemptId",
            mend="Name the document that it paid",
        )
    amount = Money.from_decimal(given.amount, attempt.amount.currency, field="amount")
    return WantedRefund(attempt.id, amount, given.reason, by, in_return_time=given.in_return_time)


def _attempt_id(given: str | None) -> UUID | None:
    try:
        return None if given is None else UUID(given)
    except ValueError:
        raise FieldInvalid("this is no id of a payment attempt", place="attemptId") from None


def open_refund(
    tx: Tx, tenant: Tenant, wanted: WantedRefund, *, partial: bool = True
) -> ProviderRefund:
    """Write a refund down before anybody is asked for it; `partial`: the provider can give a part.

    Raises NotFound, CurrencyMismatch, OutOfRange for more than the payment's rest, and
    TransitionRefused where there is no such credit, or it may come back twice.
    """
    books = open_refund_books(tx, tenant, wanted.attempt_id)
    attempt = books.attempt
    _check_payment(books, wanted, tx.now())
    _check_amount(tx, books, wanted.amount, partial=partial)
    document_id = source_of_credit(tx, books, wanted.amount)
    now = tx.now()
    request = RefundRequest(
        refund=tx.new_id(),
        tenant=tenant.key,
        payment_reference=attempt.reference or "",
        attempt=attempt.id,
        amount=wanted.amount.decimal,
        currency=wanted.amount.currency,
        whole=wanted.amount == attempt.amount,
        created_at=now,
    )
    refund = ProviderRefund(
        request.refund,
        attempt.id,
        wanted.amount,
        request.model_dump_json(),
        wanted.reason,
        now,
        document_id=document_id,
        next_check_at=now + LEASE,
        asked_by=wanted.asked_by,
    )
    write_refund(tx, refund)
    return refund


def mark_refund_sent(tx: Tx, refund_id: UUID) -> ProviderRefund | None:
    """It is about to be sent, once more or first; None where its outcome is known meanwhile."""
    refund = lock_refund(tx, refund_id)
    if refund.state not in (S.CREATED, S.SENT, S.UNKNOWN) and not had_to_wait(refund):
        return None
    now = tx.now()
    sent = replace(
        refund,
        # One that had to wait is sent for the first time now: a lost answer must be looked for.
        state=S.UNKNOWN if refund.state is S.UNKNOWN else S.SENT,
        first_sent_at=refund.first_sent_at or now,
        last_sent_at=now,
        tries=refund.tries + 1,
        next_check_at=now + LEASE,
    )
    rewrite_refund(tx, sent)
    return sent


def not_sent(tx: Tx, refund_id: UUID, problem: str) -> ProviderRefund:
    """The provider was surely not reached: the same refund is sent again later."""
    refund = lock_refund(tx, refund_id)
    if refund.is_asked:
        outcome = canonical_json({"answer": "NOT_SENT", "message": problem})
        refund = replace(refund, outcome=outcome, next_check_at=next_question(refund, tx.now()))
        rewrite_refund(tx, refund)
        ask_about_unclear(tx, refund)
    return refund


def ask_about_unclear(tx: Tx, refund: ProviderRefund) -> None:
    """Have a person look at a refund whose outcome is not known for too long, once."""
    if is_long_unclear(refund, tx.now()):
        problem = (
            f"The refund {refund.id} of {refund.amount} is {refund.state} since"
            f" {refund.first_sent_at or refund.created_at:%Y-%m-%d}: look at the provider's pages."
        )
        ask_once(tx, TaskKind.PAYMENT_UNCLEAR, f"refund {refund.id}", problem)


def _check_payment(books: RefundBooks, wanted: WantedRefund, now: datetime) -> None:
    attempt = books.attempt
    if attempt.state is not AttemptState.SUCCEEDED or attempt.reference is None:
        raise TransitionRefused(
            f"the payment is {attempt.state}, nothing of it can be refunded", place="attempt"
        )
    if any(one.state is ChargebackState.OPEN for one in books.chargebacks):
        raise TransitionRefused(
            "the payment is disputed: the bank decides about it, a refund would pay it twice",
            place="attempt",
            mend="Wait until the dispute is closed, or accept it at the provider",
        )
    if not wanted.in_return_time and _may_come_back(attempt, now):
        raise TransitionRefused(
            "the debit can be returned for eight weeks: refunded and returned, it is paid twice",
            place="attempt",
            mend="Wait, or confirm it: --confirm",
        )


def _may_come_back(attempt: Attempt, now: datetime) -> bool:
    since = attempt.ended_at or attempt.created_at
    return attempt.method is PaymentMethod.SEPA_DEBIT and now < since + SEPA_RETURN_TIME


def _check_amount(tx: Tx, books: RefundBooks, amount: Money, *, partial: bool) -> None:
    attempt = books.attempt
    if amount.currency != attempt.amount.currency:
        raise CurrencyMismatch(f"the payment is in {attempt.amount.currency}", place="amount")
    rest = attempt.amount - promised(tx, attempt) - standing(books.chargebacks, amount.currency)
    if amount.minor <= 0 or amount > rest:
        raise OutOfRange(
            f"{amount} cannot be refunded of this payment, {rest} are left of it",
            place="amount",
            mend="Refund what is left of it at most",
        )
    if amount != attempt.amount and not partial:
        raise TransitionRefused(
            f"{attempt.instance} refunds payments whole only",
            place="amount",
            mend=f"Refund {attempt.amount}, or pay it out by transfer",
        )
