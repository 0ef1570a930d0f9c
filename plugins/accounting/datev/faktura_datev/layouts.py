"""The two kinds of files we write: their columns, and what stands on disk for nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from faktura_datev import columns, debtor_columns
from faktura_datev.column import Column

_DATE = r"[0-9]{8}"


@dataclass(frozen=True)
class Layout:
    """A format of DATEV by category, name and version; `has_period` if its header names days."""

    category: int
    name: str
    version: int
    columns: tuple[Column, ...]
    has_period: bool

    @cached_property
    def headings(self) -> str:
        """Line 2 of every file, unquoted."""
        return ";".join(column.name for column in self.columns)

    @cached_property
    def empty(self) -> tuple[str, ...]:
        """A record in which nothing is filled, as it stands on disk."""
        return tuple('""' if column.quoted else "" for column in self.columns)

    @cached_property
    def header_fields(self) -> tuple[tuple[str, str], ...]:
        """Name of each header field, and the pattern of it as a whole on disk; fields 1 to 31."""
        return (*self._format_fields(), *_OWNER_FIELDS, *self._period_fields(), *_LAST_FIELDS)

    def _format_fields(self) -> Iterator[tuple[str, str]]:
        yield "Kennzeichen", r'"EXTF"'
        yield "Versionsnummer", r"700"
        yield "Formatkategorie", str(self.category)
        yield "Formatname", f'"{self.name}"'
        yield "Formatversion", str(self.version)

    def _period_fields(self) -> Iterator[tuple[str, str]]:
        """Days, title and what follows of them: master data have none."""
        own = _PERIOD_PATTERNS if self.has_period else ("", "", '""', '""', "", "", "", '""')
        yield from zip(_PERIOD_NAMES, own, strict=True)


_OWNER_FIELDS = (
    ("Erzeugt am", r"[0-9]{17}"),
    ("Importiert", r""),
    ("Herkunft", r'"\w{0,2}"'),
    ("Exportiert von", r'"\w{0,25}"'),
    ("Importiert von", r'""'),
    ("Beraternummer", r"[1-9][0-9]{3,6}"),
    ("Mandantennummer", r"[1-9][0-9]{0,4}"),
    ("WJ-Beginn", _DATE),
    ("Sachkontenlänge", r"[4-8]"),
)
_PERIOD_NAMES = (
    "Datum von",
    "Datum bis",
    "Bezeichnung",
    "Diktatkürzel",
    "Buchungstyp",
    "Rechnungslegungszweck",
    "Festschreibung",
    "WKZ",
)
_PERIOD_PATTERNS = (
    _DATE,
    _DATE,
    r'"[\w.\-/ ]{0,30}"',
    r'"([A-Z]{2}|[A-Z]{4})?"',
    r"[12]",
    r"0|30|40|50|64",
    r"[01]",
    r'"[A-Z]{3}"',
)
_LAST_FIELDS = (
    ("reserviert", r""),
    ("Derivatskennzeichen", r'""'),
    ("reserviert", r""),
    ("reserviert", r""),
    ("Sachkontenrahmen", r'"(03|04)?"'),
    ("ID der Branchenlösung", r"[0-9]{0,4}"),
    ("reserviert", r""),
    ("reserviert", r'""'),
    ("Anwendungsinformation", r'"[^"]{0,16}"'),
)

POSTINGS = Layout(21, "Buchungsstapel", 13, columns.COLUMNS, has_period=True)
"""A batch of postings."""

DEBTORS = Layout(16, "Debitoren/Kreditoren", 5, debtor_columns.COLUMNS, has_period=False)
"""Master data of personal accounts."""
