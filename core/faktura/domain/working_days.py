"""Days on which a payment can fall due: no Saturday, Sunday or holiday (§ 193 BGB).

Counted are the holidays of all of Germany. A holiday of one state alone is a working day here: who
observes it gives a day more by the days of the first dunning level.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from faktura.domain.target_calendar import easter_sunday, is_bank_day

_DAY: Final = timedelta(days=1)
# The closing days of TARGET are German holidays as well; these three are not among them.
_ASCENSION, _WHIT_MONDAY = 39 * _DAY, 50 * _DAY
_UNITY: Final = (10, 3)


@lru_cache(maxsize=1024)
def working_day_from(day: date) -> date:
    """The day itself, or the next one that is neither weekend nor holiday."""
    while not _is_working_day(day):
        day += _DAY
    return day


def _is_working_day(day: date) -> bool:
    if not is_bank_day(day) or (day.month, day.day) == _UNITY:
        return False
    return day - easter_sunday(day.year) not in (_ASCENSION, _WHIT_MONDAY)
