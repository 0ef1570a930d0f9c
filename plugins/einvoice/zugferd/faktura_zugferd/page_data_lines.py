"""The lines of an invoice as rows of its table, with the sum after each one."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Allowance, DocumentLine, Identifier
from faktura_zugferd.amounts_shown import FEWEST_PRICE_PLACES, Shown, decimals_of, price_places
from faktura_zugferd.texts_shown import shown
from faktura_zugferd.words import Words
from faktura_zugferd.words_units import unit_word

_NAME_WIDTH = 24
# Quantities are aligned at the point up to so many decimals; finer ones stick out.
_QUANTITY_PLACES = 3
# Millimetres of one figure and one letter at the size of the table, and of the blanks beside them.
_FIGURE, _LETTER, _PADDING = 1.65, 1.95, 2.2
# Signs a row may have and still be kept on one page; longer ones break.
_KEPT = 900

Row = dict[str, object]


class LineRows:
    """Rows of one document's lines: `places` are those of its price and quantity columns."""

    def __init__(
        self, lines: Sequence[DocumentLine], amounts: Shown, words: Words, most_places: int
    ) -> None:
        self._lines = lines
        self._amounts = amounts
        self._words = words
        self._price_places = price_places((line.price for line in lines), most_places)
        quantities = [decimals_of(line.quantity) for line in lines]
        self._quantity_places = max((n for n in quantities if n <= _QUANTITY_PLACES), default=0)

    def rows(self) -> Iterator[Row]:
        """One row per line; `sum` is the net of the lines up to and with it."""
        so_far = Decimal(0)
        for line in self._lines:
            so_far += line.net
            yield self._row(line) | {"sum": self._amounts.amount(so_far)}

    def widths(self) -> list[float]:
        """Millimetres of the columns, wide enough for the longest number of each; 0 takes the rest."""
        amounts = self._amounts
        sums = (line.net + _sum(line.allowances) for line in self._lines)
        units = [self._unit(line, line.quantity) for line in self._lines]
        return [
            column_width(8, (line.id for line in self._lines)),
            0,
            column_width(13, (amounts.plain(line.quantity) for line in self._lines)),
            min(22, column_width(8, units, sign=_LETTER)),
            column_width(20, (self._price(line.price) for line in self._lines)),
            11.5,
            column_width(24, (amounts.amount(value) for value in [*sums, self._whole()])),
        ]

    def _whole(self) -> Decimal:
        return sum((line.net for line in self._lines), Decimal(0))

    def _row(self, line: DocumentLine) -> Row:
        amounts, texts = self._amounts, [text for text in self._texts(line) if text]
        steps = [*self._steps(line)]
        before = line.net + _sum(line.allowances) - _sum(line.charges)
        return {
            "no": shown(line.id, 4),
            "name": shown(line.name, _NAME_WIDTH),
            "texts": texts,
            "quantity": self._quantity(line.quantity),
            "unit": shown(self._unit(line, line.quantity), 10),
            "price": amounts.aligned(
                line.price, fewest=FEWEST_PRICE_PLACES, most=self._price_places
            ),
            "base": self._base(line),
            "rate": self._rate(line),
            "net": amounts.amount(line.net),
            "before": amounts.amount(before) if steps else "",
            "steps": steps,
            "kept": sum(map(len, texts)) + len(line.name) <= _KEPT,
        }

    def _quantity(self, value: Decimal) -> Sequence[str]:
        if decimals_of(value) > _QUANTITY_PLACES:
            return (self._amounts.plain(value), "")
        return self._amounts.aligned(value, fewest=0, most=self._quantity_places)

    def _unit(self, line: DocumentLine, count: Decimal) -> str:
        return unit_word(line.unit_code, self._words.language, one=abs(count) == 1)

    def _rate(self, line: DocumentLine) -> str:
        if line.vat_category is TaxCategory.O or line.vat_rate is None:
            return "–"
        return self._amounts.percent(line.vat_rate)

    def _base(self, line: DocumentLine) -> str:
        """`je 31 Tage`, where the price is not that of one."""
        if line.price_base == 1:
            return ""
        count = f"{self._amounts.plain(line.price_base)} {self._unit(line, line.price_base)}"
        return self._words.say("line.price_base", quantity=count.strip())

    def _texts(self, line: DocumentLine) -> Iterator[str]:
        """What stands small below the name, in the order people look for it."""
        say, amounts = self._words.say, self._amounts
        if line.period:
            yield amounts.period(line.period)
        yield shown(line.description, _NAME_WIDTH)
        for attribute in line.attributes:
            yield shown(f"{attribute.name}: {attribute.value}", _NAME_WIDTH)
        yield shown(line.note, _NAME_WIDTH)
        if line.gross_price is not None or line.price_discount is not None:
            yield self._list_price(line)
        for key, value in _references(line):
            if value and value.strip():
                yield shown(say(f"line.{key}", value=value), _NAME_WIDTH)

    def _list_price(self, line: DocumentLine) -> str:
        """BT-148 and BT-147: the price is the net one already."""
        discount = line.price_discount or Decimal(0)
        gross = line.gross_price if line.gross_price is not None else line.price + discount
        return self._words.say(
            "line.price_discount", gross=self._price(gross), discount=self._price(discount)
        )

    def _price(self, value: Decimal) -> str:
        text, _ = self._amounts.aligned(value, fewest=2, most=max(2, decimals_of(value)))
        return text

    def _steps(self, line: DocumentLine) -> Iterator[dict[str, str]]:
        """Discounts and charges between the price and the net, each with its sign."""
        for sign, word, entries in (
            (-1, "line.discount", line.allowances),
            (1, "line.charge", line.charges),
        ):
            for entry in entries:
                text = share_text(entry, self._words.say(word), self._amounts, self._words)
                yield {
                    "text": shown(text, _NAME_WIDTH),
                    "amount": self._amounts.amount(sign * entry.amount),
                }


def column_width(least: float, texts: Iterable[str], *, sign: float = _FIGURE) -> float:
    """Millimetres for the longest text of signs that wide, at least `least`."""
    return max(least, _PADDING + sign * max(map(len, texts), default=0))


def share_text(entry: Allowance, word: str, amounts: Shown, words: Words) -> str:
    """`10 % Treuerabatt auf 1.200,00`: per cent, reason (else `word`) and base."""
    text = entry.reason if entry.reason and entry.reason.strip() else word
    if entry.percent is not None:
        text = words.say("share", percent=amounts.percent(entry.percent), reason=text)
    if entry.base is not None:
        text = words.say("share.base", text=text, base=amounts.amount(entry.base))
    return text


def _references(line: DocumentLine) -> Iterator[tuple[str, str | None]]:
    yield "article_number", line.article_number
    yield "buyer_article_number", line.buyer_article_number
    yield "standard_identifier", _value(line.standard_identifier)
    yield "order_line", line.order_line
    yield "object", _value(line.object_identifier)
    yield "accounting", line.accounting_reference
    yield "origin", line.origin_country
    for item in line.classifications:
        yield "class", item.code


def _value(identifier: Identifier | None) -> str | None:
    return identifier.value if identifier else None


def _sum(entries: Sequence[Allowance]) -> Decimal:
    return sum((entry.amount for entry in entries), Decimal(0))
