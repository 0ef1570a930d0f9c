"""What every chargeback sets going once its money is booked: mandate, follow-up, row, mail, actions.

One order for disputes, late failures and returned debits, all in the transaction that books them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from faktura.domain.chargebacks import Chargeback, Course, short_reason
from faktura.domain.events import Event, EventType
from faktura.domain.jobs import JobName
from faktura.domain.return_reasons import MandateEffect, reason_of
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import ChargebackState, FollowUp
from faktura.kernel.terms import PaymentMethod
from faktura.services.follow_ups import Case, contracts_billed_by, follow_up
from faktura.services.pay_links import link_for, pay_path
from faktura.services.payment_events import write_events
from faktura.services.payment_means import means_gone, suspend_means
from faktura.store.chargebacks import rewrite_chargeback, write_chargeback
from faktura.store.customers import read_customers_by_id
from faktura.store.documents import document_id
from faktura.store.events import next_sequences
from faktura.store.jobs import enqueue
from faktura.store.transaction import Tx

_NOTICE = "CHARGEBACK"


@dataclass(frozen=True, slots=True)
class Happened:
    """A chargeback whose money is booked: what is known of it before anything follows.

    `numbers` are the documents whose contracts it concerns. `state` is LOST where nobody can win it
    back. `means_id` is what was collected by, None where we do not know.
    """

    subject: str
    customer_id: UUID
    method: PaymentMethod
    amount: Money
    fee: Money
    reason: str
    on: date
    numbers: tuple[str, ...]
    state: ChargebackState = ChargebackState.OPEN
    attempt_id: UUID | None = None
    movement_id: UUID | None = None
    means_id: UUID | None = None
    course: Course = field(default_factory=Course)


def run_course(tx: Tx, tenant: Tenant, happened: Happened, *, follow: bool = True) -> Chargeback:
    """Suspend the mandate, do the method's follow-up, keep the row, write the mail, ask for actions.

    Without `follow` only the row is kept: the money is back already. The policy is that of the
    method that was used, whatever the customer pays by now (F094).
    """
    documents = {number: document_id(tx, number) for number in happened.numbers}
    policy = tenant.payments.of(happened.method)
    now = tx.now()
    row = Chargeback(
        tx.new_id(),
        happened.subject,
        happened.customer_id,
        happened.method,
        happened.amount,
        happened.fee,
        short_reason(happened.reason),
        happened.state,
        policy.follow_up if follow else FollowUp.NONE,
        happened.on,
        now,
        now,
        attempt_id=happened.attempt_id,
        movement_id=happened.movement_id,
        document_id=next(iter(documents.values())) if len(documents) == 1 else None,
        course=replace(
            happened.course, contracts=contracts_billed_by(tx, list(documents.values()))
        ),
    )
    write_chargeback(tx, row)
    if not follow:
        return row
    _suspend(tx, row, happened.means_id)
    cause = f"Rückbelastung {', '.join(happened.numbers)} ({row.subject})"
    case = Case(row.customer_id, row.method, row.course.contracts, cause)
    steps = follow_up(tx, tenant, row.follow_up, case)
    actions = dict.fromkeys(policy.actions, "")
    row = replace(row, course=replace(row.course, steps=steps, actions=actions))
    rewrite_chargeback(tx, row)
    _tell_customer(tx, row, documents)
    for action in actions:
        enqueue(
            tx,
            JobName.ACT_ON_CHARGEBACK,
            {"chargeback": str(row.id), "action": action},
            key=f"chargeback:{row.id}:{action}",
        )
    return row


def _suspend(tx: Tx, row: Chargeback, means_id: UUID | None) -> None:
    """A returned debit may say that its mandate cannot be used any more (O13); a dispute does not."""
    if means_id is None or row.method is not PaymentMethod.SEPA_DEBIT:
        return
    reason = reason_of(row.reason)
    said = f"{reason.code} {reason.german}"
    if reason.mandate is MandateEffect.SUSPENDED:
        suspend_means(tx, means_id, said)
    elif reason.mandate is MandateEffect.ENDS:
        means_gone(tx, means_id, said)


def _tell_customer(tx: Tx, row: Chargeback, documents: Mapping[str, UUID]) -> None:
    """The mail's outbox row: it says what changed for the customer, as no other mail does (F093, F094)."""
    customer = read_customers_by_id(tx, [row.customer_id])[row.customer_id]
    about, object_type = (
        (row.id, "chargeback") if row.attempt_id is None else (row.attempt_id, "payment_attempt")
    )
    reason = reason_of(row.reason).customer
    links = [pay_path(link_for(tx, document)) for document in documents.values()]
    # Whom it is mailed to is read when it is written: addresses are not kept for ever.
    data: dict[str, object] = {
        "notice": _NOTICE,
        "chargeback": str(row.id),
        "customerNumber": customer.number,
        "invoices": list(documents),
        "contracts": list(row.course.contracts),
        "method": row.method.value,
        "amount": str(row.amount.decimal),
        "currency": row.amount.currency,
        "reason": reason.value,
        "language": customer.language,
        "followUp": row.follow_up.value,
        "changed": {step.number: step.done.value for step in row.course.steps},
        "payUrl": links[0] if len(links) == 1 else None,
    }
    sequence = next_sequences(tx, [about])[about]
    write_events(tx, [Event(EventType.CUSTOMER_NOTICE, object_type, about, sequence, data)])
