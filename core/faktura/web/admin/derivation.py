"""A line's stored derivation in the reader's language, and the proof that it gives the amount (O10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from faktura.domain.derivation import Derivation, recomputed_net
from faktura.domain.documents import LineRecord
from faktura.domain.explanation import part_of
from faktura.web import formats
from faktura.web.language import Language
from faktura.web.texts import text

_SPECIAL = "special price"


@dataclass(frozen=True, slots=True)
class Derived:
    """A line, its calculation in one row of signs, labelled facts behind it, and the proof.

    `holds` says whether the derivation alone gives the stored net; `part` which days of a period
    are billed, "" for a whole one.
    """

    line: LineRecord
    calculation: str
    facts: tuple[tuple[str, str], ...]
    holds: bool
    part: str


def derived(line: LineRecord, language: Language) -> Derived:
    """The derivation of a frozen line, from what was stored with it alone."""
    stored = line.derivation
    return Derived(
        line,
        f"{_calculation(stored, language)} = {formats.money(line.net, language)}",
        tuple((text(language, label), value) for label, value in _facts(stored, language)),
        recomputed_net(stored) == line.net,
        part_of(stored, language),
    )


def _calculation(stored: Derivation, language: Language) -> str:
    """`30,00 € × 2 × 22/31 − 10 %`."""
    currency = str(stored["currency"])
    signs = (
        f"{formats.price(Decimal(str(stored['unitPrice'])), currency, language)}"
        f" × {formats.number(Decimal(str(stored['quantity'])), language)}"
    )
    if "part" in stored:
        start, end, whole = cast("list[int]", stored["part"])
        signs += f" × {end - start}/{whole}"
    discount = _discount(stored)
    if "percent" in discount:
        return f"{signs} − {formats.percent(Decimal(discount['percent']), language)}"
    if "amount" in discount:
        return f"{signs} − {formats.price(Decimal(discount['amount']), currency, language)}"
    return signs


def _facts(stored: Derivation, language: Language) -> Iterator[tuple[str, str]]:
    special = stored["priceSource"] == _SPECIAL
    yield "why.price", text(language, "why.special" if special else "why.list")
    if "priceValidFrom" in stored:
        yield "why.valid_from", _day(stored["priceValidFrom"], language)
    if "priceValidUntil" in stored:
        yield "why.valid_until", _day(stored["priceValidUntil"], language)
    if "priceFromQuantity" in stored:
        tier = Decimal(str(stored["priceFromQuantity"]))
        yield "why.tier", formats.number(tier, language)
    yield "why.price_day", _day(stored["priceDay"], language)
    if "part" in stored:
        start, end, whole = cast("list[int]", stored["part"])
        yield "why.part", f"{start + 1}–{end} / {whole} ({stored['convention']})"
    reason = _discount(stored).get("reason")
    if reason:
        yield "why.discount", reason
    rate = formats.percent(Decimal(str(stored["taxRate"])), language)
    case = text(language, f"tax_case.{stored['taxCase']}")
    yield "why.tax", f"{rate} · {case}"
    yield "why.tax_day", _day(stored["taxDay"], language)


def _discount(stored: Derivation) -> Mapping[str, str]:
    return cast("Mapping[str, str]", stored.get("discount", {}))


def _day(stored: object, language: Language) -> str:
    return formats.day(date.fromisoformat(str(stored)), language)
