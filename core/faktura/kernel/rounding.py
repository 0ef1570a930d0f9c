"""The only place that rounds: half away from zero, splits by cumulative rounding (P11, P16)."""

from collections.abc import Sequence
from decimal import Decimal

from faktura.kernel.decimals import ONE, SCALE, scaled
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money, minor_digits


def round_ratio(numerator: int, denominator: int) -> int:
    """numerator / denominator as the nearest integer, halves away from zero; denominator > 0."""
    if denominator <= 0:
        raise OutOfRange(f"a ratio needs a positive denominator, not {denominator}")
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def _ratio(
    price: Decimal, quantity: Decimal, currency: str, base: Decimal = ONE
) -> tuple[int, int]:
    """price x quantity / base in minor units, as an exact ratio of integers."""
    numerator = scaled(price) * scaled(quantity) * 10 ** minor_digits(currency)
    return numerator, scaled(base) * SCALE


def line_total(price: Decimal, quantity: Decimal, currency: str, *, base: Decimal = ONE) -> Money:
    """quantity x price / base, rounded once to the minor unit (BT-131 before allowances)."""
    return Money(round_ratio(*_ratio(price, quantity, currency, base)), currency)


def prorated(
    price: Decimal, quantity: Decimal, currency: str, *, part: tuple[int, int], whole: int
) -> Money:
    """The share of price x quantity that falls on the days part[0]..part[1] of `whole` days.

    `part` is half-open and counted from the start of the nominal period, so that the parts of
    one period sum to the whole by cumulative rounding: R(p·b/n) - R(p·a/n) (domain.md, P8, P16).
    """
    start, end = part
    if not 0 <= start <= end <= whole:
        raise OutOfRange(f"days {start}..{end} do not lie in a period of {whole} days")
    numerator, denominator = _ratio(price, quantity, currency)
    denominator *= whole
    upto_end = round_ratio(numerator * end, denominator)
    return Money(upto_end - round_ratio(numerator * start, denominator), currency)


def percent_of(amount: Money, percent: Decimal) -> Money:
    """`percent` per cent of an amount (VAT, discount), rounded once; percent as in 19 or 2.5."""
    numerator = amount.minor * scaled(percent)
    return Money(round_ratio(numerator, 100 * SCALE), amount.currency)


def net_within(gross: Money, percent: Decimal) -> Money:
    """The net in a gross amount: gross x 100 / (100 + percent), rounded once; percent >= 0."""
    whole = 100 * SCALE
    return Money(round_ratio(gross.minor * whole, whole + scaled(percent)), gross.currency)


def split(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Split by integer weights into shares that sum to `amount`, by cumulative rounding in order.

    Weights are >= 0 with a positive sum; every prefix of the shares is within half a minor unit
    of its exact value.
    """
    whole = sum(weights)
    if whole <= 0:
        raise OutOfRange(f"weights have a positive sum, not {whole}")
    shares: list[Money] = []
    done = seen = 0
    for weight in weights:
        if weight < 0:
            raise OutOfRange(f"a weight is never negative: {weight}")
        seen += weight
        upto = round_ratio(amount.minor * seen, whole)
        shares.append(Money(upto - done, amount.currency))
        done = upto
    return shares
