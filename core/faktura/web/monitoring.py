"""What machines ask about this process: is it alive, may it be sent work, how is it doing.

`/live` and `/ready` say yes or no to everybody; `/metrics` wants the installation's token. The three
are asked by address, not by name: a probe knows no public one.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from hmac import compare_digest
from importlib.metadata import version
from itertools import groupby

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from faktura.bootstrap import App
from faktura.bootstrap.instruments import Instruments
from faktura.kernel.errors import DatabaseUnreachable, FakturaError, Misconfigured
from faktura.store.database import Database
from faktura.store.gauges import read_gauges
from faktura.store.migrations import is_fit
from faktura.web.keys import APP

INSTRUMENTS = web.AppKey("instruments", Instruments)
PATHS = frozenset({"/live", "/ready", "/metrics"})

_YES, _NO = 200, 503
_CLOSED, _UNAUTHORISED = 404, 401
# However many ask, the database counts so often.
_KEPT_SECONDS = 15.0


def add_monitoring(application: web.Application, app: App, instruments: Instruments) -> None:
    """Add the three addresses to an application."""
    application[INSTRUMENTS] = instruments
    instruments.registry.register(Standing(app.database))
    application.router.add_get("/live", live, name="live")
    application.router.add_get("/ready", ready, name="ready")
    application.router.add_get("/metrics", metrics, name="metrics")


def create_monitoring(app: App, instruments: Instruments) -> web.Application:
    """The three addresses alone, for a process that serves nothing else."""
    application = web.Application(middlewares=[_plain])
    application[APP] = app
    add_monitoring(application, app, instruments)
    return application


@web.middleware
async def _plain(request: web.Request, handler: Handler) -> web.StreamResponse:
    # Nobody learns by an error page what runs here.
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status)


async def live(request: web.Request) -> web.Response:
    """200 while the process does its work, 503 when its loop hangs: start it again."""
    return web.Response(status=_YES if request.app[INSTRUMENTS].is_alive else _NO)


async def ready(request: web.Request) -> web.Response:
    """200 when the database answers with a schema this release works on, else 503: send no work."""
    checks = await asyncio.to_thread(readiness, request.app[APP].database)
    return web.json_response(checks, status=_YES if all(checks.values()) else _NO)


async def metrics(request: web.Request) -> web.Response:
    """Counters and gauges in Prometheus' text format; 404 without a token in the settings."""
    token = request.app[APP].settings.metrics_token
    if not token:
        return web.Response(status=_CLOSED)
    # A header may hold any bytes; aiohttp keeps those that are no text as halves of characters.
    given = _bearer(request).encode(errors="surrogateescape")
    if not compare_digest(given, token.encode()):
        return web.Response(status=_UNAUTHORISED, headers={hdrs.WWW_AUTHENTICATE: "Bearer"})
    body = await asyncio.to_thread(generate_latest, request.app[INSTRUMENTS].registry)
    return web.Response(body=body, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})


def readiness(database: Database) -> dict[str, bool]:
    """What must hold before work is sent here, each yes or no.

    Only yes or no: the reason names addresses and stands in the log of whoever starts it.
    """
    try:
        fit = is_fit(database)
    except (DatabaseUnreachable, Misconfigured):
        return {"database": False, "schema": False}
    return {"database": True, "schema": fit}


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Standing(Collector):
    """How the installation stands, counted in the database at most every 15 seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read_at = float("-inf")
        self._families: tuple[Metric, ...] = ()

    @override
    def collect(self) -> Iterator[Metric]:
        """What the database says; `faktura_database_up` alone where it does not answer."""
        up = GaugeMetricFamily("faktura_database_up", "1 where the database answers.")
        release = GaugeMetricFamily("faktura_release", "The release.", labels=["version"])
        release.add_metric([version("faktura")], 1)
        yield release
        try:
            families = self._counted()
        except FakturaError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from families

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: a process starts without asking the database for it."""
        return iter(())

    def _counted(self) -> tuple[Metric, ...]:
        if time.monotonic() - self._read_at > _KEPT_SECONDS:
            if not is_fit(self._database):
                # Its tables are those of another release, or not there: `/ready` says so.
                return ()
            with self._database.read(0) as tx:
                gauges = sorted(read_gauges(tx), key=lambda one: one.what)
            self._families = tuple(
                _family(what, {(one.tenant, one.state): one.value for one in group})
                for what, group in groupby(gauges, key=lambda one: one.what)
            )
            self._read_at = time.monotonic()
        return self._families


def _family(what: str, values: Mapping[tuple[str, str], float]) -> Metric:
    with_state = any(state for _, state in values)
    name = f"faktura_{what}" if what.endswith("_seconds") else f"faktura_{what}_standing"
    family = GaugeMetricFamily(
        name, f"{what.replace('_', ' ')}, by tenant", labels=["tenant", *["state"] * with_state]
    )
    for (tenant, state), value in values.items():
        family.add_metric([tenant, *[state] * with_state], value)
    return family
