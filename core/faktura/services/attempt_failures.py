"""What a failed attempt sets going: the next try, the event, the mail, the task (payments 6.3, 6.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from faktura.domain.attempts import Attempt
from faktura.domain.retries import Failure, RetryRules
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.payment_terms import (
    AttemptChannel,
    AttemptState,
    CustomerReason,
    FailureClass,
)
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import ActionNeeded, Cancelled, Declined, Outcome, Rejected

_outcome: TypeAdapter[Outcome] = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that failed or waits for the customer, before and after, with what was said.

    `first` says that it is the document's first failure by this means.
    """

    before: Attempt
    after: Attempt
    code: str
    reason: CustomerReason
    message: str
    means_gone: bool
    first: bool

    @property
    def why(self) -> str:
        """The provider's code and words."""
        return ": ".join(part for part in (self.code, self.message) if part)

    @property
    def is_told(self) -> bool:
        """Whether it was told of before: each attempt is told of once."""
        return self.before.failure is not None

    @property
    def was_on_its_way(self) -> bool:
        """Whether it is a debit that failed late, as a chargeback does."""
        return (
            self.before.state is AttemptState.PENDING
            and self.before.method is PaymentMethod.SEPA_DEBIT
            and self.after.state is AttemptState.FAILED
        )


@dataclass(frozen=True, slots=True)
class Failing:
    """Ends attempts as failed; `history` are all attempts that we made for their documents."""

    tenant: Tenant
    now: datetime
    history: Mapping[UUID, Sequence[Attempt]]

    def fail(self, attempt: Attempt, failure: FailureClass, said: Outcome, at: datetime) -> Failed:
        """The attempt as failed, with the moment of the next one, if one follows by itself."""
        told = _told(said)
        earlier = self._earlier(attempt)
        failed = Failure(at, failure, attempt.method, told.code, told.reason, told.retry_after)
        rules = RetryRules(
            self.tenant.payments, zone(self.tenant.time_zone), attempt.document_id.int
        )
        on_page = attempt.channel is AttemptChannel.PAGE
        after = replace(
            attempt,
            state=AttemptState.FAILED,
            failure=failure,
            retry_at=None if on_page else rules.next_try(failed, earlier),
            outcome=said.model_dump_json(),
            next_check_at=None,
            ended_at=self.now,
        )
        return Failed(
            attempt,
            after,
            told.code,
            told.reason,
            told.message,
            means_gone=told.means_gone,
            first=not earlier,
        )

    def wait_for_customer(self, attempt: Attempt, said: ActionNeeded, lapses: datetime) -> Failed:
        """The attempt while the customer has to confirm it, until it lapses."""
        after = replace(
            attempt,
            state=AttemptState.ACTION_NEEDED,
            failure=FailureClass.ACTION_NEEDED,
            outcome=said.model_dump_json(),
            next_check_at=lapses,
        )
        code = said.reason or "authentication_required"
        return Failed(
            attempt, after, code, CustomerReason.CONFIRM, "", means_gone=False, first=True
        )

    def _earlier(self, attempt: Attempt) -> list[Failure]:
        return [
            failure_of(one)
            for one in self.history.get(attempt.document_id, ())
            if one.id < attempt.id
            and one.failure is FailureClass.SOFT
            and one.fingerprint == attempt.fingerprint
        ]


@dataclass(frozen=True, slots=True)
class _Told:
    code: str
    message: str = ""
    reason: CustomerReason = CustomerReason.GENERAL
    means_gone: bool = False
    retry_after: datetime | None = None


def _told(said: Outcome) -> _Told:
    if isinstance(said, Declined):
        return _Told(said.code, said.message, said.reason, said.means_gone, said.retry_after)
    if isinstance(said, Rejected):
        return _Told(said.code, said.message)
    if isinstance(said, Cancelled | ActionNeeded):
        return _Told("lapsed", reason=CustomerReason.CONFIRM)
    return _Told("not_received")


def failure_of(one: Attempt) -> Failure:
    """What an earlier attempt failed of, as far as the next one is concerned."""
    try:
        told = _told(_outcome.validate_json(one.outcome or ""))
    except ValidationError:
        # Written by another release: the failure counts, its code is not known.
        told = _Told("")
    at = one.ended_at or one.created_at
    return Failure(at, FailureClass.SOFT, one.method, told.code, told.reason)
