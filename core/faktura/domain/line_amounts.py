"""The arithmetic of a line: its list amount and its discounts, of a whole period or a part (P16).

All are rounded cumulatively, so that the parts of one period sum to the whole to the cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from faktura.domain.discounts import Discount
from faktura.domain.proration import Share
from faktura.kernel.decimals import ONE
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of, prorated


@dataclass(frozen=True, slots=True)
class PricedPart:
    """A unit price, how many units of it, and the part of the period they are for."""

    price: Decimal
    quantity: Decimal
    currency: str
    part: Share

    def upto(self, day: int) -> Money:
        """The list amount of the period's days before `day`, counted from its nominal start."""
        return list_amount(self.price, self.quantity, self.currency, Share(0, day, self.part.whole))


def list_amount(price: Decimal, quantity: Decimal, currency: str, part: Share) -> Money:
    """price x quantity for the part's days, before any discount."""
    return prorated(price, quantity, currency, part=(part.start, part.end), whole=part.whole)


def discount_amounts(discounts: Sequence[Discount], line: PricedPart) -> tuple[Money, ...]:
    """What each discount takes off the part, in order: per cent of what the ones before it left.

    Only the first may be a fixed amount: it is per full period, a part bears its share. Nothing
    falls below zero by it, and all are signed like the list amount. A part's percentage can differ
    by one minor unit from the percentage of its own amount (P16).
    """
    upto_start, upto_end = (_upto(discounts, line, day) for day in (line.part.start, line.part.end))
    return tuple(end - start for start, end in zip(upto_start, upto_end, strict=True))


def _upto(discounts: Sequence[Discount], line: PricedPart, day: int) -> list[Money]:
    """What each discount takes off the days before `day`."""
    left = line.upto(day)
    taken = []
    for discount in discounts:
        off = (
            percent_of(left, discount.percent)
            if discount.percent is not None
            else left - _left_by_fixed(discount, line, day)
        )
        taken.append(off)
        left -= off
    return taken


def _left_by_fixed(discount: Discount, line: PricedPart, day: int) -> Money:
    """What a fixed amount leaves of the days before `day`: it never shrinks from day to day.

    Price and discount are rounded apart, so that a day could lose a cent by itself: the least that
    was left before it stays, up to what is left of the whole period.
    """
    whole = line.part.whole
    days = (whole,) if day == whole else range(1, day + 1)
    least = max((_difference(discount, line, one) for one in days), default=0)
    left = max(0, min(least, _difference(discount, line, whole)))
    negative = line.upto(whole).minor < 0
    return Money(-left if negative else left, line.currency)


def _difference(discount: Discount, line: PricedPart, day: int) -> int:
    """The list amount less the fixed one until `day`, in minor units of the list amount's sign."""
    fixed = list_amount(
        discount.amount or Decimal(0), ONE, line.currency, Share(0, day, line.part.whole)
    )
    return abs(line.upto(day)).minor - fixed.minor
