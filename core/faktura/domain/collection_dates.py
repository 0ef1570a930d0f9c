"""When a debit must be at the bank so that its money comes on the due day (F102, P41)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from faktura.domain.target_calendar import (
    bank_day_from,
    bank_day_until,
    is_bank_day,
    plus_bank_days,
)
from faktura.kernel.errors import OutOfRange
from faktura.kernel.payment_terms import BankDayRoll

_MOST_ADVANCE: Final = 14  # calendar days: no bank takes a debit earlier (SDD rulebooks)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DebitRule:
    """What a bank asks of debits of one scheme.

    They are there `lead_days` TARGET days before they are collected, before `cut_off` (exclusive)
    in the bank's time zone, and at most `advance_days` calendar days ahead. `roll` is where a debit
    goes whose due day is none of TARGET's.
    """

    lead_days: int = 2
    cut_off: time = time(10)
    advance_days: int = _MOST_ADVANCE
    roll: BankDayRoll = BankDayRoll.NEXT

    def __post_init__(self) -> None:
        """Refuse what no bank offers."""
        if self.lead_days < 0:
            raise OutOfRange(f"a lead time is not negative: {self.lead_days}")
        if not 0 <= self.advance_days <= _MOST_ADVANCE:
            raise OutOfRange(
                f"debits cannot be handed in {self.advance_days} days ahead",
                mend=f"Banks take them 0 to {_MOST_ADVANCE} days before they are collected",
            )


@dataclass(frozen=True, slots=True)
class CollectionDates:
    """The days of a debit: it is handed in from `opens_on` to `submit_on`, both inclusive.

    `submit_on` ends at the rule's cut-off. `collect_on` is when the account is debited and the
    money comes; it is never earlier than `submit_on`.
    """

    opens_on: date
    submit_on: date
    collect_on: date


def collection_dates(due_on: date, rule: DebitRule) -> CollectionDates:
    """The days of a debit that is due on a day, whether or not they are still to come."""
    if rule.roll is BankDayRoll.NEXT:
        return _dates(bank_day_from(due_on), rule)
    return _dates(bank_day_until(due_on), rule)


def reachable_dates(
    due_on: date, rule: DebitRule, at: datetime, time_zone: ZoneInfo
) -> CollectionDates:
    """The days of a debit that is not handed in before the moment `at`.

    They are those of the due day, or, where its cut-off has passed, of the first day of TARGET that
    can still be reached: late, and never lost.
    """
    wanted = collection_dates(due_on, rule)
    submission = _next_submission(at.astimezone(time_zone), rule.cut_off)
    if submission <= wanted.submit_on:
        return wanted
    return _dates(plus_bank_days(submission, rule.lead_days), rule)


def _dates(collect_on: date, rule: DebitRule) -> CollectionDates:
    submit_on = plus_bank_days(collect_on, -rule.lead_days)
    # Where the lead time is longer than the bank's window, the last day is the only one.
    opens_on = min(collect_on - timedelta(days=rule.advance_days), submit_on)
    return CollectionDates(opens_on, submit_on, collect_on)


def _next_submission(local: datetime, cut_off: time) -> date:
    """The TARGET day for which the bank takes what is handed in now; others wait for the next one."""
    today = local.date()
    if is_bank_day(today) and local.time() < cut_off:
        return today
    return bank_day_from(today + _DAY)
