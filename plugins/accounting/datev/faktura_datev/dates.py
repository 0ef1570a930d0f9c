"""Dates as DATEV writes them: JJJJMMTT in the header, TTMMJJJJ and TTMM in the records."""

from datetime import date


def header_date(text: str) -> date | None:
    """`20261130` as a day, None if it does not exist."""
    return _day(text[:4], text[4:6], text[6:])


def record_date(text: str) -> date | None:
    """`30112026` as a day, None if it does not exist."""
    return _day(text[4:], text[2:4], text[:2])


def voucher_date(text: str, start: date, end: date) -> date | None:
    """`3011` as the day it names within `start`..`end` (inclusive), None if there is none.

    A voucher date has no year: it is the one of the batch, which lies in one fiscal year.
    """
    for year in range(start.year, end.year + 1):
        day = _day(str(year), text[2:], text[:2])
        if day and start <= day <= end:
            return day
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
