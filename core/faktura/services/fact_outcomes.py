"""A provider's fact in the words of what applies it; what it must say and does not is an error."""

from decimal import Decimal

from faktura.kernel.errors import FieldMissing
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    Declined,
    Outcome,
    PaymentFact,
    Pending,
    SavedMeans,
    Succeeded,
)

K = PaymentFactKind


def outcome_of(fact: PaymentFact) -> Outcome:
    """The outcome that a fact about a payment reports; raises FieldMissing."""
    match fact.kind:
        case K.PAYMENT_SUCCEEDED:
            return Succeeded(
                reference=fact.reference,
                amount=amount_of(fact),
                currency=fact.currency,
                at=fact.occurred_at,
                fee=fact.fee,
            )
        case K.PAYMENT_PENDING:
            return Pending(reference=fact.reference, amount=amount_of(fact), currency=fact.currency)
        case K.PAYMENT_CANCELLED:
            return Cancelled(reference=fact.reference)
        case K.ACTION_NEEDED:
            return ActionNeeded(reference=fact.reference, reason=fact.message or fact.code)
        case _:
            return Declined(
                reference=fact.reference,
                hard=fact.hard,
                code=fact.code,
                message=fact.message,
                reason=fact.reason,
                means_gone=fact.means_gone,
            )


def saved_in(fact: PaymentFact) -> SavedMeans:
    """The means that a fact brings; raises FieldMissing."""
    if fact.means is None:
        raise FieldMissing(f"a fact {fact.kind} says of no means", place="means")
    return fact.means


def amount_of(fact: PaymentFact) -> Decimal:
    """The money that moved; raises FieldMissing."""
    if fact.amount is None or not fact.currency:
        raise FieldMissing(f"a fact {fact.kind} has no amount or no currency", place="amount")
    return fact.amount


def money_in(amount: Decimal | None, currency: str, name: str) -> Money | None:
    """A decimal as money, None where it is not said; raises TooPrecise."""
    return None if amount is None else Money.from_decimal(amount, currency, field=name)


def given(text: str, name: str) -> str:
    """A text that must be there; raises FieldMissing."""
    if not text:
        raise FieldMissing("a fact names nothing that it is about", place=name)
    return text
