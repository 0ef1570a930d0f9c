"""What providers say becomes a fact here: the one place that moves an attempt (payments 6.5).

Reports come in any order and more than once; applying them again changes nothing. Only an explicit
yes moves money, only an explicit no ends an attempt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from faktura.domain.attempt_checks import is_unclear_for_long, next_check, was_not_received
from faktura.domain.attempts import Attempt, moves
from faktura.domain.target_calendar import plus_bank_days
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound
from faktura.kernel.payment_terms import AttemptState, FailureClass, LookUp
from faktura.plugin import (
    Absent,
    ActionNeeded,
    Cancelled,
    Declined,
    Outcome,
    Pending,
    Rejected,
    Succeeded,
    Unclear,
)
from faktura.services import attempt_questions as questions
from faktura.services.attempt_failures import Failed, Failing
from faktura.services.attempt_money import MoneyDesk, agrees, waits_for_fee
from faktura.services.chargebacks import late_failure
from faktura.services.failure_events import ask_about_rejections, failure_events
from faktura.services.ledger import open_ledger
from faktura.services.payment_means import means_gone
from faktura.store.attempts import lock_attempts, rewrite_attempts
from faktura.store.chargebacks import documents_of_attempts
from faktura.store.collectable import own_attempts
from faktura.store.payment_accounts import list_accounts
from faktura.store.payment_means import mark_used
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

S = AttemptState
_DAY = timedelta(days=1)
# Bank days after the one by which a debit was to be decided.
_GRACE = 2
_USUAL = 7
_COLLECTED = frozenset({S.SUCCEEDED, S.PENDING})
_PAID = frozenset({S.SUCCEEDED, S.CHARGED_BACK})
_THERE_ONCE = frozenset({S.PENDING, S.ACTION_NEEDED})


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says of an attempt.

    `look_up` is what its "not found" proves, None where that is not known. `lapsed` says that the
    customer's time to confirm was over when it was called off.
    """

    attempt_id: UUID
    outcome: Outcome
    look_up: LookUp | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """The attempt as it is now, and whether the report moved it."""

    attempt: Attempt
    moved: bool


def apply_reports(tx: Tx, tenant: Tenant, reports: Sequence[Report]) -> list[Applied]:
    """Apply these reports in their order, under one seal; gives one answer for each.

    Locks the attempts' customers, then the attempts. Raises NotFound for an attempt that is none of
    the tenant's.
    """
    tenant = holding_accounts(tx, tenant)
    ids = {one.attempt_id for one in reports}
    numbers = documents_of_attempts(tx, ids)
    for missing in sorted(ids - numbers.keys()):
        raise NotFound(f"there is no payment attempt {missing}", place="attempt")
    ledger = open_ledger(tx, tenant, set(numbers.values()))
    attempts = lock_attempts(tx, ids)
    accounts = {one.instance: one.ledger_account for one in list_accounts(tx)}
    money = MoneyDesk(tx, ledger, accounts)
    refused = {one.attempt_id for one in reports if not isinstance(one.outcome, Succeeded)}
    history = own_attempts(tx, {attempts[one].document_id for one in refused})
    desk = _Desk(tx, numbers, money, Failing(tenant, tx.now(), history), dict(attempts))
    applied = [desk.apply(report) for report in reports]
    desk.write(attempts)
    return applied


@dataclass(slots=True)
class _Desk:
    """The attempts of one transaction as they become by its reports."""

    tx: Tx
    numbers: Mapping[UUID, str]
    money: MoneyDesk
    failing: Failing
    attempts: dict[UUID, Attempt]
    failed: list[tuple[Failed, str]] = field(default_factory=list)

    def apply(self, report: Report) -> Applied:
        """Let one report move its attempt, if it is later than what is known."""
        before = self.attempts[report.attempt_id]
        after = self._after(before, report)
        if after.reference is None:
            after = replace(after, reference=_reference(report.outcome))
        self.attempts[before.id] = after
        changed = replace(after, changes=after.changes + 1) if after != before else after
        return Applied(changed, after.state is not before.state)

    def _after(self, one: Attempt, report: Report) -> Attempt:
        said = report.outcome
        match said:
            case Succeeded():
                after = self._succeeded(one, said)
            case Pending():
                after = self._pending(one, said)
            case ActionNeeded():
                after = self._action_needed(one, said, lapsed=report.lapsed)
            case Declined() | Rejected():
                after = self._end(one, _class_of(said), said)
            case Cancelled():
                after = self._cancelled(one, said, lapsed=report.lapsed)
            case Absent() | Unclear():
                after = self._not_known(one, said, report)
            case _:
                assert_never(said)
        return after

    def _succeeded(self, one: Attempt, said: Succeeded) -> Attempt:
        if one.state in _PAID:
            return self._fee_told(one, said)
        if not moves(one.state, S.SUCCEEDED):
            return one
        if not agrees(one, said):
            return self._doubted(one, said)
        self.money.settle(one, self.numbers[one.id], said)
        return replace(
            one,
            state=S.SUCCEEDED,
            failure=None,
            retry_at=None,
            next_check_at=None,
            outcome=said.model_dump_json(),
            ended_at=self.now,
        )

    def _fee_told(self, one: Attempt, said: Succeeded) -> Attempt:
        """A fee is often told later than the payment (payments 1.2): it is booked then, once."""
        if not said.fee or not waits_for_fee(one) or not agrees(one, said):
            return one
        self.money.keep_fee(one, self.numbers[one.id], said)
        return replace(one, outcome=said.model_dump_json())

    def _pending(self, one: Attempt, said: Pending) -> Attempt:
        if one.state is S.PENDING:
            self._ask_if_overdue(one, said)
            return replace(one, next_check_at=self.now + _DAY)
        if not moves(one.state, S.PENDING):
            return one
        if not agrees(one, said):
            return self._doubted(one, said)
        return replace(
            one,
            state=S.PENDING,
            outcome=said.model_dump_json(),
            next_check_at=self.now + _DAY,
        )

    def _doubted(self, one: Attempt, said: Succeeded | Pending) -> Attempt:
        self.money.doubt(one, self.numbers[one.id], said)
        if not one.is_live:
            # It stays what it was: another one may be under way by now.
            return one
        return replace(
            one, state=S.UNKNOWN, outcome=said.model_dump_json(), next_check_at=self.now + _DAY
        )

    def _action_needed(self, one: Attempt, said: ActionNeeded, *, lapsed: bool) -> Attempt:
        if one.state is S.ACTION_NEEDED and lapsed:
            return self._end(one, FailureClass.LAPSED, said)
        if not moves(one.state, S.ACTION_NEEDED):
            return one
        policy = self.money.tenant.payments.of(one.method)
        lapses = self.now + timedelta(days=policy.lapse_days)
        failed = self.failing.wait_for_customer(one, said, lapses)
        self.failed.append((failed, self.numbers[one.id]))
        return failed.after

    def _cancelled(self, one: Attempt, said: Cancelled, *, lapsed: bool) -> Attempt:
        if lapsed:
            return self._end(one, FailureClass.LAPSED, said)
        if not moves(one.state, S.CANCELLED):
            return one
        return replace(
            one,
            state=S.CANCELLED,
            outcome=said.model_dump_json(),
            next_check_at=None,
            ended_at=self.now,
        )

    def _not_known(self, one: Attempt, said: Absent | Unclear, report: Report) -> Attempt:
        if not one.is_live:
            return one
        if one.state is S.ACTION_NEEDED and report.lapsed and isinstance(said, Absent):
            return self._end(one, FailureClass.LAPSED, said)
        if one.state in _THERE_ONCE:
            # What is not found now is asked for again.
            return replace(one, next_check_at=self.now + _DAY / 24)
        if isinstance(said, Absent):
            return self._absent(replace(one, looks=one.looks + 1), said, report.look_up)
        if moves(one.state, S.UNKNOWN):
            # Asked for at once: the answer may only have been lost on its way.
            return replace(
                one, state=S.UNKNOWN, outcome=said.model_dump_json(), next_check_at=self.now
            )
        return self._asked_again(one)

    def _absent(self, one: Attempt, said: Absent, look_up: LookUp | None) -> Attempt:
        if look_up is not None and was_not_received(one, look_up, self.now):
            return self._end(one, FailureClass.NOT_RECEIVED, said)
        return self._asked_again(one)

    def _asked_again(self, one: Attempt) -> Attempt:
        if is_unclear_for_long(one, self.now):
            questions.ask_about_unclear(self.tx, one, self.numbers[one.id])
        return replace(one, next_check_at=next_check(one, self.now))

    def _end(self, one: Attempt, failure: FailureClass, said: Outcome) -> Attempt:
        if not moves(one.state, S.FAILED):
            return one
        failed = self.failing.fail(one, failure, said, self.now)
        self.failed.append((failed, self.numbers[one.id]))
        return failed.after

    def _ask_if_overdue(self, one: Attempt, said: Pending) -> None:
        # What it promised at first counts: an adapter may reckon anew each time.
        expected = (
            questions.promised_by(one) or said.expected_by or plus_bank_days(one.due_on, _USUAL)
        )
        if self.money.local_day(self.now) > plus_bank_days(expected, _GRACE):
            questions.ask_about_overdue(self.tx, one, self.numbers[one.id], expected)

    @property
    def now(self) -> datetime:
        """The moment of this transaction."""
        return self.failing.now

    def write(self, before: Mapping[UUID, Attempt]) -> None:
        """Write what changed, then what follows from it."""
        ledger = self.money.ledger
        changed = [one for one in self.attempts.values() if one != before[one.id]]
        rewrite_attempts(self.tx, changed)
        questions.settle_unclear(self.tx, changed, self.now)
        # Who was told to have paid after all, in the same breath, failed nowhere.
        failed_at_last = [one for one in self.failed if self._is_unpaid(one[0])]
        ask_about_rejections(self.tx, failed_at_last)
        ledger.tell_of(failure_events(self.tx, ledger, failed_at_last))
        ledger.write(self.tx)
        used = [
            one.means_id
            for one in changed
            if one.means_id and one.state in _COLLECTED and before[one.id].state not in _COLLECTED
        ]
        mark_used(self.tx, used, self.money.local_day(self.now))
        for failed, _ in failed_at_last:
            self._follow(failed)

    def _is_unpaid(self, failed: Failed) -> bool:
        return self.attempts[failed.after.id].state is not S.SUCCEEDED

    def _follow(self, failed: Failed) -> None:
        if failed.was_on_its_way:
            late_failure(self.tx, self.money.tenant, failed.after, failed.code)
        if failed.means_gone and failed.after.means_id is not None:
            means_gone(self.tx, failed.after.means_id, failed.why)


def _class_of(said: Declined | Rejected) -> FailureClass:
    if isinstance(said, Rejected):
        return FailureClass.REJECTED
    return FailureClass.HARD if said.hard else FailureClass.SOFT


def _reference(said: Outcome) -> str | None:
    if isinstance(said, Rejected | Absent | Unclear):
        return None
    return said.reference or None
