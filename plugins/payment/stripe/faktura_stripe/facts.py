"""What Stripe's objects say in our words: facts, from the object as it is now; pure.

What is told is the present state, never the event's: then order and duplicates do not matter.
"""

from dataclasses import dataclass
from datetime import datetime

from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    Declined,
    Outcome,
    PaymentFact,
    Pending,
    RefundAnswer,
    Succeeded,
)
from faktura_stripe import marks
from faktura_stripe.mapping import outcome_of, refund_outcome
from faktura_stripe.means import saved_means
from faktura_stripe.pages import page_result
from faktura_stripe.reading import Json, id_of, inner, text, uuid


@dataclass(frozen=True, slots=True)
class Found:
    """What an event led to: the object as it is now, and when the event says it happened."""

    said: Json
    at: datetime

    def fact(
        self, kind: PaymentFactKind, payment: Json | None = None, **more: object
    ) -> PaymentFact:
        """A fact about the payment, or about the object itself, with the marks we wrote on it."""
        owner = self.said if payment is None else payment
        fields: dict[str, object] = {
            "kind": kind,
            "occurred_at": self.at,
            "tenant": text(owner, "metadata", marks.TENANT),
            "attempt": uuid(owner, "metadata", marks.ATTEMPT),
            "reference": text(owner, "id"),
        }
        return PaymentFact.model_validate(fields | more)


def ignored(at: datetime, why: str) -> tuple[PaymentFact, ...]:
    """Nothing that concerns payments, with the reason."""
    return (PaymentFact(kind=PaymentFactKind.IGNORED, occurred_at=at, message=why),)


def payment_facts(found: Found, session: Json) -> tuple[PaymentFact, ...]:
    """The facts of a payment; `session` is the page it began on, if it did.

    While that page is open the customer can try again: a card refused there ends nothing. Told as
    a failure, the next collection would run beside a page that can still be paid (lago-api 5547).
    """
    outcome = outcome_of(found.said)
    if text(session, "status") == "open" and isinstance(outcome, Declined | ActionNeeded):
        return ignored(found.at, "the page is still open")
    return _facts_of(found, found.said, outcome)


def _facts_of(found: Found, payment: Json, outcome: Outcome) -> tuple[PaymentFact, ...]:
    match outcome:
        case Succeeded():
            kind = PaymentFactKind.PAYMENT_SUCCEEDED
        case Pending():
            kind = PaymentFactKind.PAYMENT_PENDING
        case ActionNeeded():
            kind = PaymentFactKind.ACTION_NEEDED
        case Cancelled():
            kind = PaymentFactKind.PAYMENT_CANCELLED
        case Declined():
            return (
                found.fact(
                    PaymentFactKind.PAYMENT_FAILED,
                    payment,
                    code=outcome.code,
                    message=outcome.message,
                    hard=outcome.hard,
                    reason=outcome.reason,
                    means_gone=outcome.means_gone,
                    means_reference=_means_of(payment),
                ),
            )
        case _:
            return ignored(found.at, "what became of it is not decided yet")
    said = outcome.model_dump(include={"amount", "currency", "fee"})
    code = outcome.reason if isinstance(outcome, ActionNeeded) else ""
    return (found.fact(kind, payment, code=code, **said),)


def _means_of(payment: Json) -> str:
    """What a payment was tried with; a failed one has dropped it, its error still knows."""
    return id_of(payment, "payment_method") or id_of(
        inner(payment, "last_payment_error"), "payment_method"
    )


def session_facts(found: Found) -> tuple[PaymentFact, ...]:
    """The facts of a page: its payment, and the means that was kept on it."""
    result = page_result(found.said)
    facts: tuple[PaymentFact, ...] = ()
    if text(found.said, "mode") == "payment":
        if text(found.said, "status") == "open":
            return ignored(found.at, "the page is still open")
        # A page that nobody paid on has no payment: its own marks say whose it was.
        payment = inner(found.said, "payment_intent") or found.said
        facts = _facts_of(found, payment, result.outcome)
    if result.saved is not None:
        saved = result.saved
        facts += (
            found.fact(
                PaymentFactKind.MEANS_SAVED,
                means=saved,
                means_reference=saved.means.reference,
            ),
        )
    return facts or ignored(found.at, "nothing was saved")


def refund_facts(found: Found) -> tuple[PaymentFact, ...]:
    """The fact of a refund: ours by its mark, else one that somebody made at Stripe."""
    refund, payment = found.said, inner(found.said, "payment_intent")
    outcome, own = refund_outcome(refund), uuid(refund, "metadata", marks.REFUND)
    kind = {
        RefundAnswer.SUCCEEDED: PaymentFactKind.REFUND_SUCCEEDED
        if own
        else PaymentFactKind.EXTERNAL_REFUND,
        RefundAnswer.PENDING: PaymentFactKind.REFUND_PENDING if own else None,
        RefundAnswer.FAILED: PaymentFactKind.REFUND_FAILED,
    }.get(outcome.answer)
    if kind is None:
        return ignored(found.at, "the refund is not decided yet")
    return (
        found.fact(
            kind,
            payment,
            reference=id_of(refund, "payment_intent"),
            subject=text(refund, "id"),
            refund=own,
            amount=outcome.amount,
            currency=outcome.currency,
            message=outcome.message,
        ),
    )


def means_facts(found: Found) -> tuple[PaymentFact, ...]:
    """The fact of a saved means: what it is now, or that its customer does not have it any more."""
    saved = saved_means(found.said)
    if saved is None:
        return (gone(found, text(found.said, "id")),)
    return (
        found.fact(
            PaymentFactKind.MEANS_CHANGED,
            {},
            means=saved,
            means_reference=saved.means.reference,
        ),
    )


def mandate_facts(found: Found) -> tuple[PaymentFact, ...]:
    """A mandate that is not in force any more takes its means along; one for a single use ends."""
    lasting = text(found.said, "type") != "single_use"
    if text(found.said, "status") == "inactive" and lasting:
        return (gone(found, id_of(found.said, "payment_method"), code="mandate_invalid"),)
    return ignored(found.at, "the mandate is in force")


def gone(found: Found, means: str, code: str = "") -> PaymentFact:
    """The fact that a means of payment cannot be charged any more."""
    return found.fact(PaymentFactKind.MEANS_GONE, {}, means_reference=means, code=code)


def setup_facts(found: Found) -> tuple[PaymentFact, ...]:
    """The means that a setup saved."""
    setup = found.said
    saved = saved_means(inner(setup, "payment_method"), inner(setup, "mandate"))
    if text(setup, "status") != "succeeded" or saved is None:
        return ignored(found.at, "nothing was saved")
    return (
        found.fact(
            PaymentFactKind.MEANS_SAVED,
            means=saved,
            means_reference=saved.means.reference,
        ),
    )
