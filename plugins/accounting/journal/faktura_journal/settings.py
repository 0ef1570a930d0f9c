"""What a company chooses about its files; each has a value that works without choosing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

from faktura.kernel.errors import SettingMissing
from faktura.plugin import AdapterSettings
from faktura_journal.account_roots import Root
from faktura_journal.columns import COLUMNS, DEFAULT_COLUMNS

S = TypeVar("S", bound=AdapterSettings)


class Encoding(StrEnum):
    """Character sets; `utf-8-sig` begins with the mark by which spreadsheets know UTF-8."""

    UTF_8_BOM = "utf-8-sig"
    UTF_8 = "utf-8"
    CP1252 = "cp1252"


class Delimiter(StrEnum):
    """What stands between two cells."""

    SEMICOLON = ";"
    COMMA = ","
    TAB = "\t"
    BAR = "|"


class DecimalMark(StrEnum):
    """What stands before the decimals."""

    COMMA = ","
    POINT = "."


class DateFormat(StrEnum):
    """How a day is written; the value is a pattern of `strftime`."""

    ISO = "%Y-%m-%d"
    GERMAN = "%d.%m.%Y"
    COMPACT = "%Y%m%d"


class FilePer(StrEnum):
    """What one file holds."""

    EXPORT = "export"
    MONTH = "month"


def _known_columns(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in COLUMNS:
            raise ValueError(f"there is no column “{name}”; there are {', '.join(COLUMNS)}")
    if len(set(names)) < len(names):
        raise ValueError("a column is named twice")
    return names


class JournalCsvSettings(AdapterSettings):
    """The journal as CSV: which columns in which order, and how cells are written.

    `guard_formulas` sets an apostrophe before text that a spreadsheet would take for a formula;
    without it the text stays as booked, which is right for a machine that reads the file.
    """

    columns: Annotated[tuple[str, ...], AfterValidator(_known_columns)] = Field(
        default=DEFAULT_COLUMNS, min_length=1
    )
    encoding: Encoding = Encoding.UTF_8_BOM
    delimiter: Delimiter = Delimiter.SEMICOLON
    decimal_mark: DecimalMark = DecimalMark.COMMA
    date_format: DateFormat = DateFormat.ISO
    file_per: FilePer = FilePer.EXPORT
    guard_formulas: bool = True


class BooksSettings(AdapterSettings):
    """Books as text for hledger and beancount.

    `account_roots` says where accounts belong whose number begins so (`{"8": "Income"}`); the
    longest beginning wins, before the chart. `assert_debtors` compares each debtor's account.
    """

    account_roots: Mapping[str, Root] = Field(default_factory=dict)
    assert_debtors: bool = True


class GobdSettings(AdapterSettings):
    """The data carrier for a tax audit; `location` is the place of the company's seat."""

    location: str = ""


def own_settings(given: AdapterSettings, kind: type[S]) -> S:
    """`given` as the settings of an exporter; raises SettingMissing."""
    if not isinstance(given, kind):
        raise SettingMissing(
            f"the export needs {kind.__name__}", mend="Enable the plugin “journal” for the tenant"
        )
    return given
