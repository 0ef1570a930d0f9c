"""The accounts that DATEV taxes by itself, per chart, as data; a client's own functions override them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from faktura.kernel.terms import Chart

FREE = Decimal(0)
REDUCED = Decimal(7)
STANDARD = Decimal(19)


@dataclass(frozen=True, slots=True)
class Automatic:
    """An automatic function; `rate` in per cent, 0 for untaxed turnover, None if not known."""

    rate: Decimal | None


# Rate -> (first, last) of the standard accounts with an automatic function (ranges count).
_RANGES: Mapping[Chart, Mapping[Decimal, tuple[tuple[int, int], ...]]] = {
    Chart.SKR03: {
        STANDARD: ((1718, 1718), (2406, 2406), (8400, 8410), (8720, 8720), (8736, 8736),
                   (8760, 8760), (8790, 8790)),
        REDUCED: ((1711, 1711), (2401, 2401), (8300, 8309), (8710, 8710), (8731, 8731),
                  (8750, 8750), (8780, 8780)),
        FREE: ((8100, 8100), (8110, 8110), (8120, 8120), (8125, 8125), (8150, 8150),
               (8290, 8290), (8336, 8339)),
    },
    Chart.SKR04: {
        STANDARD: ((3272, 3272), (4400, 4410), (4720, 4720), (4736, 4736), (4760, 4760),
                   (4790, 4790), (6936, 6936)),
        REDUCED: ((3260, 3260), (4300, 4309), (4710, 4710), (4731, 4731), (4750, 4750),
                  (4780, 4780), (6931, 6931)),
        FREE: ((4100, 4100), (4110, 4110), (4120, 4120), (4125, 4125), (4150, 4150),
               (4290, 4290), (4336, 4339)),
    },
}  # fmt: skip

# Automatic accounts whose rate (or VAT account) we do not know for certain: taxed posting to them
# is refused until the client's own functions say what they do.
_UNSURE: Mapping[Chart, tuple[int, ...]] = {
    Chart.SKR03: (
        1712, 1714, 1717, 2402, 2403, 2408, 2431, 2436, 8105, 8130, 8135, 8140, 8160, 8165, 8191,
        8192, 8194, 8198, 8199, 8310, 8315, 8334, 8335, 8340, 8449, 8514, 8515, 8519, 8609, 8625,
        8630, 8640, 8649, *range(8701, 8710), 8719, 8724, 8725, 8726,
        # Input VAT.
        *range(3300, 3310), *range(3400, 3410),
    ),
    Chart.SKR04: (
        3261, 3264, 3270, 4105, 4130, 4133, 4134, 4135, 4136, 4139, 4140, 4160, 4165, 4184, 4310,
        4315, 4334, 4335, 4340, 4449, 4564, 4565, 4569, *range(4701, 4710), 4719, 4724, 4725, 4726,
        4834, 4836, 6281, 6286, 6932, 6933, 6938,
        *range(5300, 5310), *range(5400, 5410),
    ),
}  # fmt: skip


def _standard_functions(chart: Chart) -> dict[str, Automatic]:
    functions = {str(account): Automatic(None) for account in _UNSURE[chart]}
    for rate, ranges in _RANGES[chart].items():
        for first, last in ranges:
            functions |= {str(account): Automatic(rate) for account in range(first, last + 1)}
    return functions


STANDARD_FUNCTIONS: Mapping[Chart, Mapping[str, Automatic]] = {
    # DATEV knows nothing of accounts of one's own: their functions are settings.
    Chart.OWN: {},
    **{chart: _standard_functions(chart) for chart in _RANGES},
}
"""Account of four digits to its function."""
