"""Work that comes round: every N minutes, or daily at a local time (P4)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EveryMinutes:
    """Each full multiple of `minutes` since 1970 UTC, whatever the tenant's clock does."""

    minutes: int


@dataclass(frozen=True, slots=True)
class DailyAt:
    """Once a local day, when the tenant's clock shows `at` or later.

    A time that the change to summer time skips is met right after it; one that the change back
    repeats is met once.
    """

    at: time


Rhythm = EveryMinutes | DailyAt


def due_tick(
    rhythm: Rhythm, last: datetime | None, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """The tick to run now, None if the last one still stands.

    After an outage the latest missed tick runs, once: what it starts bills or sends all that is due
    until then (P5).
    """
    tick = _latest(rhythm, now, zone)
    if last is None or last < tick:
        return tick
    return None


def _latest(rhythm: Rhythm, now: datetime, zone: ZoneInfo) -> datetime:
    if isinstance(rhythm, EveryMinutes):
        step = timedelta(minutes=rhythm.minutes)
        return _EPOCH + (now - _EPOCH) // step * step
    local = now.astimezone(zone)
    day = local.date()
    # The wall clock decides, not the hours since the last run: a day has 23, 24 or 25 of them.
    if local.time() < rhythm.at:
        day -= timedelta(days=1)
    return datetime.combine(day, rhythm.at, zone).astimezone(UTC)
