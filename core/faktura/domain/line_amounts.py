"""The arithmetic of a line: its list amount and its discount, of a whole period or a part (P16).

Both are rounded cumulatively, so that the parts of one period sum to the whole to the cent.
"""

from decimal import Decimal

from faktura.domain.discounts import Discount
from faktura.domain.proration import Share
from faktura.kernel.decimals import ONE
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of, prorated


def list_amount(price: Decimal, quantity: Decimal, currency: str, part: Share) -> Money:
    """price x quantity for the part's days, before any discount."""
    return prorated(price, quantity, currency, part=(part.start, part.end), whole=part.whole)


def discount_amount(
    discount: Discount | None, price: Decimal, quantity: Decimal, currency: str, part: Share
) -> Money:
    """What a discount takes off the part: per cent of the list amount, or a share of the fixed one.

    A part's percentage can differ by one minor unit from the percentage of its own list amount.
    """
    if discount is None:
        return Money(0, currency)
    if discount.amount is not None:
        return list_amount(discount.amount, ONE, currency, part)
    percent = discount.percent or Decimal(0)
    upto_start, upto_end = (
        percent_of(list_amount(price, quantity, currency, Share(0, day, part.whole)), percent)
        for day in (part.start, part.end)
    )
    return upto_end - upto_start
