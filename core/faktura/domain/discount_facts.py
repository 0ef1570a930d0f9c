"""Discounts in a line's stored derivation: what was given, and what each of them took off (O10).

A share of a fixed amount that was allocated to lines is an input of its own, kept with the whole
amount and its billing interval (P15); everything else is computed from the line again.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from faktura.domain.discounts import AppliedDiscount, Discount
from faktura.domain.line_amounts import PricedPart, discount_amounts, list_amount
from faktura.domain.proration import WHOLE, Share
from faktura.kernel.decimals import ONE
from faktura.kernel.money import Money

Given = Mapping[str, str]


def discount_facts(discounts: Sequence[AppliedDiscount]) -> list[dict[str, str]]:
    """The discounts of a line as its derivation stores them, in order; decimals as text."""
    return [_fact(applied) for applied in discounts]


def priced_part(derivation: Mapping[str, object]) -> PricedPart:
    """What was priced, as the derivation stores it."""
    return PricedPart(
        Decimal(str(derivation["unitPrice"])),
        Decimal(str(derivation["quantity"])),
        str(derivation["currency"]),
        Share(*cast("list[int]", derivation["part"])) if "part" in derivation else WHOLE,
    )


def applied_discounts(derivation: Mapping[str, object]) -> tuple[AppliedDiscount, ...]:
    """What each discount took off the line, in order, from its derivation alone.

    A line that takes another one back gives back what that took off. Derivations of earlier
    versions store at most one discount.
    """
    line = priced_part(derivation)
    found = (
        (_single(cast("Given", derivation["discount"]), line),)
        if "discount" in derivation
        else _several(cast("Sequence[Given]", derivation.get("discounts", ())), line)
    )
    if "reversed" not in derivation:
        return found
    return tuple(
        AppliedDiscount(one.discount, -one.amount, interval_start=one.interval_start)
        for one in found
    )


def _fact(applied: AppliedDiscount) -> dict[str, str]:
    discount = applied.discount
    if discount.percent is not None:
        return {"percent": str(discount.percent), "reason": discount.reason}
    if applied.is_allocated:
        return {
            "amount": str(applied.amount.decimal),
            "total": str(discount.amount),
            "interval": str(applied.interval_start),
            "reason": discount.reason,
        }
    return {"amount": str(discount.amount), "reason": discount.reason}


def _several(given: Sequence[Given], line: PricedPart) -> tuple[AppliedDiscount, ...]:
    computed = [_discount(one) for one in given if "interval" not in one]
    amounts = iter(discount_amounts(computed, line))
    return tuple(
        _allocated(one, line.currency)
        if "interval" in one
        else AppliedDiscount(_discount(one), next(amounts))
        for one in given
    )


def _allocated(given: Given, currency: str) -> AppliedDiscount:
    return AppliedDiscount(
        Discount(amount=Decimal(given["total"]), reason=given.get("reason", "")),
        Money.parse(given["amount"], currency),
        interval_start=date.fromisoformat(given["interval"]),
    )


def _single(given: Given, line: PricedPart) -> AppliedDiscount:
    """The only discount of an earlier version, which took a fixed one off whatever was left."""
    discount = _discount(given)
    if discount.amount is None:
        return _several((given,), line)[0]
    return AppliedDiscount(discount, list_amount(discount.amount, ONE, line.currency, line.part))


def _discount(given: Given) -> Discount:
    reason = given.get("reason", "")
    if "percent" in given:
        return Discount(percent=Decimal(given["percent"]), reason=reason)
    return Discount(amount=Decimal(given["amount"]), reason=reason)
