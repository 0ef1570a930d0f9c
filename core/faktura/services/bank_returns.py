"""Debits that our bank returned: one chargeback a movement, and what follows it (F093-F095, O13)."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import Chargeback, Course
from faktura.domain.return_reasons import MandateEffect, RetryRule, reason_of
from faktura.domain.tenants import Tenant
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.money import Money, total
from faktura.kernel.payment_terms import AttemptState, ChargebackState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Declined
from faktura.services.chargeback_course import Happened, run_course
from faktura.services.outcomes import Report, apply_reports
from faktura.services.return_retries import retry_of_return
from faktura.store.attempts import lock_attempts, rewrite_attempts
from faktura.store.chargebacks import (
    chargebacks_of_attempt,
    find_chargeback,
    lock_chargeback,
    rewrite_chargeback,
)
from faktura.store.payment_means import find_mandate
from faktura.store.tasks import finish_open
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ReturnedDebit:
    """A return that is booked: what it took back of each document, the bank's fee, and why.

    `attempt_id` is the debit of ours that it names, `mandate_id` the mandate that the bank names.
    `times_undone` says how often it was booked before and taken back.
    """

    movement_id: UUID
    customer_id: UUID
    parts: tuple[tuple[str, Money], ...]
    fee: Money
    on: date
    reason: str | None = None
    mandate_id: str | None = None
    attempt_id: UUID | None = None
    times_undone: int = 0

    @property
    def subject(self) -> str:
        """What tells it from all other chargebacks."""
        return f"{asked_as(self.movement_id)}{self._again}"

    @property
    def fee_booked_as(self) -> str:
        """What its fee's entry is called where that is not the movement's own name."""
        return f"{self.movement_id}{self._again}" if self.times_undone else ""

    @property
    def _again(self) -> str:
        return f":again{self.times_undone}" if self.times_undone else ""


def asked_as(movement_id: UUID) -> str:
    """What the tasks and the chargeback of a movement are about."""
    return f"movement:{movement_id}"


def returned_by_bank(tx: Tx, tenant: Tenant, debit: ReturnedDebit) -> UUID | None:
    """Keep the chargeback of a return that was booked, and do what follows; None where it is known.

    A debit that was known to have failed before has its row, and what follows was done: the row only
    learns of the movement. The caller holds the customer's lock and has written its ledger.
    """
    finish_open(tx, TaskKind.RETURN_DIFFERS, asked_as(debit.movement_id))
    if find_chargeback(tx, debit.subject) is not None:
        return None
    attempt = None
    if debit.attempt_id is not None:
        attempt = _charged_back(tx, tenant, debit.attempt_id, debit.reason)
    amount = total([part for _, part in debit.parts], debit.fee.currency)
    numbers = tuple(dict.fromkeys(number for number, _ in debit.parts))
    course = Course(
        str(debit.movement_id),
        tuple((number, part.minor) for number, part in debit.parts),
        fee_booked_as=debit.fee_booked_as,
    )
    failed = None if attempt is None else _failed_before(tx, attempt)
    if failed is not None:
        rewrite_chargeback(
            tx,
            replace(
                failed,
                movement_id=debit.movement_id,
                fee=debit.fee,
                course=replace(
                    failed.course,
                    booked_as=course.booked_as,
                    documents=course.documents,
                    fee_booked_as=course.fee_booked_as,
                ),
            ),
        )
        return None
    happened = Happened(
        debit.subject,
        debit.customer_id,
        PaymentMethod.SEPA_DEBIT,
        amount,
        debit.fee,
        debit.reason or "",
        debit.on,
        numbers,
        state=ChargebackState.LOST,
        attempt_id=debit.attempt_id,
        movement_id=debit.movement_id,
        means_id=_means(tx, tenant, debit, attempt),
        course=course,
    )
    return run_course(tx, tenant, happened).id


def debit_failed(tx: Tx, tenant: Tenant, attempt_id: UUID, code: str | None) -> None:
    """A debit came back before its credit was known: the attempt failed, as a provider would say.

    The movement waits for the credit, as every return waits for its payment (P31).
    """
    reason = reason_of(code)
    said = Declined(
        hard=reason.retry is not RetryRule.RETRY,
        code=reason.code,
        message=reason.german,
        reason=reason.customer,
        means_gone=reason.mandate is MandateEffect.ENDS,
    )
    apply_reports(tx, tenant, [Report(attempt_id, said)])


def _charged_back(tx: Tx, tenant: Tenant, attempt_id: UUID, reason: str | None) -> Attempt:
    """The attempt behind a return, moved by it."""
    attempt = lock_attempts(tx, [attempt_id])[attempt_id]
    if attempt.state is AttemptState.SUCCEEDED:
        attempt = replace(
            attempt,
            state=AttemptState.CHARGED_BACK,
            retry_at=retry_of_return(tx, tenant, attempt, reason),
        )
        rewrite_attempts(tx, [attempt])
    elif attempt.is_live:
        debit_failed(tx, tenant, attempt_id, reason)
    return attempt


def _failed_before(tx: Tx, attempt: Attempt) -> Chargeback | None:
    """The chargeback of a late failure that no booking was made for yet."""
    found = chargebacks_of_attempt(tx, attempt.id)
    late = next((one.id for one in found if not one.course.booked_as), None)
    return None if late is None else lock_chargeback(tx, late)


def _means(tx: Tx, tenant: Tenant, debit: ReturnedDebit, attempt: Attempt | None) -> UUID | None:
    if attempt is not None and attempt.means_id is not None:
        return attempt.means_id
    creditor = tenant.seller.creditor_id
    if not creditor or not debit.mandate_id:
        return None
    mandate = find_mandate(tx, creditor, debit.mandate_id)
    return None if mandate is None or mandate.customer_id != debit.customer_id else mandate.id
