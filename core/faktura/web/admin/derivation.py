"""A line's stored derivation in the reader's language, and the proof that it gives the amount (O10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from faktura.domain.derivation import Derivation, recomputed_net
from faktura.domain.discount_facts import applied_discounts
from faktura.domain.discounts import AppliedDiscount
from faktura.domain.documents import LineRecord
from faktura.domain.explanation import part_of
from faktura.kernel.money import Money
from faktura.web import formats
from faktura.web.language import Language
from faktura.web.texts import text

_SOURCES = {"special price": "why.special", "correction": "why.correction"}


@dataclass(frozen=True, slots=True)
class Derived:
    """A line, its calculation in one row of signs, labelled facts behind it, and the proof.

    `holds` says whether the derivation alone gives the stored net; `part` which days of a period
    are billed, "" for a whole one; `discounts` what each took off, as printed, with its reason.
    """

    line: LineRecord
    calculation: str
    facts: tuple[tuple[str, str], ...]
    holds: bool
    part: str
    discounts: tuple[tuple[Money, str], ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How derivations of a document are told.

    `flipped` is of a document that prints what it takes off as positive; on one with `typed_prices`
    a price that is not of the list was agreed for it, and is none of the contract's.
    """

    flipped: bool = False
    typed_prices: bool = False


_PLAIN = Manner()


def derived(line: LineRecord, language: Language, manner: Manner = _PLAIN) -> Derived:
    """The derivation of a frozen line, from what was stored with it alone; signs as printed."""
    stored = line.derivation
    net = -line.net if manner.flipped else line.net
    facts = _facts(stored, manner, language)
    return Derived(
        line,
        f"{_calculation(stored, manner, language)} = {formats.money(net, language)}",
        tuple((text(language, label), value) for label, value in facts),
        recomputed_net(stored) == line.net,
        part_of(stored, language),
        tuple(
            (-applied.amount if manner.flipped else applied.amount, applied.discount.reason)
            for applied in applied_discounts(stored)
            if applied.amount
        ),
    )


def _calculation(stored: Derivation, manner: Manner, language: Language) -> str:
    """`30,00 € × 2 × 22/31 − 10 %`."""
    currency = str(stored["currency"])
    quantity = Decimal(str(stored["quantity"]))
    negated = ("reversed" in stored) is not manner.flipped
    if negated and manner.flipped and not applied_discounts(stored):
        # Shorter than a minus before the whole: what was taken off has a negative quantity.
        quantity, negated = -quantity, False
    signs = (
        f"{formats.price(Decimal(str(stored['unitPrice'])), currency, language)}"
        f" × {formats.number(quantity, language)}"
    )
    if "part" in stored:
        start, end, whole = cast("list[int]", stored["part"])
        signs += f" × {end - start}/{whole}"
    signs += "".join(
        f" − {_off(applied, currency, language)}" for applied in applied_discounts(stored)
    )
    # A line that takes another one back: what that gave, the other way round.
    return f"−({signs})" if negated else signs


def _off(applied: AppliedDiscount, currency: str, language: Language) -> str:
    """Per cent, a fixed amount, or the line's share of one."""
    discount = applied.discount
    if discount.percent is not None:
        return formats.percent(discount.percent, language)
    if applied.is_allocated or discount.amount is None:
        return formats.money(abs(applied.amount), language)
    return formats.price(discount.amount, currency, language)


def _discount_told(applied: AppliedDiscount, currency: str, language: Language) -> str:
    """The discount's text, and of what an allocated amount is a share."""
    discount = applied.discount
    if not applied.is_allocated or discount.amount is None:
        return discount.reason
    share = text(
        language,
        "why.share",
        amount=formats.price(discount.amount, currency, language),
        day=_day(applied.interval_start, language),
    )
    return f"{discount.reason}: {share}" if discount.reason else share


def _facts(stored: Derivation, manner: Manner, language: Language) -> Iterator[tuple[str, str]]:
    source = _SOURCES.get(str(stored["priceSource"]), "why.list")
    if manner.typed_prices and source == "why.special":
        source = "why.agreed"
    yield "why.price", text(language, source)
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
    for applied in applied_discounts(stored):
        told = _discount_told(applied, str(stored["currency"]), language)
        if told:
            yield "why.discount", told
    rate = formats.percent(Decimal(str(stored["taxRate"])), language)
    case = text(language, f"tax_case.{stored['taxCase']}")
    yield "why.tax", f"{rate} · {case}"
    yield "why.tax_day", _day(stored["taxDay"], language)


def _day(stored: object, language: Language) -> str:
    return formats.day(date.fromisoformat(str(stored)), language)
