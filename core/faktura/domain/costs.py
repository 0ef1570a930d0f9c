"""Cost centres and cost objects: where accounting counts revenue, whole or in shares.

A net amount is split over its shares by cumulative rounding, so that they add up to it to the cent.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from faktura.kernel.decimals import scaled, unscaled
from faktura.kernel.errors import FakturaError, FieldInvalid, FieldMissing, OutOfRange, shortened
from faktura.kernel.rounding import round_ratio

HUNDRED = Decimal(100)
MOST_SHARES = 20
# As the columns of a DATEV booking take them: letters, digits, underscore, blanks inside.
# Letters that Windows-1252 has: DATEV's files are written in it.
_LETTERS = "0-9A-Za-z_À-ÖØ-öø-ÿŠšŽžŒœŸ"
COST_NAME = re.compile(f"[{_LETTERS}]([{_LETTERS} ]{{0,34}}[{_LETTERS}])?")
_LEAST_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class CostShare:
    """`percent` of an amount at a cost centre (DATEV KOST1), a cost object (KOST2) or both."""

    centre: str | None
    object: str | None = None
    percent: Decimal = HUNDRED


Costs = tuple[CostShare, ...]

NO_COSTS = CostShare(None)


def costs_of(centre: str | None) -> Costs:
    """All of it at one cost centre; empty for none."""
    return () if centre is None else (CostShare(centre),)


def single_centre(costs: Costs) -> str | None:
    """The cost centre that alone says it all; None where there is a cost object or a split."""
    return costs[0].centre if len(costs) == 1 and costs[0].object is None else None


def checked_name(name: str) -> str:
    """The name of a cost centre or cost object; raises FieldInvalid for one DATEV cannot hold.

    It is posted with the revenue and never changes then: an export could only refuse the entry.
    """
    if not COST_NAME.fullmatch(name):
        raise FieldInvalid(
            f"“{shortened(name)}” names no cost centre or cost object",
            mend="Write 1 to 36 letters, digits, underscores and blanks, no blank at its ends",
        )
    return name


def checked_costs(shares: Sequence[CostShare], field: str = "") -> Costs:
    """The shares if they split an amount; nothing is said by none.

    Raises FieldInvalid, FieldMissing, OutOfRange, and TooPrecise, placed as `2.percent` in the field.
    """
    if len(shares) > MOST_SHARES:
        raise OutOfRange(
            f"{len(shares)} shares are more than {MOST_SHARES}",
            place=field,
            mend="Give fewer cost centres and cost objects",
        )
    costs: list[CostShare] = []
    for no, share in enumerate(shares, 1):
        checked = _checked_share(share, _place(field, no))
        if any((one.centre, one.object) == (share.centre, share.object) for one in costs):
            raise FieldInvalid(
                "cost centre and cost object stand there twice",
                place=_place(field, no),
                mend="Give one share with the sum of both",
            )
        costs.append(checked)
    whole = sum(share.percent for share in costs)
    if costs and whole != HUNDRED:
        raise OutOfRange(
            f"the shares add up to {whole:f} per cent",
            place=field,
            mend="Let the shares add up to exactly 100",
        )
    return tuple(costs)


def _place(field: str, no: int) -> str:
    return f"{field}.{no}" if field else str(no)


def _checked_share(share: CostShare, place: str) -> CostShare:
    if share.centre is None and share.object is None:
        raise FieldMissing(
            "a share names neither a cost centre nor a cost object",
            place=place,
            mend="Name one of them or both",
        )
    for name, value in (("costCentre", share.centre), ("costObject", share.object)):
        if value is not None:
            check_name(value, f"{place}.{name}")
    percent = unscaled(scaled(share.percent, field=f"{place}.percent"))
    if percent <= 0 or percent % _LEAST_STEP:
        raise OutOfRange(
            f"{share.percent:f} per cent is no share",
            place=f"{place}.percent",
            mend="Use more than 0, with at most four decimals",
        )
    return CostShare(share.centre, share.object, percent)


def check_name(name: str, place: str) -> None:
    """Raise FieldInvalid at that place for a name that DATEV cannot hold."""
    try:
        checked_name(name)
    except FakturaError as error:
        error.place = place
        raise


def split_minor(minor: int, costs: Costs) -> list[tuple[CostShare, int]]:
    """An amount by share, in order and adding up to it; without costs all of it is at NO_COSTS."""
    if len(costs) < 2:
        return [(costs[0] if costs else NO_COSTS, minor)]
    weights = [scaled(share.percent) for share in costs]
    whole, seen, done = sum(weights), 0, 0
    parts = []
    for share, weight in zip(costs, weights, strict=True):
        seen += weight
        upto = round_ratio(minor * seen, whole)
        parts.append((share, upto - done))
        done = upto
    return parts


def split_of_rest(minor: int, rest: int, costs: Costs) -> list[tuple[CostShare, int]]:
    """A change of what is left of an amount by share: what is left stays split as `split_minor` does.

    So whatever takes an amount back part by part takes back exactly what each share had.
    """
    before, after = split_minor(rest, costs), split_minor(rest + minor, costs)
    return [(share, upto - sofar) for (share, sofar), (_, upto) in zip(before, after, strict=True)]
