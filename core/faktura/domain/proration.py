"""The share of a nominal period that a part bears: an exact fraction under a convention (P8, O9)."""

from dataclasses import dataclass
from typing import assert_never

from faktura.domain.service_periods import ServicePeriod
from faktura.kernel.periods import days_30_360
from faktura.kernel.terms import DayCount


@dataclass(frozen=True, slots=True)
class Share:
    """Days `start`..`end` (half-open, counted from the nominal start) of `whole` days."""

    start: int
    end: int
    whole: int

    @property
    def days(self) -> int:
        """How many days the part has under the convention."""
        return self.end - self.start

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut."""
        return self.days == self.whole


WHOLE = Share(0, 1, 1)


def share_of(period: ServicePeriod, convention: DayCount) -> Share:
    """The part's share; WHOLE for a full period, and for any part under DayCount.NONE.

    The denominator is always the length of the whole nominal period, never of the rest (P8).
    """
    if period.is_whole:
        return WHOLE
    nominal, service = period.nominal, period.service
    match convention:
        case DayCount.ACTUAL:
            return Share(
                (service.start - nominal.start).days,
                (service.end - nominal.start).days,
                nominal.days,
            )
        case DayCount.THIRTY_360:
            return Share(
                days_30_360(nominal.start, service.start),
                days_30_360(nominal.start, service.end),
                days_30_360(nominal.start, nominal.end),
            )
        case DayCount.NONE:
            return WHOLE
        case _ as never:
            assert_never(never)
