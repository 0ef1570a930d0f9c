"""The status page: what was billed, what is open, what waits for a person."""

from dataclasses import dataclass

from aiohttp import web

from faktura.store.overview import MonthRevenue, Overview, read_overview, read_revenue
from faktura.store.transaction import Tx
from faktura.web.charts import BarChart, bar_chart
from faktura.web.pages import page
from faktura.web.tenant import InTenant, read_in_tenant

_MONTHS = 12
_QUARANTINED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class RevenueChart:
    """A year of invoiced net in one currency, drawn in its minor units."""

    currency: str
    months: list[MonthRevenue]
    chart: BarChart


async def status_page(request: web.Request) -> web.StreamResponse:
    """The tenant at a glance."""
    here, (overview, charts) = await read_in_tenant(request, _look)
    return page(request, "admin/status.html", here=here, overview=overview, charts=charts)


def _look(tx: Tx, here: InTenant) -> tuple[Overview, list[RevenueChart]]:
    overview = read_overview(tx, here.today, rows=_QUARANTINED_SHOWN)
    revenue = read_revenue(tx, here.today, _MONTHS)
    return overview, [
        RevenueChart(currency, months, bar_chart([month.net.minor for month in months]))
        for currency, months in revenue.items()
    ]
