"""When a subscription's term ends, when it was renewed, and how soon notice ends it (F032, F033).

Ends are exclusive and always counted from the start of the term, never from one another (P2). Days
on which a subscription rests prolong its term if one of its articles says so (P10).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from faktura.domain.pauses import Pause, as_of, grown
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.kernel.periods import Interval, add_months, boundary, index_at
from faktura.kernel.terms import IntervalUnit, Renewal

_DAY = timedelta(days=1)
_MONTHS = {IntervalUnit.MONTH: 1, IntervalUnit.YEAR: 12}


@dataclass(frozen=True, slots=True)
class TermRenewal:
    """A fixed renewal: on `day` notice for `old_end` could no longer be given, `new_end` counts now.

    `number` counts a subscription's renewals from 1; both ends are exclusive.
    """

    number: int
    day: date
    old_end: date
    new_end: date


def term_end(
    subscription: Subscription, items: Iterable[SubscriptionItem], on: date
) -> date | None:
    """The exclusive end of the term that runs `on` that day; None where there is none to wait for.

    FIXED: the first end for which notice can still be given (F032, F033). INDEFINITE: that of the
    minimum term while it lies ahead. NONE: that of the minimum term (F027). Of the items only those
    of the subscription count; an open pause counts until `on`.
    """
    if subscription.minimum_term is None:
        return None
    pauses = _prolonging(subscription, items)
    if subscription.renewal is Renewal.FIXED:
        number = _renewed_until(subscription, pauses, on)
        return grown(_end(subscription, number), as_of(pauses, on))
    end = grown(_end(subscription, 0), as_of(pauses, on))
    if subscription.renewal is Renewal.INDEFINITE and end <= on:
        return None
    return end


def earliest_end(subscription: Subscription, items: Iterable[SubscriptionItem], on: date) -> date:
    """The exclusive end that a notice received `on` that day reaches.

    FIXED: the end of the term. INDEFINITE: when the notice period is over (§ 187 (1), § 188 (2)
    BGB: a month from 15.03. ends with 15.04.), the minimum term's end at the earliest. NONE: the
    minimum term's end, and once that has passed, when the notice period is over.
    """
    end = term_end(subscription, items, on)
    noticed = _later(on, subscription.notice) + _DAY
    if end is None:
        return noticed
    if subscription.renewal is Renewal.INDEFINITE:
        return max(end, noticed)
    return end if on < end else noticed


def renewals(
    subscription: Subscription, items: Iterable[SubscriptionItem], after: date, until: date
) -> tuple[TermRenewal, ...]:
    """The renewals that took effect behind `after` and on or before `until`, in order (F033).

    Nothing is renewed from the day on as of which the subscription is terminated (F037), nor once
    all its items have ended.
    """
    if subscription.renewal is not Renewal.FIXED or subscription.minimum_term is None:
        return ()
    own = [item for item in items if item.subscription.id == subscription.id]
    pauses, over = _prolonging(subscription, own), _over(subscription, own)
    known = as_of(pauses, until)
    found = []
    first = _renewed_until(subscription, pauses, after)
    for number in range(first, _renewed_until(subscription, pauses, until)):
        old, new = (grown(_end(subscription, no), known) for no in (number, number + 1))
        if old < over:
            found.append(TermRenewal(number + 1, _deadline(subscription, pauses, number), old, new))
    return tuple(found)


def _prolonging(subscription: Subscription, items: Iterable[SubscriptionItem]) -> tuple[Pause, ...]:
    """The pauses in which an item ran whose article says that they prolong the term."""
    if not subscription.pauses:
        return ()
    extending = [
        item
        for item in items
        if item.subscription.id == subscription.id and item.article.pause_policy.extends_term
    ]
    return tuple(
        pause
        for pause in subscription.pauses
        if any(item.until is None or pause.start < item.until for item in extending)
    )


def _over(subscription: Subscription, own: Sequence[SubscriptionItem]) -> date:
    """The first day on which nothing of it is left, as far as that is known."""
    ends = [item.until for item in own if item.until is not None]
    last = max(ends) if own and len(ends) == len(own) else date.max
    return min(last, subscription.terminated_as_of or last)


def _end(subscription: Subscription, number: int) -> date:
    """Exclusive end of the term after so many renewals, counted from the term's start."""
    minimum, renewal = subscription.minimum_term, subscription.renewal_term
    start = subscription.term_start
    if minimum is None or renewal is None:
        return _later(start, minimum)
    if minimum.unit in _MONTHS and renewal.unit in _MONTHS:
        # Together, so that the day is clamped once: 31.01., 28.02., 31.03.
        return add_months(start, _months(minimum) + number * _months(renewal))
    return boundary(boundary(start, minimum, 1), renewal, number)


def _months(interval: Interval) -> int:
    return _MONTHS[interval.unit] * interval.count


def _renewed_until(subscription: Subscription, pauses: tuple[Pause, ...], on: date) -> int:
    """How often the term was renewed by that day: as often as a deadline for notice passed."""
    renewal = subscription.renewal_term
    if renewal is None:
        return 0
    # No term that has ended can be given notice of; without pauses they need not be looked at.
    number = 0 if pauses else max(0, index_at(_end(subscription, 0), renewal, on))
    while _deadline(subscription, pauses, number) <= on:
        number += 1
    return number


def _deadline(subscription: Subscription, pauses: tuple[Pause, ...], number: int) -> date:
    """The first day on which notice comes too late for that end; a pause behind it changes nothing.

    While the subscription rests without an end, none passes.
    """
    end = _end(subscription, number)
    deadline = _earlier(end, subscription.notice)
    for pause in pauses:
        if pause.start >= deadline:
            break
        if pause.end is None:
            return date.max
        end = grown(end, (pause,))
        deadline = _earlier(end, subscription.notice)
    return deadline


def _earlier(end: date, notice: Interval | None) -> date:
    return end if notice is None else boundary(end, notice, -1)


def _later(start: date, span: Interval | None) -> date:
    return start if span is None else boundary(start, span, 1)
