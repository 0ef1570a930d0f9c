"""Dividing the VAT of one rate over revenue shares so that each row's gross gives it back.

DATEV takes the VAT out of every row by itself: round(gross x rate / (100 + rate)). Our documents
compute it once on the sum. So the gross of the rows is chosen, not computed.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain

from faktura.kernel.errors import ExportRefused
from faktura.kernel.rounding import round_ratio
from faktura_datev.accounts import vat_in

_PER_CENT = 100
# The VAT of so many cents goes through all remainders of any rate with at most one decimal.
_TRIES = 2000


def divide(nets: Sequence[int], vat: int, rate: Decimal) -> list[int] | None:
    """The VAT of each share, in cents, so that it is what DATEV finds in net + VAT of that share.

    The parts sum to `vat`, earlier shares get the spare cents. None if no such parts exist. Nets
    are signed and not 0; so is the VAT.
    """
    numerator, denominator = rate.as_integer_ratio()
    parts = [round_ratio(net * numerator, _PER_CENT * denominator) for net in nets]
    missing = vat - sum(parts)
    step = 1 if missing > 0 else -1
    for index, net in enumerate(nets):
        if not missing:
            break
        # Some nets belong to two gross amounts, a cent of VAT apart.
        if is_whole(net, parts[index] + step, rate):
            parts[index] += step
            missing -= step
    return None if missing else parts


def is_whole(net: int, vat: int, rate: Decimal) -> bool:
    """Whether DATEV finds exactly this VAT in net + VAT."""
    return vat_in(net + vat, rate) == vat


def in_two(gross: int, vat: int, rate: Decimal) -> tuple[int, ...]:
    """A gross amount as one row, or as the two in which DATEV finds this VAT together.

    A few cents have no such parts: then one row is larger and the other goes back. Raises
    ExportRefused where there are none: the VAT is not that of the rate.
    """
    if vat_in(gross, rate) == vat:
        return (gross,)
    step = 1 if gross > 0 else -1
    parts = range(step, step * min(abs(gross), _TRIES), step)
    for first in chain(parts, range(-step, -step * _TRIES, -step)):
        if vat_in(first, rate) + vat_in(gross - first, rate) == vat:
            return gross - first, first
    raise ExportRefused(
        f"{vat} cents are not {rate} % VAT in {gross} cents",
        mend="Check the VAT of the document: DATEV computes it out of the gross amount",
    )
