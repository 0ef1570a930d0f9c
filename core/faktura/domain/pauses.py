"""Pauses of a subscription, and what an article makes of them (F030, P10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from faktura.kernel.periods import Interval, boundary
from faktura.kernel.terms import IntervalUnit


@dataclass(frozen=True, slots=True)
class PausePolicy:
    """What a pause means for an article; each is no by default.

    `extends_term`: a term grows by the paused days that fall before its end. `billed_later`:
    periods that the pause held up are billed whole once it is over, instead of never.
    `whole_periods_only`: resuming inside a period bills nothing of it, instead of its rest.
    """

    extends_term: bool = False
    billed_later: bool = False
    whole_periods_only: bool = False


NO_POLICY = PausePolicy()


@dataclass(frozen=True, slots=True)
class Pause:
    """A subscription rests from `start` (inclusive) to `end` (exclusive; None = until it is resumed)."""

    start: date
    end: date | None = None
    reason: str = ""

    def __contains__(self, day: date) -> bool:
        """Whether the subscription rests on that day."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Pause") -> bool:
        """Whether they share a day."""
        return other.start in self or self.start in other


def running_from(pauses: Iterable[Pause], day: date) -> date | None:
    """The first day from `day` on that lies in no pause; None while an open pause goes on.

    `pauses` are in order and do not overlap; one may begin on the day on which another ends.
    """
    for pause in pauses:
        if day in pause:
            if pause.end is None:
                return None
            day = pause.end
    return day


def grown(end: date, pauses: Iterable[Pause]) -> date:
    """The exclusive end of a span, later by the paused days that fall before it.

    What it has grown by may reach the next pause and grows by that too. A pause without an end adds
    nothing yet. `pauses` are in order. Raises OutOfRange where the end leaves the calendar.
    """
    for pause in pauses:
        if pause.start < end and pause.end is not None:
            days = (pause.end - pause.start).days
            end = boundary(end, Interval(days, IntervalUnit.DAY), 1)
    return end


def as_of(pauses: Iterable[Pause], day: date) -> tuple[Pause, ...]:
    """The pauses with the open one ended on that day (exclusive); without it where it is to come."""
    return tuple(
        pause if pause.end is not None else Pause(pause.start, day, pause.reason)
        for pause in pauses
        if pause.end is not None or pause.start < day
    )
