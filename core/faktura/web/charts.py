"""Bar charts as whole-pixel geometry; a template draws them, so they need no script."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 960
HEIGHT = 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 0, 12, 26
_GRID_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in pixels from the top left corner; `middle` is where its label stands."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    value: int


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line at `y` that stands for `value`."""

    y: int
    value: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars in the order of the values, lines from the lowest value to the highest."""

    bars: Sequence[Bar]
    lines: Sequence[GridLine]
    left: int
    right: int
    baseline: int
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(values: Sequence[int]) -> BarChart:
    """The chart of whole numbers, say minor units; negative ones hang below the line of nothing."""
    step = _step(max(0, *values) - min(0, *values))
    low, high = min(0, *values) // step * step, -(-max(0, *values) // step) * step
    high = max(high, low + step)
    plot = HEIGHT - _TOP - _BOTTOM

    def y(value: int) -> int:
        return _TOP + plot * (high - value) // (high - low)

    slot = (WIDTH - _LEFT - _RIGHT) // len(values)
    width = slot * 5 // 8
    bars = [
        Bar(
            _LEFT + slot * no + (slot - width) // 2,
            min(y(value), y(0) - 1) if value > 0 else y(0),
            width,
            # The least amount is still seen.
            max(abs(y(value) - y(0)), 1) if value else 0,
            _LEFT + slot * no + slot // 2,
            value,
        )
        for no, value in enumerate(values)
    ]
    lines = [GridLine(y(value), value) for value in range(low, high + 1, step)]
    return BarChart(bars, lines, _LEFT, WIDTH - _RIGHT, y(0))


def _step(span: int) -> int:
    """The least of 1, 2 and 5 times a power of ten of which few steps cover the span."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * _GRID_LINES >= span:
                return digit * power
        power *= 10
