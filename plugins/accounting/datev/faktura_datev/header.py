"""The header record: 31 fields that say whose postings these are and of which days."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from faktura.kernel.terms import Chart
from faktura_datev.accounts import CHART_CODES

MAX_LENGTH = 1000
"""Characters the header line may have."""

_DATE = r"[0-9]{8}"
# (name, what the field must look like on disk as a whole), fields 1 to 31.
FIELDS: tuple[tuple[str, str], ...] = (
    ("Kennzeichen", r'"EXTF"'),
    ("Versionsnummer", r"700"),
    ("Formatkategorie", r"21"),
    ("Formatname", r'"Buchungsstapel"'),
    ("Formatversion", r"13"),
    ("Erzeugt am", r"[0-9]{17}"),
    ("Importiert", r""),
    ("Herkunft", r'"\w{0,2}"'),
    ("Exportiert von", r'"\w{0,25}"'),
    ("Importiert von", r'""'),
    ("Beraternummer", r"[1-9][0-9]{3,6}"),
    ("Mandantennummer", r"[1-9][0-9]{0,4}"),
    ("WJ-Beginn", _DATE),
    ("Sachkontenlänge", r"[4-8]"),
    ("Datum von", _DATE),
    ("Datum bis", _DATE),
    ("Bezeichnung", r'"[\w.\-/ ]{0,30}"'),
    ("Diktatkürzel", r'"([A-Z]{2}|[A-Z]{4})?"'),
    ("Buchungstyp", r"[12]"),
    ("Rechnungslegungszweck", r"0|30|40|50|64"),
    ("Festschreibung", r"[01]"),
    ("WKZ", r'"[A-Z]{3}"'),
    ("reserviert", r""),
    ("Derivatskennzeichen", r'""'),
    ("reserviert", r""),
    ("reserviert", r""),
    ("Sachkontenrahmen", r'"(03|04)"'),
    ("ID der Branchenlösung", r"[0-9]{0,4}"),
    ("reserviert", r""),
    ("reserviert", r'""'),
    ("Anwendungsinformation", r'"[^"]{0,16}"'),
)

PATTERNS: tuple[re.Pattern[str], ...] = tuple(re.compile(pattern) for _, pattern in FIELDS)


@dataclass(frozen=True, slots=True)
class Header:
    """What varies in a header; `start`..`end` are inclusive days of one fiscal year.

    `created` is local time of the client. `title` matches `[\\w.\\-/ ]{0,30}`, `origin` has at most
    two letters, `exported_by` at most 25, `batch` at most 16 characters.
    """

    created: datetime
    origin: str
    exported_by: str
    consultant: int
    client: int
    fiscal_year: date
    account_length: int
    start: date
    end: date
    title: str
    lock: bool
    currency: str
    chart: Chart
    batch: str

    def line(self) -> str:
        """The header as it stands on disk, without the line end."""
        created = f"{self.created:%Y%m%d%H%M%S}{self.created.microsecond // 1000:03}"
        whose = (
            f"{self.consultant};{self.client};{self.fiscal_year:%Y%m%d};{self.account_length};"
            f"{self.start:%Y%m%d};{self.end:%Y%m%d}"
        )
        # Type 1: financial accounting; purpose 0: for every accounting standard.
        return (
            f'"EXTF";700;21;"Buchungsstapel";13;{created};;"{self.origin}";"{self.exported_by}";"";'
            f'{whose};"{self.title}";"";1;0;{int(self.lock)};"{self.currency}";;"";;;'
            f'"{CHART_CODES[self.chart]}";;;"";"{self.batch}"'
        )


def fiscal_year_start(day: date, first_month: int) -> date:
    """First day of the fiscal year `day` lies in, when it starts with month `first_month`."""
    year = day.year if day.month >= first_month else day.year - 1
    return date(year, first_month, 1)
