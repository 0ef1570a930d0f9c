"""Discounts of a contract on the lines of one of its invoices (F076, F077, P15).

Lines bear their own discount, then all per cents, then all fixed amounts; each kind by scope, from
article to product group to contract, in the order in which they were added. Per cents count on what
is left by the ones before; fixed amounts are allocated to the lines by what per cents left.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from faktura.domain.charges import Charge
from faktura.domain.discounts import AppliedDiscount, ContractDiscount, DiscountUse
from faktura.domain.line_amounts import PricedPart, discount_amounts, list_amount
from faktura.domain.proration import WHOLE
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.decimals import ONE
from faktura.kernel.money import Money
from faktura.kernel.rounding import split

_ORDER = tuple(DiscountScope)


def discounted(
    charges: Sequence[Charge],
    discounts: Sequence[ContractDiscount],
    uses: Sequence[DiscountUse],
    interval_start: date,
) -> tuple[Charge, ...]:
    """The charges of one billing interval with the contract's discounts on them.

    `uses` are what discounts took off activities that stand: a fixed amount counts once for each
    interval, one for the next invoice in the first interval only. Credits and lines that take
    others back bear none.
    """
    possible = [one for one in discounts if _counts_in(one, uses, interval_start)]
    ordered = sorted(possible, key=lambda one: _ORDER.index(one.scope))
    per_cent = [one for one in ordered if one.discount.percent is not None]
    lines = [_less_per_cents(charge, per_cent, interval_start) for charge in charges]
    for one in ordered:
        if one.discount.amount is not None:
            lines = _less_fixed(lines, one, uses, interval_start)
    return tuple(lines)


def uses_of(activity_id: UUID, charge: Charge) -> list[tuple[UUID, DiscountUse]]:
    """What the contract's discounts took off the activity that the charge bills."""
    return [(activity_id, use) for use in uses_by(charge)]


def uses_by(charge: Charge) -> list[DiscountUse]:
    """What each of the contract's discounts took off the charge; those that took nothing left out."""
    return [
        DiscountUse(applied.discount_id, applied.interval_start, applied.amount.minor)
        for applied in charge.discounts
        if applied.discount_id is not None and applied.interval_start is not None and applied.amount
    ]


def _counts_in(one: ContractDiscount, uses: Sequence[DiscountUse], interval_start: date) -> bool:
    """Whether it counts in the interval: one for the next invoice stays with its first interval."""
    if not one.next_invoice:
        return True
    used_in = {use.interval_start for use in uses if use.discount_id == one.id}
    return not used_in or interval_start in used_in


def _matches(one: ContractDiscount, charge: Charge) -> bool:
    """Whether it is for the line; its validity is decided on the first day, as a price's is."""
    if charge.list_net.minor <= 0 or charge.corrects is not None:
        return False
    article = charge.article
    targets = {
        DiscountScope.ARTICLE: article.number,
        DiscountScope.PRODUCT_GROUP: article.group.key,
        DiscountScope.CONTRACT: None,
    }
    return one.target == targets[one.scope] and one.is_valid(charge.service.start)


def _less_per_cents(
    charge: Charge, per_cent: Sequence[ContractDiscount], interval_start: date
) -> Charge:
    matching = [one for one in per_cent if _matches(one, charge)]
    if not matching:
        return charge
    own = tuple(applied.discount for applied in charge.discounts)
    amounts = discount_amounts(
        (*own, *(one.discount for one in matching)),
        PricedPart(
            charge.picked.price.unit_price,
            charge.item_quantity,
            charge.list_net.currency,
            charge.part,
        ),
    )
    added = [
        AppliedDiscount(one.discount, amount, one.id, interval_start)
        for one, amount in zip(matching, amounts[len(own) :], strict=True)
    ]
    return _bearing(charge, added)


def _less_fixed(
    lines: Sequence[Charge],
    one: ContractDiscount,
    uses: Sequence[DiscountUse],
    interval_start: date,
) -> list[Charge]:
    """The lines with a fixed amount spread over them, as far as it is not used and they cost."""
    weights = [line.net.minor if _matches(one, line) else 0 for line in lines]
    left = min(_unused(one, uses, interval_start, lines[0].net.currency), sum(weights))
    if left <= 0:
        return list(lines)
    shares = split(Money(left, lines[0].net.currency), weights)
    return [
        _bearing(line, [AppliedDiscount(one.discount, share, one.id, interval_start)])
        if share
        else line
        for line, share in zip(lines, shares, strict=True)
    ]


def _unused(
    one: ContractDiscount, uses: Sequence[DiscountUse], interval_start: date, currency: str
) -> int:
    """What is left of a fixed amount in the interval, in minor units."""
    used = sum(
        use.amount
        for use in uses
        if use.discount_id == one.id and use.interval_start == interval_start
    )
    amount = one.discount.amount
    return 0 if amount is None else list_amount(amount, ONE, currency, WHOLE).minor - used


def _bearing(charge: Charge, added: Sequence[AppliedDiscount]) -> Charge:
    """The charge with further discounts on it."""
    off = Money(sum(applied.amount.minor for applied in added), charge.net.currency)
    return replace(
        charge,
        discounts=(*charge.discounts, *added),
        discount_amount=charge.discount_amount + off,
        net=charge.net - off,
    )
