"""Facts behind a charge or a dispute: what is so now, the same however often it is told."""

import re
from uuid import UUID

from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    Declined,
    PaymentFact,
    Pending,
    Rejected,
    Succeeded,
    Unclear,
)
from faktura_braintree.charge import Charge, Dispute
from faktura_braintree.mapping import (
    is_late_failure,
    is_repetition,
    outcome_of,
    was_promised,
)
from faktura_braintree.settings import PaidWhen

_KEY = re.compile(r"[0-9a-f]{32}")
_OPEN = frozenset({"open", "disputed", "under_review"})
_LOST = frozenset({"lost", "accepted", "auto_accepted", "expired"})


def key_of(order: str) -> UUID | None:
    """The id that an order id of ours is; None for one of somebody else's."""
    return UUID(order) if _KEY.fullmatch(order) else None


def sale_facts(charge: Charge, paid_when: PaidWhen) -> tuple[PaymentFact, ...]:
    """What a sale is now; nothing of one that only repeats another, or of a state we do not know."""
    if is_repetition(charge):
        return ()
    fact = PaymentFact(
        kind=PaymentFactKind.IGNORED,
        occurred_at=charge.changed_at,
        tenant=charge.mark,
        attempt=key_of(charge.order),
        reference=charge.id,
        amount=charge.amount,
        currency=charge.currency,
    )
    if is_late_failure(charge) and was_promised(charge, paid_when):
        return _taken_back(fact, charge)
    told = _told(fact, charge, paid_when)
    if charge.status == "voided" and was_promised(charge, paid_when):
        # It may be booked as paid: a void by a person at Braintree gives all of it back. One of
        # ours is known by the same id.
        back = {"kind": PaymentFactKind.EXTERNAL_REFUND, "subject": charge.id}
        return (*told, fact.model_copy(update=back))
    return told


def _taken_back(fact: PaymentFact, charge: Charge) -> tuple[PaymentFact, ...]:
    """A sale that counted as paid and never settled, as what it is to the books: a chargeback.

    A mere failure would come too late to undo what was booked. The success is told first, since
    nobody may have heard of it; the transaction itself stands for the dispute.
    """
    paid = {"kind": PaymentFactKind.PAYMENT_SUCCEEDED, "occurred_at": charge.created_at}
    gone = {
        "subject": charge.id,
        "code": charge.settlement_code or charge.status,
        "message": charge.settlement_text,
    }
    opened = gone | {"kind": PaymentFactKind.CHARGEBACK_OPENED}
    lost = gone | {"kind": PaymentFactKind.CHARGEBACK_LOST}
    return tuple(fact.model_copy(update=change) for change in (paid, opened, lost))


def _told(fact: PaymentFact, charge: Charge, paid_when: PaidWhen) -> tuple[PaymentFact, ...]:
    change: dict[str, object]
    match outcome_of(charge, paid_when):
        case Succeeded():
            change = {"kind": PaymentFactKind.PAYMENT_SUCCEEDED}
        case Pending():
            change = {"kind": PaymentFactKind.PAYMENT_PENDING}
        case ActionNeeded() as needed:
            change = {"kind": PaymentFactKind.ACTION_NEEDED, "message": needed.reason}
        case Cancelled():
            change = {"kind": PaymentFactKind.PAYMENT_CANCELLED}
        case Declined() as declined:
            change = {
                "kind": PaymentFactKind.PAYMENT_FAILED,
                "code": declined.code,
                "message": declined.message,
                "hard": declined.hard,
                "reason": declined.reason,
                "means_gone": declined.means_gone,
            }
        case Rejected() as rejected:
            change = {
                "kind": PaymentFactKind.PAYMENT_FAILED,
                "code": rejected.code,
                "message": rejected.message,
            }
        case _:
            return ()
    return (fact.model_copy(update=change),)


def credit_facts(
    charge: Charge, original: Charge | None, paid_when: PaidWhen
) -> tuple[PaymentFact, ...]:
    """What a refund is now; one that we did not ask for was given by a person at Braintree.

    A refund without an order id of its own carries the one of its `original`.
    """
    ours = None if original is not None and charge.order == original.order else key_of(charge.order)
    outcome = outcome_of(charge, paid_when)
    match outcome:
        case Succeeded():
            kind = PaymentFactKind.EXTERNAL_REFUND
            if ours is not None:
                kind = PaymentFactKind.REFUND_SUCCEEDED
        case Pending():
            kind = PaymentFactKind.REFUND_PENDING
        case Unclear():
            return ()
        case _:
            kind = PaymentFactKind.REFUND_FAILED
    if ours is None and kind is not PaymentFactKind.EXTERNAL_REFUND:
        return ()
    return (
        PaymentFact(
            kind=kind,
            occurred_at=charge.changed_at,
            tenant=charge.mark or ("" if original is None else original.mark),
            attempt=None if original is None else key_of(original.order),
            reference=charge.refunded,
            subject=charge.id,
            refund=ours,
            amount=charge.amount,
            currency=charge.currency,
            code=charge.code,
            message=charge.text,
        ),
    )


def dispute_facts(dispute: Dispute) -> tuple[PaymentFact, ...]:
    """What a dispute is now; one that is decided was opened before, so both are told in order.

    A retrieval takes no money back, and its end changes nothing. Accepted, let pass and lost are the same: the money is gone.
    """
    kinds: tuple[PaymentFactKind, ...]
    if dispute.kind == "retrieval":
        kinds = (PaymentFactKind.INQUIRY_OPENED,) if dispute.status in _OPEN else ()
    elif dispute.status == "won":
        kinds = (PaymentFactKind.CHARGEBACK_OPENED, PaymentFactKind.CHARGEBACK_WON)
    elif dispute.status in _LOST:
        kinds = (PaymentFactKind.CHARGEBACK_OPENED, PaymentFactKind.CHARGEBACK_LOST)
    elif dispute.status in _OPEN:
        kinds = (PaymentFactKind.CHARGEBACK_OPENED,)
    else:
        kinds = ()
    return tuple(
        PaymentFact(
            kind=kind,
            occurred_at=dispute.changed_at,
            attempt=key_of(dispute.order),
            reference=dispute.charge,
            subject=dispute.id,
            amount=dispute.amount,
            currency=dispute.currency,
            code=dispute.reason_code,
            message=dispute.reason,
        )
        for kind in kinds
    )
