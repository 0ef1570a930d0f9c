"""When a feed is asked: looks at an errand, updates by themselves, pauses after a failure (F098)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from faktura.domain.bank_connections import BankConnection, Gap
from faktura.kernel.bank_terms import FeedResult

# Banks answer so many questions a day while nobody waits (PSD2); more are refused there.
MOST_UNATTENDED = 4
_A_DAY = timedelta(days=1)
_FIRST_LOOK = timedelta(seconds=2)
_LONGEST_LOOK = timedelta(seconds=30)
_FIRST_PAUSE = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(hours=24)
# A feed asks the bank for so many days back at most.
REACH = timedelta(days=89)
# What was imported late on the last day is read once more.
_OVERLAP = timedelta(days=2)
# Behind the earliest day any bank remembers.
BEGINNING = date(2000, 1, 1)


def pause_after_look(looks: int) -> timedelta:
    """How long to wait after that many looks at an errand: 2 seconds, doubled up to 30."""
    return min(_FIRST_LOOK * (1 << min(looks, 8)), _LONGEST_LOOK)


def pause_after_failure(failures: int) -> timedelta:
    """How long to wait after that many failures in a row: 15 minutes, doubled up to a day."""
    return min(_FIRST_PAUSE * (1 << min(max(failures, 1) - 1, 8)), _LONGEST_PAUSE)


def allowed_at(unattended: Sequence[datetime], wanted: datetime) -> datetime:
    """When an update without a person may be begun: `wanted`, or later after too many of them.

    `unattended` are the moments at which the earlier ones were begun.
    """
    latest = sorted((one for one in unattended if one > wanted - _A_DAY), reverse=True)
    if len(latest) < MOST_UNATTENDED:
        return wanted
    return latest[MOST_UNATTENDED - 1] + _A_DAY


def may_try_alone(connection: BankConnection) -> bool:
    """Whether anything may be tried without being asked: never again what the bank refused.

    A wrong PIN that is sent again locks the account.
    """
    return connection.ended_at is None and connection.facts.result is not FeedResult.REJECTED


def read_from(begun_on: date) -> date:
    """From which day's imports on the next update reads, after one that was begun on that day."""
    return begun_on - _OVERLAP


def gap_before(succeeded_on: date | None, begun_on: date, noted_at: datetime) -> Gap | None:
    """The days of which the feed cannot tell any more, as nobody asked for longer than it reaches."""
    if succeeded_on is None or begun_on - succeeded_on <= REACH:
        return None
    return Gap(succeeded_on, begun_on - REACH, noted_at)
