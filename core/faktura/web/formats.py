"""Amounts, quantities and dates as a reader of the language writes them; never through a float."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit
from faktura.web.language import Language
from faktura.web.texts import text

# A line must not break between an amount and its currency.
_NBSP = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
# Units that are written out have a form for one of them; abbreviations have not.
_COUNTED = frozenset({ArticleUnit.DAY, ArticleUnit.WEEK, ArticleUnit.MONTH, ArticleUnit.YEAR})
_MONTHS = {
    Language.DE: ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    Language.EN: ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}  # fmt: skip

Formatter = Callable[..., str]


def number(value: Decimal | int, language: Language) -> str:
    """`1.234,5` or `1,234.5`: all decimals the value has, grouped by thousands."""
    # Decimal first: an int would be formatted as a binary fraction.
    digits = f"{abs(Decimal(value)):,f}"
    if language is Language.DE:
        digits = digits.translate(str.maketrans(",.", ".,"))
    return f"{_MINUS}{digits}" if value < 0 else digits


def money(amount: Money, language: Language) -> str:
    """`1.234,50 €` or `€1,234.50`."""
    return _with_currency(amount.decimal, amount.currency, language)


def whole(minor: int, currency: str, language: Language) -> str:
    """Minor units as a number without a currency, for the scale of a chart: `1.500`."""
    return number(Money(minor, currency).decimal.normalize(), language)


def price(value: Decimal, currency: str, language: Language) -> str:
    """A unit price with the decimals it has, at least two: `0,0125 €`, `30,00 €`."""
    two = value.quantize(Decimal("0.01")) if value == value.quantize(Decimal("0.01")) else value
    return _with_currency(two, currency, language)


def _with_currency(value: Decimal, currency: str, language: Language) -> str:
    match language:
        case Language.DE:
            return f"{number(value, language)}{_NBSP}{_SYMBOLS.get(currency, currency)}"
        case Language.EN:
            sign = _MINUS if value < 0 else ""
            name = _SYMBOLS.get(currency, f"{currency}{_NBSP}")
            return f"{sign}{name}{number(abs(value), language)}"
        case _ as never:
            assert_never(never)


def quantity(value: Decimal, unit: ArticleUnit, language: Language) -> str:
    """`2 Monate`, `1 Monat`, `2,5 Std.`; the bare number where the unit has no name."""
    form = "one" if value == 1 and unit in _COUNTED else "unit"
    return f"{number(value, language)}{_NBSP}{text(language, f'{form}.{unit}')}".strip()


def percent(value: Decimal, language: Language) -> str:
    """`19 %` or `19%`."""
    blank = _NBSP if language is Language.DE else ""
    return f"{number(value, language)}{blank}%"


def day(value: date, language: Language) -> str:
    """`01.11.2026` or `1 Nov 2026`."""
    if language is Language.DE:
        return f"{value:%d.%m.%Y}"
    return f"{value.day}{_NBSP}{_MONTHS[language][value.month - 1]}{_NBSP}{value.year}"


def moment(value: datetime, language: Language) -> str:
    """Day and minute, in the time zone `value` has."""
    return f"{day(value.date(), language)}, {value:%H:%M}"


def month(value: date, language: Language) -> str:
    """`Nov 26`, short enough for a chart."""
    return f"{_MONTHS[language][value.month - 1]} {value:%y}"


def period(value: Period, language: Language) -> str:
    """First and last day, both inclusive, as printed on documents."""
    if value.start == value.last_day:
        return day(value.start, language)
    return f"{day(value.start, language)} – {day(value.last_day, language)}"


FORMATTERS: dict[str, Formatter] = {
    "number": number,
    "money": money,
    "whole": whole,
    "price": price,
    "quantity": quantity,
    "percent": percent,
    "day": day,
    "moment": moment,
    "month": month,
    "period": period,
}
