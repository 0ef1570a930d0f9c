"""A matrix code as one SVG path: sharp at any size, and quick to set."""

from collections.abc import Iterator, Sequence
from itertools import groupby

# ISO/IEC 18004: four modules stay blank around a QR code.
_QUIET = 4


def code_svg(rows: Sequence[str]) -> str:
    """The SVG of rows of "0" and "1" with its quiet zone; empty for no rows."""
    if not rows:
        return ""
    size = len(rows) + 2 * _QUIET
    path = "".join(run for y, row in enumerate(rows, _QUIET) for run in _runs(row, y))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: str, y: int) -> Iterator[str]:
    """The dark stretches of a row, each a rectangle one module high."""
    x = _QUIET
    for dark, modules in groupby(row, key="1".__eq__):
        width = len(list(modules))
        if dark:
            yield f"M{x} {y}h{width}v1h-{width}z"
        x += width
