"""Stripe's words for what became of a payment, in ours; pure, and total over what Stripe may say."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    Declined,
    Outcome,
    Pending,
    RefundAnswer,
    RefundOutcome,
    Rejected,
    Succeeded,
    Unclear,
)
from faktura_stripe.amounts import decimal_of
from faktura_stripe.declines import ACTION, SETUP, decline_of
from faktura_stripe.reading import Json, inner, moment, text, whole

_BANK_DAYS = 7
_SATURDAY = 5

_ABOUT_MEANS = frozenset({"payment_method_unexpected_state", "payment_intent_mandate_invalid"})
_MISSING = "resource_missing"
_MEANS_PARAMS = frozenset({"payment_method", "customer", "mandate"})


def outcome_of(payment: Json) -> Outcome:
    """What became of a payment, from the payment itself; a status we do not know decides nothing."""
    reader = _BY_STATUS.get(text(payment, "status"))
    if reader is None or not text(payment, "id"):
        return Unclear(why=f"Stripe says “{text(payment, 'status')[:40]}” of the payment")
    return reader(payment)


def refused(error: Json) -> Outcome:
    """What a refusal of a collection means, from Stripe's own account of it."""
    code, payment = text(error, "code"), text(error, "payment_intent", "id")
    if text(error, "type") == "card_error" or payment:
        return _declined(error, payment)
    about_means = code in _ABOUT_MEANS or (
        code == _MISSING and text(error, "param") in _MEANS_PARAMS
    )
    if about_means:
        return _declined(error, "")
    return Rejected(code=code or "invalid_request", message=text(error, "message"))


def _declined(error: Json, payment: str) -> Outcome:
    code = text(error, "decline_code") or text(error, "code") or "unknown"
    if code in ACTION or text(error, "code") in ACTION:
        return ActionNeeded(reference=payment, reason=code)
    if code in SETUP:
        return Rejected(code=code, message=text(error, "message"))
    found = decline_of(code, text(error, "advice_code"))
    return Declined(
        reference=payment,
        hard=found.hard,
        code=code,
        message=text(error, "message"),
        reason=found.reason,
        means_gone=found.means_gone,
    )


def _succeeded(payment: Json) -> Outcome:
    paid = _money(payment, "amount_received")
    if paid is None:
        return Unclear(why="Stripe names no amount of the payment")
    charge = inner(payment, "latest_charge")
    at = (
        moment(charge, "balance_transaction", "created")
        or moment(charge, "created")
        or moment(payment, "created")
    )
    return Succeeded(
        reference=text(payment, "id"),
        amount=paid[0],
        currency=paid[1],
        at=at or datetime.fromtimestamp(0, UTC),
        fee=fee_of(inner(charge, "balance_transaction"), paid[1]),
    )


def _pending(payment: Json) -> Outcome:
    money = _money(payment, "amount")
    if money is None:
        return Unclear(why="Stripe names no amount of the payment")
    begun = moment(payment, "latest_charge", "created") or moment(payment, "created")
    return Pending(
        reference=text(payment, "id"),
        amount=money[0],
        currency=money[1],
        expected_by=None if begun is None else decided_by(begun.date()),
    )


def _waiting(payment: Json) -> Outcome:
    error = inner(payment, "last_payment_error")
    if text(payment, "status") == "requires_payment_method" and error:
        return _declined(error, text(payment, "id"))
    return ActionNeeded(
        reference=text(payment, "id"),
        url=text(payment, "next_action", "redirect_to_url", "url"),
        reason=text(payment, "status"),
    )


def _cancelled(payment: Json) -> Outcome:
    return Cancelled(reference=text(payment, "id"))


_BY_STATUS: dict[str, Callable[[Json], Outcome]] = {
    "succeeded": _succeeded,
    "processing": _pending,
    "requires_capture": _pending,
    "requires_action": _waiting,
    "requires_confirmation": _waiting,
    "requires_payment_method": _waiting,
    "canceled": _cancelled,
}


def decided_by(begun: date) -> date:
    """The seventh weekday after a debit began: a SEPA debit is decided on the sixth (1.6).

    Bank holidays may push it further: who is late is asked for, nobody fails by time alone.
    """
    day, left = begun, _BANK_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def fee_of(movement: Json, currency: str) -> Decimal | None:
    """The fee of a movement on the balance; None where it is in another currency than the payment."""
    fee = whole(movement, "fee")
    if fee is None or text(movement, "currency").upper() != currency:
        return None
    return decimal_of(fee, currency)


def _money(said: Json, name: str) -> tuple[Decimal, str] | None:
    minor, currency = whole(said, name), text(said, "currency").upper()
    return None if minor is None or not currency else (decimal_of(minor, currency), currency)


_REFUND_ANSWERS = {
    "succeeded": RefundAnswer.SUCCEEDED,
    "pending": RefundAnswer.PENDING,
    "requires_action": RefundAnswer.PENDING,
    "failed": RefundAnswer.FAILED,
    "canceled": RefundAnswer.FAILED,
}


def refund_outcome(refund: Json) -> RefundOutcome:
    """What became of a refund; a status we do not know decides nothing."""
    money = _money(refund, "amount")
    answer = _REFUND_ANSWERS.get(text(refund, "status"), RefundAnswer.UNCLEAR)
    return RefundOutcome(
        answer=answer if money and text(refund, "id") else RefundAnswer.UNCLEAR,
        reference=text(refund, "id"),
        amount=money[0] if money else None,
        currency=money[1] if money else "",
        message=text(refund, "failure_reason"),
    )
