"""Braintree's words in ours: what a charge, a refusal or a saved means is. Pure and total.

Unknown is unclear: only states that say so move money or say that none moved.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from faktura.kernel.money import Money, minor_digits
from faktura.kernel.payment_terms import CustomerReason
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    Declined,
    MeansReference,
    Outcome,
    Pending,
    RefundAnswer,
    RefundOutcome,
    Rejected,
    SavedMeans,
    Succeeded,
    Unclear,
)
from faktura_braintree import codes
from faktura_braintree.charge import Charge, Refusal, Vaulted
from faktura_braintree.settings import PaidWhen

_SETTLED = frozenset({"settled", "settlement_confirmed"})
_HANDED_IN = frozenset({"submitted_for_settlement", "settling"})
_LATE_FAILURE = frozenset({"settlement_declined", "settlement_failed"})
UNSETTLED = frozenset({"authorized", "submitted_for_settlement", "settlement_pending"})
"""Where a charge can still be voided; afterwards only a refund gives the money back."""
_SETTLES_WITHIN = timedelta(days=7)
_NETWORK_PAUSE = timedelta(hours=1)


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount as Braintree takes it: `19.99`, with the currency's decimals; raises TooPrecise."""
    minor = Money.from_decimal(amount, currency).minor
    return f"{Decimal(minor).scaleb(-minor_digits(currency)):f}"


def outcome_of(charge: Charge, paid_when: PaidWhen) -> Outcome:
    """What became of a sale or a credit."""
    if charge.status in _SETTLED or (
        charge.status in _HANDED_IN and was_promised(charge, paid_when)
    ):
        return Succeeded(
            reference=charge.id,
            amount=charge.amount,
            currency=charge.currency,
            at=charge.changed_at,
        )
    if charge.status in _HANDED_IN or charge.status == "settlement_pending":
        return Pending(
            reference=charge.id,
            amount=charge.amount,
            currency=charge.currency,
            expected_by=(charge.changed_at + _SETTLES_WITHIN).date(),
        )
    return _unpaid(charge)


def was_promised(charge: Charge, paid_when: PaidWhen) -> bool:
    """Whether the charge counts as paid before it is settled.

    PayPal may still refuse what it is settling, and says when it is done.
    """
    return paid_when is PaidWhen.SUBMITTED and not charge.is_paypal


def _unpaid(charge: Charge) -> Outcome:
    outcome: Outcome
    match charge.status:
        case "processor_declined":
            hard = charge.answer == "hard_declined"
            outcome = _declined(charge, charge.code, charge.text, hard=hard)
        case "gateway_rejected":
            outcome = _rejected(charge)
        case "settlement_declined" | "settlement_failed":
            text = charge.settlement_text
            outcome = _declined(charge, charge.settlement_code, text, hard=False)
        case "failed":
            # The network was down: this one is over, the next one may work.
            outcome = _declined(charge, charge.code, charge.text, hard=False, pause=_NETWORK_PAUSE)
        case "authorization_expired":
            outcome = _declined(charge, "authorization_expired", "", hard=False)
        case "voided":
            outcome = Cancelled(reference=charge.id)
        case _:
            outcome = Unclear(why=f"Braintree says “{charge.status}” of {charge.id}")
    return outcome


def _declined(
    charge: Charge, code: str, text: str, *, hard: bool, pause: timedelta | None = None
) -> Outcome:
    if code == codes.NEEDS_CUSTOMER:
        return ActionNeeded(
            reference=charge.id, reason=text or "Cardholder Authentication Required"
        )
    if code == codes.PAYPAL_REPEATED:
        return Unclear(why=f"PayPal knows the order of {charge.id} already")
    if code in codes.OUR_SETUP:
        return Rejected(code=code, message=text)
    return Declined(
        reference=charge.id,
        hard=hard or never_again(code, charge.card_brand),
        code=code or charge.status,
        message=text,
        reason=codes.REASONS.get(code, CustomerReason.GENERAL),
        means_gone=code in codes.MEANS_GONE,
        retry_after=None if pause is None else charge.changed_at + pause,
    )


def never_again(code: str, brand: str) -> bool:
    """Whether the schemes prohibit another try with this card (payments 3.4)."""
    return code in codes.NEVER_AGAIN or (
        brand == "MasterCard" and code in codes.NEVER_AGAIN_MASTERCARD
    )


def _rejected(charge: Charge) -> Outcome:
    match charge.rejection:
        case "duplicate":
            return Unclear(why=f"{charge.id} repeats a sale that Braintree has already")
        case "three_d_secure":
            return ActionNeeded(reference=charge.id, reason="3-D Secure")
        case "application_incomplete":
            return Rejected(
                code="application_incomplete", message="The merchant account is not ready"
            )
        case reason:
            is_entry = reason in ("avs", "cvv", "avs_and_cvv")
            return Declined(
                reference=charge.id,
                hard=reason in codes.REJECTIONS_HARD,
                code=f"gateway_rejected:{reason}",
                message="Braintree's own rules turned it away",
                reason=CustomerReason.ENTER_AGAIN if is_entry else CustomerReason.GENERAL,
            )


def is_repetition(charge: Charge) -> bool:
    """Whether the charge only says that an earlier one of the same order exists."""
    duplicate = charge.status == "gateway_rejected" and charge.rejection == "duplicate"
    return duplicate or (
        charge.status == "processor_declined" and charge.code == codes.PAYPAL_REPEATED
    )


def refusal_outcome(refusal: Refusal, paid_when: PaidWhen) -> Outcome:
    """What an answer means that is no success; keys of requests are dealt with before."""
    if refusal.charge is not None:
        return outcome_of(refusal.charge, paid_when)
    if set(refusal.codes) & codes.TOKEN_UNKNOWN:
        return gone("The vault does not know this means of payment")
    useless = set(refusal.codes) & codes.NONCE_USELESS
    if useless:
        return Declined(
            hard=False,
            code=min(useless),
            message=refusal.message,
            reason=CustomerReason.ENTER_AGAIN,
        )
    return _refused(refusal)


def _refused(refusal: Refusal) -> Outcome:
    if set(refusal.codes) & codes.NONCE_USED:
        return Unclear(why="what the browser gave was used before")
    if refusal.check_code:
        return _check_failed(refusal)
    if not refusal.codes:
        return Unclear(why=f"Braintree refused without a code: {refusal.message}")
    return Rejected(code=refusal.codes[0], message=refusal.message)


def gone(message: str) -> Declined:
    """The means of payment does not exist any more."""
    return Declined(hard=True, code="means_gone", message=message, means_gone=True)


def _check_failed(refusal: Refusal) -> Outcome:
    code = refusal.check_code
    if code == codes.NEEDS_CUSTOMER:
        return ActionNeeded(reason=refusal.check_text)
    return Declined(
        hard=refusal.check_answer == "hard_declined" or code in codes.NEVER_AGAIN,
        code=code,
        message=refusal.check_text,
        reason=codes.REASONS.get(code, CustomerReason.GENERAL),
    )


def refund_of(charge: Charge, paid_when: PaidWhen) -> RefundOutcome:
    """What became of a credit."""
    outcome = outcome_of(charge, paid_when)
    match outcome:
        case Succeeded():
            answer, message = RefundAnswer.SUCCEEDED, ""
        case Pending():
            answer, message = RefundAnswer.PENDING, ""
        case Unclear():
            answer, message = RefundAnswer.UNCLEAR, outcome.why
        case _:
            answer, message = (
                RefundAnswer.FAILED,
                charge.text or charge.settlement_text or charge.status,
            )
    return RefundOutcome(
        answer=answer,
        reference=charge.id,
        amount=charge.amount,
        currency=charge.currency,
        message=message,
    )


def is_late_failure(charge: Charge) -> bool:
    """Whether the money was promised and did not come."""
    return charge.status in _LATE_FAILURE


def saved_of(means: Vaulted) -> SavedMeans:
    """A means of payment in the vault."""
    last_day = None
    if means.expires is not None:
        year, month = means.expires
        last_day = date(year, month, monthrange(year, month)[1])
    shown = ("PayPal", means.holder) if means.is_paypal else (means.brand, means.last_four)
    return SavedMeans(
        means=MeansReference(reference=means.token, customer=means.customer),
        method=PaymentMethod.PAYPAL if means.is_paypal else PaymentMethod.CARD,
        label=" ".join(part for part in shown if part),
        fingerprint=means.fingerprint,
        expires_on=last_day,
    )
