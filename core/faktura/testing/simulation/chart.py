"""A receipt as one SVG picture: revenue, open items, returns and dunning by month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from faktura.kernel.money import Money
from faktura.testing.simulation.receipt import Receipt
from faktura.web.charts import HEIGHT, WIDTH, bar_chart

_HEAD, _PANEL_HEAD, _GAP, _MARGIN = 112, 34, 22, 24
_MOST_LABELS = 14
_INK, _FAINT, _GRID = "#1f2933", "#5f6c7b", "#d9dfe5"
_SANS = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class _Panel:
    """One of the charts: its title with the unit of the axis, its colour, and a value for each month."""

    title: str
    unit: str
    colour: str
    values: Sequence[int]
    written: Callable[[int], str]


def report_svg(receipt: Receipt) -> str:
    """The report: four bar charts one below the other, on white, readable without a script."""
    currency = receipt.months[0].revenue.currency
    panels = _panels(receipt, currency)
    labels = [f"{month.first:%Y-%m}" for month in receipt.months]
    slot = _PANEL_HEAD + HEIGHT + _GAP
    height = _HEAD + slot * len(panels) + _MARGIN
    width = WIDTH + 2 * _MARGIN
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
            f' height="{height}" role="img" font-family="{_SANS}">'
        ),
        "<title>Simulated company by month</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_head(receipt, panels),
    ]
    for no, panel in enumerate(panels):
        parts.append(f'<g transform="translate({_MARGIN} {_HEAD + slot * no})">')
        parts += _drawn(panel, labels)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panels(receipt: Receipt, currency: str) -> list[_Panel]:
    def money(minor: int) -> str:
        return f"{Money(minor, currency).decimal:,.0f}"

    months = receipt.months
    return [
        _Panel("Revenue, net", currency, "#2b6cb0", [one.revenue.minor for one in months], money),
        _Panel(
            "Open items at the month's end",
            currency,
            "#b7791f",
            [one.open.minor for one in months],
            money,
        ),
        _Panel("Payments taken back", "count", "#c53030", [one.returns for one in months], str),
        _Panel("Dunning notices", "count", "#6b46c1", [one.dunnings for one in months], str),
    ]


def _head(receipt: Receipt, panels: Sequence[_Panel]) -> list[str]:
    plan = receipt.simulation
    title = f"{receipt.contracts:,} contracts over {plan.days:,} days from {plan.start}"
    verdict = f"{receipt.broken} broken invariants" if receipt.broken else "no invariant broken"
    said = (
        f"seed {plan.seed}, faults {plan.faults.value}, {receipt.crashes} crashes: {verdict};"
        f" ledger {receipt.ledger_hash[:16]}"
    )
    parts = [
        _text(_MARGIN, 36, title, size=22, weight=600),
        _text(_MARGIN, 60, said, size=14, fill=_FAINT if not receipt.broken else "#c53030"),
    ]
    x = _MARGIN
    for panel in panels:
        parts.append(f'<rect x="{x}" y="80" width="12" height="12" rx="2" fill="{panel.colour}"/>')
        parts.append(_text(x + 18, 91, panel.title, size=13, fill=_FAINT))
        x += 46 + 7 * len(panel.title)
    return parts


def _drawn(panel: _Panel, labels: Sequence[str]) -> list[str]:
    chart = bar_chart(panel.values)
    parts = [
        _text(0, 20, panel.title, size=16, weight=600),
        _text(chart.right, 20, f"{panel.unit} by month", size=12, fill=_FAINT, anchor="end"),
        f'<g transform="translate(0 {_PANEL_HEAD})">',
    ]
    # A short scale counts the same number twice: each is written once.
    written: set[str] = set()
    for line in chart.lines:
        parts.append(
            f'<line x1="{chart.left}" x2="{chart.right}" y1="{line.y}" y2="{line.y}"'
            f' stroke="{_FAINT if line.y == chart.baseline else _GRID}"/>'
        )
        label = panel.written(line.value)
        if label not in written:
            parts.append(
                _text(chart.left - 8, line.y + 4, label, size=12, fill=_FAINT, anchor="end")
            )
        written.add(label)
    each = -(-len(labels) // _MOST_LABELS)
    for no, bar in enumerate(chart.bars):
        told = escape(f"{labels[no]}: {panel.written(bar.value)}")
        parts.append(
            f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"'
            f' fill="{panel.colour}"><title>{told}</title></rect>'
        )
        if no % each == 0:
            parts.append(
                _text(bar.middle, HEIGHT - 6, labels[no], size=12, fill=_FAINT, anchor="middle")
            )
    return [*parts, "</g>"]


def _text(  # noqa: PLR0913 - a place and how it is written
    x: int,
    y: int,
    text: str,
    *,
    size: int,
    fill: str = _INK,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )
