"""Disputes: what counts is the money that moved, not the word for it (payments 1.10); pure."""

from decimal import Decimal

from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import PaymentFact
from faktura_stripe.amounts import decimal_of
from faktura_stripe.facts import Found, ignored
from faktura_stripe.mapping import fee_of
from faktura_stripe.reading import Json, id_of, inner, inners, text, whole

_INQUIRIES = frozenset({"warning_needs_response", "warning_under_review"})


def dispute_facts(found: Found) -> tuple[PaymentFact, ...]:
    """All that a dispute has come to: an inquiry, or opened and then won or lost.

    A withdrawal opens it, whatever its status; it is won once the money came back, as long as it
    is not taken again.
    """
    dispute = found.said
    moved = [(whole(one, "amount") or 0, one) for one in inners(dispute, "balance_transactions")]
    withdrawn = [one for amount, one in moved if amount < 0]
    if not withdrawn:
        if text(dispute, "status") in _INQUIRIES:
            return (_fact(found, PaymentFactKind.INQUIRY_OPENED),)
        return ignored(found.at, f"no money moved ({text(dispute, 'status')[:40]})")
    opened = _fact(found, PaymentFactKind.CHARGEBACK_OPENED, fee=_fee(withdrawn, dispute))
    returned = [one for amount, one in moved if amount > 0]
    # In another currency it may come back at another rate.
    is_back = sum(amount for amount, _ in moved) >= 0 or len(returned) >= len(withdrawn)
    if is_back if returned else text(dispute, "status") == "won":
        return (opened, _fact(found, PaymentFactKind.CHARGEBACK_WON, fee=_fee(returned, dispute)))
    if text(dispute, "status") == "lost":
        return (opened, _fact(found, PaymentFactKind.CHARGEBACK_LOST))
    return (opened,)


def _fact(found: Found, kind: PaymentFactKind, **more: object) -> PaymentFact:
    # A dispute carries no marks of ours: those of its payment say whose it is.
    dispute, currency = found.said, text(found.said, "currency").upper()
    amount = whole(dispute, "amount")
    return found.fact(
        kind,
        inner(dispute, "payment_intent"),
        reference=id_of(dispute, "payment_intent"),
        subject=text(dispute, "id"),
        amount=None if amount is None else decimal_of(amount, currency),
        currency=currency,
        code=text(dispute, "reason"),
        **more,
    )


def _fee(movements: list[Json], dispute: Json) -> Decimal | None:
    """The fees of movements, negative where one was given back; None where none is told."""
    currency = text(dispute, "currency").upper()
    fees = [fee for one in movements if (fee := fee_of(one, currency)) is not None]
    return sum(fees, Decimal(0)) if any(fees) else None
