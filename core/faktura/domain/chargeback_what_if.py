"""What another policy would have made of past chargebacks and retries; nothing is changed (O13).

A contract that the policy would have stopped is taken to stay stopped: its later chargebacks would
not have come. What an attempt that was never made would have brought nobody knows; it is counted apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from faktura.domain.attempts import Attempt
from faktura.domain.payment_policies import PaymentPolicies
from faktura.domain.retries import Failure, RetryRules
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, FailureClass, FollowUp
from faktura.kernel.terms import PaymentMethod


@dataclass(frozen=True, slots=True)
class PastChargeback:
    """A chargeback that happened, with the contracts that it concerned, by number."""

    at: datetime
    method: PaymentMethod
    customer_number: str
    contracts: tuple[str, ...]
    amount: Money
    fee: Money
    followed: FollowUp


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt of a document with what it failed of; `failed` None where it did not."""

    attempt: Attempt
    failed: Failure | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What happened by one method in one currency, and what another policy would have made of it.

    `followed` are chargebacks that something followed, `stopped` the contracts or customers that the
    policy would have stopped, `prevented` the chargebacks of those after that. `retries` were made;
    `saved` of them would not have been, `extra` others would. `missed` is what saved ones brought.
    """

    method: PaymentMethod
    currency: str
    follow_up: FollowUp
    chargebacks: int = 0
    amount: int = 0
    fees: int = 0
    followed: int = 0
    stopped: tuple[str, ...] = ()
    prevented: int = 0
    prevented_amount: int = 0
    prevented_fees: int = 0
    retries: int = 0
    saved: int = 0
    missed: int = 0
    missed_amount: int = 0
    extra: int = 0

    @property
    def repeated(self) -> int:
        """Retries that would still be made, as far as we know how they ended."""
        return self.retries - self.saved


@dataclass(slots=True)
class Replay:
    """Past facts under other policies, method by method."""

    policies: PaymentPolicies
    _found: dict[tuple[PaymentMethod, str], Outlook] = field(default_factory=dict)

    def chargebacks(self, past: Sequence[PastChargeback]) -> None:
        """Replay chargebacks, oldest first."""
        stopped: set[str] = set()
        for one in past:
            outlook = self._of(one.method, one.amount.currency)
            outlook = replace(
                outlook,
                chargebacks=outlook.chargebacks + 1,
                amount=outlook.amount + one.amount.minor,
                fees=outlook.fees + one.fee.minor,
                followed=outlook.followed + (one.followed is not FollowUp.NONE),
            )
            concerned = _concerned(outlook.follow_up, one)
            if concerned and stopped.issuperset(concerned):
                outlook = replace(
                    outlook,
                    prevented=outlook.prevented + 1,
                    prevented_amount=outlook.prevented_amount + one.amount.minor,
                    prevented_fees=outlook.prevented_fees + one.fee.minor,
                )
            else:
                new = tuple(name for name in concerned if name not in stopped)
                stopped.update(new)
                outlook = replace(outlook, stopped=outlook.stopped + new)
            self._keep(outlook)

    def retries(self, tries: Sequence[Tried], rules: RetryRules) -> None:
        """Replay the attempts of one document, oldest first, by the rules of the policies.

        A schedule is for one means of payment: by another one it is tried whatever was before.
        """
        earlier: list[Failure] = []
        goes_on, means = True, tries[0].attempt.fingerprint if tries else None
        for no, tried in enumerate(tries):
            if tried.attempt.fingerprint != means:
                means, earlier, goes_on = (
                    tried.attempt.fingerprint,
                    [],
                    no < self.policies.most_tries,
                )
            if no:
                self._retried(tried.attempt, made=goes_on)
            if tried.failed is None:
                return
            goes_on = (
                goes_on
                and no + 1 < self.policies.most_tries
                and rules.next_try(tried.failed, earlier) is not None
            )
            if tried.failed.failure is FailureClass.SOFT:
                earlier.append(tried.failed)
        if tries and goes_on:
            last = tries[-1].attempt
            outlook = self._of(last.method, last.amount.currency)
            self._keep(replace(outlook, extra=outlook.extra + 1))

    def outlooks(self) -> list[Outlook]:
        """What was found, by method and currency."""
        return [self._found[key] for key in sorted(self._found)]

    def _retried(self, attempt: Attempt, *, made: bool) -> None:
        outlook = self._of(attempt.method, attempt.amount.currency)
        outlook = replace(outlook, retries=outlook.retries + 1)
        if not made:
            paid = attempt.state is AttemptState.SUCCEEDED
            outlook = replace(
                outlook,
                saved=outlook.saved + 1,
                missed=outlook.missed + paid,
                missed_amount=outlook.missed_amount + (attempt.amount.minor if paid else 0),
            )
        self._keep(outlook)

    def _of(self, method: PaymentMethod, currency: str) -> Outlook:
        known: Mapping[tuple[PaymentMethod, str], Outlook] = self._found
        new = Outlook(method, currency, self.policies.of(method).follow_up)
        return known.get((method, currency), new)

    def _keep(self, outlook: Outlook) -> None:
        self._found[outlook.method, outlook.currency] = outlook


def _concerned(follow_up: FollowUp, one: PastChargeback) -> tuple[str, ...]:
    """What the policy stops: the document's contracts, or the customer."""
    match follow_up:
        case FollowUp.NONE:
            return ()
        case FollowUp.PAUSE_SUBSCRIPTION | FollowUp.CONTRACT_TO_TRANSFER:
            return one.contracts
        case FollowUp.CUSTOMER_TO_TRANSFER:
            return (one.customer_number,)
        case _ as never:
            assert_never(never)
