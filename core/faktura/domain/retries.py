"""When a payment that failed is tried again, and whether a document is (payments 6.6).

Days count from the first failure by the same means of payment, in the tenant's local time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from faktura.domain.attempts import Attempt
from faktura.domain.payment_policies import PaymentPolicies
from faktura.domain.return_reasons import RetryRule, retry_allowed
from faktura.domain.target_calendar import bank_day_until
from faktura.kernel.payment_terms import AttemptState, CustomerReason, FailureClass
from faktura.kernel.terms import PaymentMethod

# What is over within hours: the card's bank was not reached, or stumbled.
_SHORT = frozenset({"issuer_not_available", "processing_error"})
_SHORT_PAUSES = (timedelta(hours=1), timedelta(hours=6))
_MONEY_COMES = (1, 15)
# Whoever has another means of payment by now may be asked again after these.
_OF_THE_MEANS = frozenset(
    {FailureClass.HARD, FailureClass.SOFT, FailureClass.ACTION_NEEDED, FailureClass.LAPSED}
)
_TRIED_AGAIN = frozenset({FailureClass.SOFT, FailureClass.NOT_RECEIVED})
_WITHOUT_MONEY = frozenset({AttemptState.FAILED, AttemptState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed attempt, as far as the next one is concerned; `at` is in UTC.

    `retry_after` is the provider's own advice.
    """

    at: datetime
    failure: FailureClass
    method: PaymentMethod
    code: str = ""
    reason: CustomerReason = CustomerReason.GENERAL
    retry_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetryRules:
    """A tenant's policies and wall clock; `spread` puts each document at another time of the day."""

    policies: PaymentPolicies
    time_zone: ZoneInfo
    spread: int

    def next_try(self, failed: Failure, earlier: Sequence[Failure]) -> datetime | None:
        """When a new attempt follows; None for not by itself.

        `earlier` are the failures of the document by the same means before, oldest first.
        """
        if failed.failure is FailureClass.NOT_RECEIVED:
            # Nothing happened: nobody refused anything.
            return failed.at
        if failed.failure is not FailureClass.SOFT:
            return None
        if (
            failed.method is PaymentMethod.SEPA_DEBIT
            and retry_allowed(failed.code) is not RetryRule.RETRY
        ):
            return None
        found = self._soon(failed, earlier) or self._by_schedule(failed, earlier)
        if found is None or failed.retry_after is None:
            return found
        return max(found, failed.retry_after)

    def _soon(self, failed: Failure, earlier: Sequence[Failure]) -> datetime | None:
        if failed.code not in _SHORT:
            return None
        today = self._local_day(failed.at)
        tried = sum(1 for one in earlier if one.code in _SHORT and self._local_day(one.at) == today)
        if tried >= len(_SHORT_PAUSES):
            return None
        again = failed.at + _SHORT_PAUSES[tried]
        local = again.astimezone(self.time_zone)
        return (
            again
            if local.date() == today and is_open(self.policies, self.time_zone, again)
            else None
        )

    def _by_schedule(self, failed: Failure, earlier: Sequence[Failure]) -> datetime | None:
        days = self.policies.of(failed.method).retry_days
        # Those that were tried again within hours used up no day.
        used = len({self._local_day(one.at) for one in earlier} - {self._local_day(failed.at)})
        if used >= len(days):
            return None
        first = self._local_day(earlier[0].at if earlier else failed.at)
        planned = first + timedelta(days=days[used])
        planned = max(planned, self._local_day(failed.at) + timedelta(days=1))
        if failed.reason is CustomerReason.NO_FUNDS:
            planned = _pay_day(planned, until=first + timedelta(days=days[-1]))
        return self.moment_on(planned)

    def moment_on(self, day: date) -> datetime:
        """The document's own moment of that local day, within the hours of collection."""
        opens = datetime.combine(day, self.policies.not_before, self.time_zone)
        closes = datetime.combine(day, self.policies.not_after, self.time_zone)
        seconds = max(int((closes - opens).total_seconds()), 1)
        return (opens + timedelta(seconds=self.spread % seconds)).astimezone(UTC)

    def _local_day(self, at: datetime) -> date:
        return at.astimezone(self.time_zone).date()


def is_open(policies: PaymentPolicies, time_zone: ZoneInfo, at: datetime) -> bool:
    """Whether attempts are made at that moment; the end of the hours is exclusive."""
    return policies.not_before <= at.astimezone(time_zone).time() < policies.not_after


def next_opening(policies: PaymentPolicies, time_zone: ZoneInfo, now: datetime) -> datetime:
    """The next moment at which attempts are made: now, or when the hours of collection begin."""
    if is_open(policies, time_zone, now):
        return now
    local = now.astimezone(time_zone)
    past = local.time() >= policies.not_after
    day = local.date() + timedelta(days=1 if past else 0)
    return datetime.combine(day, policies.not_before, time_zone).astimezone(UTC)


def _pay_day(planned: date, *, until: date) -> date:
    """The first day from `planned` on which people have money, where one comes by `until`."""
    day = planned
    while day <= until:
        if day.day in _MONEY_COMES or day == bank_day_until(_last_of_month(day)):
            return day
        day += timedelta(days=1)
    return planned


def _last_of_month(day: date) -> date:
    first_of_next = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first_of_next - timedelta(days=1)


def last_word(attempts: Sequence[Attempt]) -> Attempt | None:
    """The last of a document's attempts, oldest first, that says something about the next one.

    One that was called off says nothing: what a provider said before still counts. A try that
    followed by itself, and was called off, is due again.
    """
    said = [one for one in attempts if not _says_nothing(one)]
    if not said:
        return None
    last = said[-1]
    was_followed = last is not attempts[-1] and last.failure in _TRIED_AGAIN
    return None if was_followed and last.state is AttemptState.FAILED else last


def _says_nothing(one: Attempt) -> bool:
    # Called off while its customer had to confirm it: that they must is known all the same.
    return one.state is AttemptState.CANCELLED and one.failure is None


def kept_back(last: Attempt | None, now: datetime, fingerprint: str) -> str | None:
    """Why a run does not try a document again now, by its last attempt; None where it does.

    `fingerprint` is that of the means that would be asked. What was collected once, or was our own
    mistake, is collected again by a person only.
    """
    if last is None or _says_nothing(last):
        return None
    if last.retry_at is not None and last.retry_at <= now:
        return None
    if last.state not in _WITHOUT_MONEY:
        return "it was collected before, and is collected again by hand only"
    if last.failure in _OF_THE_MEANS and fingerprint != last.fingerprint:
        return None
    if last.retry_at is not None:
        return f"it is tried again at {last.retry_at:%Y-%m-%d %H:%M} UTC"
    return f"the last attempt failed ({last.failure}), and this means is not tried again by itself"
