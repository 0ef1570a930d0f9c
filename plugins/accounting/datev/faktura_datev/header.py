"""The header record: 31 fields that say whose data these are and of which days."""

from dataclasses import dataclass
from datetime import date, datetime

from faktura.kernel.terms import Chart
from faktura_datev.accounts import CHART_CODES
from faktura_datev.layouts import Layout

MAX_LENGTH = 1000
"""Characters the header line may have."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a batch of postings covers: `start`..`end` are inclusive days of one fiscal year.

    `title` matches `[\\w.\\-/ ]{0,30}`.
    """

    start: date
    end: date
    title: str
    lock: bool
    currency: str


@dataclass(frozen=True, slots=True)
class Header:
    """What varies in a header; master data have no period.

    `created` is local time of the client. `origin` has at most two letters, `exported_by` at most
    25, `batch` at most 16 characters.
    """

    layout: Layout
    created: datetime
    origin: str
    exported_by: str
    consultant: int
    client: int
    fiscal_year: date
    account_length: int
    chart: Chart
    batch: str
    period: Period | None = None

    def line(self) -> str:
        """The header as it stands on disk, without the line end."""
        layout = self.layout
        created = f"{self.created:%Y%m%d%H%M%S}{self.created.microsecond // 1000:03}"
        whose = f"{self.consultant};{self.client};{self.fiscal_year:%Y%m%d};{self.account_length}"
        return (
            f'"EXTF";700;{layout.category};"{layout.name}";{layout.version};{created};;'
            f'"{self.origin}";"{self.exported_by}";"";{whose};{self._period_fields()};;"";;;'
            f'"{CHART_CODES[self.chart]}";;;"";"{self.batch}"'
        )

    def _period_fields(self) -> str:
        period = self.period
        if period is None:
            return ';;"";"";;;;""'
        # Type 1: financial accounting; purpose 0: for every accounting standard.
        return (
            f'{period.start:%Y%m%d};{period.end:%Y%m%d};"{period.title}";"";1;0;'
            f'{int(period.lock)};"{period.currency}"'
        )


def fiscal_year_start(day: date, first_month: int) -> date:
    """First day of the fiscal year `day` lies in, when it starts with month `first_month`."""
    year = day.year if day.month >= first_month else day.year - 1
    return date(year, first_month, 1)
