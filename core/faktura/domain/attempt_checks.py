"""When somebody asks again what became of an attempt, and what the answers prove (payments 6.5)."""

from datetime import datetime, timedelta

from faktura.domain.attempts import Attempt
from faktura.kernel.payment_terms import LookUp

_MOMENTS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# A key is not relied on to its last moment: the request takes its time, and clocks differ.
_KEY_MARGIN = timedelta(hours=4)
# How long a request may be on its way before its absence means anything.
_ON_ITS_WAY = timedelta(minutes=15)
_LISTED_BY = timedelta(minutes=60)
_LOOKS = 3
_LONGEST_PAUSE = timedelta(minutes=15)


def next_check(attempt: Attempt, now: datetime) -> datetime:
    """When an attempt without an answer is asked about again, counted from its first sending.

    After 1, 5, 15 and 60 minutes, then hourly, after a day daily.
    """
    since = attempt.first_sent_at or attempt.created_at
    age = now - since
    for moment in _MOMENTS:
        if age < moment:
            return since + moment
    step = _HOUR if age < _DAY else _DAY
    return since + (age // step + 1) * step


def next_send(attempt: Attempt, now: datetime, retry_after: timedelta) -> datetime:
    """When what was surely not sent is sent again: after 1 s, doubled each time up to 15 min.

    A provider that wants to be left alone for longer is left alone.
    """
    doubled = timedelta(seconds=1 << min(max(attempt.tries - 1, 0), 10))
    return now + max(min(doubled, _LONGEST_PAUSE), retry_after)


def may_repeat(attempt: Attempt, key_window: timedelta | None, now: datetime) -> bool:
    """Whether the same request is surely not done twice: its key is still known there.

    Sent in what is the future by now, by a clock that was wrong: nobody knows how long ago.
    """
    if key_window is None:
        return False
    if attempt.first_sent_at is None:
        return True
    age = now - attempt.first_sent_at
    return -_KEY_MARGIN <= age < key_window - _KEY_MARGIN


def was_not_received(attempt: Attempt, look_up: LookUp, now: datetime) -> bool:
    """Whether it is proven that a request never arrived, now that a look-up found nothing.

    `attempt.looks` counts the look-ups that found nothing, this one too.
    """
    if attempt.last_sent_at is None:
        return True
    since = now - attempt.last_sent_at
    if look_up is LookUp.CONSISTENT:
        return since > _ON_ITS_WAY
    return attempt.looks >= _LOOKS and since >= _LISTED_BY


def is_unclear_for_long(attempt: Attempt, now: datetime) -> bool:
    """Whether a person has to find out: nobody knew for a day."""
    return attempt.first_sent_at is not None and now - attempt.first_sent_at >= _DAY
