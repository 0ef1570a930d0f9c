"""Strict dates and times."""

import re
from datetime import date, datetime

from faktura.kernel.errors import DateUnreadable, shortened

# Banks put a time zone behind the day, or a whole timestamp where a day belongs: the day counts.
_DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


def day_from_text(text: str, place: str) -> date:
    """The day of `2026-11-11`, `2026-11-11+01:00` or `2026-11-11T08:00:00`."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise DateUnreadable(
            f"“{shortened(text)}” is not a date", place=place, mend="Expected is 2026-11-30"
        )
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise DateUnreadable(f"“{match[1]}” is no day of the calendar", place=place) from None


def moment_from_text(text: str | None, place: str) -> datetime | None:
    """A timestamp, with its offset if the bank gives one."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise DateUnreadable(f"“{shortened(text)}” is not a timestamp", place=place) from None
