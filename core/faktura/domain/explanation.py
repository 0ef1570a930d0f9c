"""A line's derivation in plain words, and whether it still gives the line's amount (O10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from faktura.domain.derivation import Derivation, recomputed_net
from faktura.domain.discount_facts import applied_discounts
from faktura.domain.discounts import AppliedDiscount
from faktura.domain.document_language import is_german, number_text
from faktura.domain.documents import LineRecord
from faktura.kernel.money import Money, minor_digits


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a line's net came about: the calculation, where its inputs come from, and the proof."""

    calculation: str
    sources: str
    stored: Money
    recomputed: Money

    @property
    def holds(self) -> bool:
        """Whether the derivation alone gives the stored net."""
        return self.stored == self.recomputed


def explain(line: LineRecord) -> Explanation:
    """The explanation of a frozen line, from its stored derivation alone."""
    facts = line.derivation
    net = recomputed_net(facts)
    return Explanation(
        f"{_calculation(facts)} = {line.net.decimal}", "; ".join(_sources(facts)), line.net, net
    )


def _calculation(facts: Derivation) -> str:
    """`30.00 EUR × 2 × 22/31`, with the discount where there is one."""
    text = f"{_price(facts['unitPrice'], facts)} × {facts['quantity']}"
    part = cast("list[int] | None", facts.get("part"))
    if part is not None:
        start, end, whole = part
        text += f" × {end - start}/{whole}"
    text += "".join(f" − {_off(one, facts)}" for one in applied_discounts(facts))
    # A line that takes another one back: what that gave, the other way round.
    return f"−({text})" if "reversed" in facts else text


def _off(applied: AppliedDiscount, facts: Derivation) -> str:
    """`10 %`, or `3.33 EUR`: a share of a fixed amount is the share, as that is what counts."""
    discount = applied.discount
    if discount.percent is not None:
        return f"{discount.percent} %"
    if applied.is_allocated:
        return _price(abs(applied.amount).decimal, facts)
    return _price(discount.amount, facts)


def _price(text: object, facts: Derivation) -> str:
    """A price with the currency's decimals, and more where it has more."""
    value, currency = Decimal(str(text)), str(facts["currency"])
    smallest = Decimal(1).scaleb(-minor_digits(currency))
    written = value if value % smallest else value.quantize(smallest)
    return f"{written} {currency}"


def _sources(facts: Derivation) -> Iterator[str]:
    yield f"{facts['priceSource']}{_validity(facts)}"
    if "priceFromQuantity" in facts:
        yield f"tier from {facts['priceFromQuantity']}"
    yield f"price day {_day(facts['priceDay'])}"
    if "part" in facts:
        start, end, _ = cast("list[int]", facts["part"])
        yield f"days {start + 1} to {end} of the period ({facts['convention']})"
    yield from _discounts(facts)
    yield f"VAT {facts['taxRate']} % ({facts['taxCase']}) of {_day(facts['taxDay'])}"


def _discounts(facts: Derivation) -> Iterator[str]:
    for applied in applied_discounts(facts):
        discount = applied.discount
        told = [f"discount: {discount.reason}"] if discount.reason else []
        if applied.is_allocated and applied.interval_start is not None:
            told.append(
                f"the line's share of {_price(discount.amount, facts)}"
                f" for the billing interval from {_day(applied.interval_start)}"
            )
        if told:
            yield ", ".join(told)


def _validity(facts: Derivation) -> str:
    valid = ""
    if "priceValidFrom" in facts:
        valid += f" valid from {_day(facts['priceValidFrom'])}"
    if "priceValidUntil" in facts:
        valid += f" until before {_day(facts['priceValidUntil'])}"
    return valid


def _day(text: object) -> str:
    return f"{date.fromisoformat(str(text)):%d.%m.%Y}"


def part_of(facts: Mapping[str, object], language: str) -> str:
    """`25 × 61 von 91 Tagen` for a part of a period, as its line says it; "" for a whole one.

    On the line itself quantity and days are one number; this keeps them apart.
    """
    if "part" not in facts:
        return ""
    start, end, whole = cast("list[int]", facts["part"])
    of, days = ("von", "Tagen") if is_german(language) else ("of", "days")
    quantity = number_text(Decimal(str(facts["quantity"])), language)
    return f"{quantity} × {end - start} {of} {whole} {days}"
