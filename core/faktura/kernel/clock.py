"""Where time comes from: a Clock that is handed down, never the system inside a function (P3)."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from faktura.kernel.errors import UnknownTerm, shortened


class Clock(Protocol):
    """Tells the time; the only source of it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may ask the system


class FixedClock:
    """A clock that stands still until it is moved, for the demo, tests and sandboxes."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The set moment, in UTC."""
        return self._moment

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._moment += by


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; raises UnknownTerm."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTerm(
            f"“{shortened(name)}” is not a time zone", mend="Use an IANA name like Europe/Berlin"
        ) from None


def local_date(clock: Clock, time_zone: str) -> date:
    """Today in that time zone."""
    return clock.now().astimezone(zone(time_zone)).date()
