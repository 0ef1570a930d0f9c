"""How values are written in a text, and the filters there are: a closed list (P49)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup, escape

from faktura.domain.document_language import amount_text, day_text, is_german, number_text
from faktura.kernel.money import Money
from faktura.services.text_shapes import Kind

_WORDS = frozenset({Kind.TEXT, Kind.LINK})
_DAYS = frozenset({Kind.DAY})
_MONEY = frozenset({Kind.MONEY})


class Amount(Decimal):
    """An amount that knows its currency; zero counts as no."""

    currency: str

    @classmethod
    def of(cls, money: Money) -> "Amount":
        """The amount of money."""
        made = cls(money.decimal)
        made.currency = money.currency
        return made

    @property
    def money(self) -> Money:
        """The same as money."""
        return Money.from_decimal(Decimal(self), self.currency, field="")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a filter takes and gives; one `on_lists` takes a list of those kinds."""

    about: str
    takes: frozenset[Kind]
    gives: Kind = Kind.TEXT
    arguments: int = 0
    on_lists: bool = False


# What it gives is escaped already, so nothing may follow it.
BREAKS = "breaks"
LENGTH = "length"
FILTERS: Mapping[str, Filter] = {
    "upper": Filter("in capital letters", _WORDS),
    "lower": Filter("in small letters", _WORDS),
    "default": Filter("the words in brackets where there is nothing", _WORDS, arguments=1),
    BREAKS: Filter("several lines, with line breaks in HTML, too", _WORDS),
    "date": Filter("the day as the language writes it, as without a filter", _DAYS),
    "money": Filter("the amount with its currency, as without a filter", _MONEY),
    "number": Filter("the amount without its currency", _MONEY | {Kind.NUMBER}),
    "join": Filter("a list's words, the words in brackets between them", _WORDS, Kind.TEXT, 1, on_lists=True),
    "first": Filter("the first of a list of words", _WORDS, on_lists=True),
    "last": Filter("the last of a list of words", _WORDS, on_lists=True),
    LENGTH: Filter("how many a list has", frozenset(Kind), Kind.NUMBER, on_lists=True),
}  # fmt: skip


def written(value: object, language: str) -> str:
    """A value as a reader of the language writes it; nothing for an absent one."""
    match value:
        case None:
            return ""
        case bool():
            return _yes_or_no(value, language)
        case Amount():
            return amount_text(value.money, language)
        case int() | Decimal():
            return number_text(Decimal(value), language)
        case date():
            return day_text(value, language)
        case _:
            # Markup stays markup: it is escaped already.
            return value if isinstance(value, str) else str(value)


def functions(language: str, *, html: bool) -> dict[str, Callable[..., object]]:
    """The filters of a language by name; `html` says whether `breaks` makes tags."""

    def shown(value: object) -> str:
        return written(value, language)

    return {
        "upper": str.upper,
        "lower": str.lower,
        "default": lambda value, otherwise: value or otherwise,
        BREAKS: _html_breaks if html else shown,
        "date": shown,
        "money": shown,
        "number": lambda value: number_text(_decimal(value), language),
        "join": lambda words, between: between.join(words),
        LENGTH: len,
        "first": lambda words: words[0] if words else "",
        "last": lambda words: words[-1] if words else "",
    }


def _html_breaks(value: str) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in value.splitlines())


def _decimal(value: Decimal | int) -> Decimal:
    return value.money.decimal if isinstance(value, Amount) else Decimal(value)


def _yes_or_no(value: bool, language: str) -> str:  # noqa: FBT001 - the value to be written
    if is_german(language):
        return "ja" if value else "nein"
    return "yes" if value else "no"


def names(found: Sequence[str]) -> str:
    """Names for a message: `a, b and c`."""
    return " and ".join(part for part in (", ".join(found[:-1]), *found[-1:]) if part)
