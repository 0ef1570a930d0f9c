"""What became of a page at Stripe; pure."""

from datetime import UTC, datetime
from decimal import Decimal

from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    Outcome,
    PageResult,
    Pending,
    SavedMeans,
    Succeeded,
    Unclear,
)
from faktura_stripe.mapping import outcome_of
from faktura_stripe.means import saved_means
from faktura_stripe.reading import Json, id_of, inner, moment, text


def page_result(session: Json) -> PageResult:
    """The result of a page, from the page with its payment or setup.

    One that waits needs action; one that is over without a payment is cancelled. Unpaid and done is
    a debit on its way, not a failure (1.8). A means that was only saved succeeds with nothing paid.
    """
    customer = id_of(session, "customer")
    match text(session, "status"):
        case "open":
            waiting = ActionNeeded(
                reference=text(session, "id"), url=text(session, "url"), reason="page_open"
            )
            return PageResult(outcome=waiting, customer=customer)
        case "expired":
            return PageResult(outcome=Cancelled(reference=text(session, "id")), customer=customer)
        case "complete":
            return PageResult(outcome=_done(session), saved=saved_on(session), customer=customer)
        case other:
            why = f"Stripe says “{other[:40]}” of the page"
            return PageResult(outcome=Unclear(why=why), customer=customer)


def _done(session: Json) -> Outcome:
    if text(session, "mode") != "setup":
        return outcome_of(inner(session, "payment_intent"))
    setup = inner(session, "setup_intent")
    match text(setup, "status"):
        case "succeeded":
            return Succeeded(
                reference=text(setup, "id"),
                amount=Decimal(0),
                currency=text(session, "currency").upper(),
                at=moment(session, "created") or datetime.fromtimestamp(0, UTC),
            )
        case "canceled":
            return Cancelled(reference=text(setup, "id"))
        case other:
            # Some accounts of banks are checked for days before a setup succeeds.
            return ActionNeeded(reference=text(setup, "id"), reason=other)


def saved_on(session: Json) -> SavedMeans | None:
    """The means that a finished page saved: only where it was paid with or set up (1.8)."""
    setup = inner(session, "setup_intent")
    if setup:
        done = text(setup, "status") == "succeeded"
        return (
            saved_means(inner(setup, "payment_method"), inner(setup, "mandate")) if done else None
        )
    payment = inner(session, "payment_intent")
    if text(payment, "setup_future_usage") != "off_session":
        return None
    if not isinstance(outcome_of(payment), Succeeded | Pending):
        return None
    return saved_means(inner(payment, "payment_method"))
