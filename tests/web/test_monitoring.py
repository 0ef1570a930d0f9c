"""`/live`, `/ready`, `/metrics`: what machines ask, and what they are not told."""

import asyncio
import dataclasses
import sqlite3

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from tests.services.company import opened
from tests.web.visits import visiting

from faktura.bootstrap import open_app
from faktura.bootstrap.instruments import Instruments
from faktura.store import migrations
from faktura.web.application import create_app
from faktura.web.monitoring import create_monitoring

TOKEN = "0123456789abcdef01234567"  # noqa: S105 - of this test alone
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def measured(app):
    """The company's application with a token set."""
    return dataclasses.replace(app, settings=dataclasses.replace(app.settings, metrics_token=TOKEN))


def samples(text: str) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Values by metric and labels, read by the library's own parser."""
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


async def test_a_process_that_serves_is_alive_and_ready(stranger):
    """Whoever asks and under whatever name: a probe knows the address alone."""
    live = await stranger.get("/live", headers={"Host": "10.0.0.7"})
    ready = await stranger.get("/ready", headers={"Host": "10.0.0.7"})

    assert (live.status, ready.status) == (200, 200)
    assert await ready.json() == {"database": True, "schema": True}
    assert (await stranger.get("/", headers={"Host": "10.0.0.7"})).status == 421


async def test_a_schema_of_another_release_is_not_ready_and_yet_alive(tmp_path):
    """Starting it again would not help: no work is sent, and nothing is killed."""
    file = tmp_path / "faktura.db"
    opened(f"sqlite:///{file}").close()
    app = open_app({"FAKTURA_DATABASE_URL": f"sqlite:///{file}"})
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    try:
        async with TestClient(TestServer(create_app(app))) as browser:
            ready, live = await browser.get("/ready"), await browser.get("/live")
            told = await ready.json()
    finally:
        app.close()

    assert (ready.status, live.status) == (503, 200)
    assert told == {"database": True, "schema": False}


async def test_a_schema_that_only_additions_took_ahead_is_ready(stranger, monkeypatch):
    """A rolling upgrade: the database is of the next release, and requests still come here."""
    monkeypatch.setattr(migrations, "_version", lambda _connection: "9999")
    monkeypatch.setattr(migrations, "_oldest", lambda _connection, _version: "0001")
    ahead = await stranger.get("/ready")
    monkeypatch.setattr(migrations, "_oldest", lambda _connection, _version: "9999")
    gone = await stranger.get("/ready")

    assert (ahead.status, gone.status) == (200, 503)


async def test_a_worker_whose_loop_hangs_is_not_alive(app):
    """120 seconds without a round, by its own clock."""
    seconds = [0.0]
    instruments = Instruments(lambda: seconds[0])
    async with TestClient(TestServer(create_monitoring(app, instruments))) as probe:
        before = (await probe.get("/live")).status
        instruments.went_round()
        seconds[0] = 119.0
        just = (await probe.get("/live")).status
        seconds[0] = 120.0
        late = (await probe.get("/live")).status
        other = await probe.get("/admin")
        body = await other.text()

    assert (before, just, late) == (200, 200, 503)
    assert (other.status, body) == (404, "")


async def test_metrics_are_closed_without_a_token_in_the_settings(stranger):
    """As if they were not there."""
    assert (await stranger.get("/metrics", headers=AUTHORISED)).status == 404


@pytest.mark.parametrize(
    "header", ["", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer ümlaut"]
)
async def test_a_wrong_token_opens_nothing(measured, header):
    """Nor does a session: Berta is signed in."""
    async with visiting(measured) as browser:
        answer = await browser.get("/metrics", headers={"Authorization": header})
        body = await answer.text()

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "faktura_release" not in body


async def test_a_token_that_is_no_text_opens_nothing(measured):
    """Bytes that are no UTF-8 are one more wrong token, not a defect of ours."""
    async with visiting(measured) as browser:
        reader, writer = await asyncio.open_connection(browser.host, browser.port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n")
        said = await reader.readline()
        writer.close()

    assert said == b"HTTP/1.1 401 Unauthorized\r\n"


async def test_what_waits_is_counted_by_tenant(measured):
    """The figures are what the sample company holds; read by Prometheus' own parser."""
    async with visiting(measured, None) as scraper:
        await scraper.get("/")
        await scraper.get("/api/v1/Invoices")
        await scraper.get("/no/such/page")
        await scraper.get("/live")
        found = samples(await (await scraper.get("/metrics", headers=AUTHORISED)).text())
    with measured.database.read(1) as tx:
        waiting = tx.connection.exec_driver_sql(
            "SELECT count(*) FROM job WHERE state = 'READY' AND tenant_id = 1"
        ).scalar_one()
        held = tx.connection.exec_driver_sql(
            "SELECT count(*) FROM quarantine WHERE tenant_id = 1"
        ).scalar_one()

    assert found["faktura_database_up"] == {(): 1.0}
    assert found["faktura_release"] == {(("version", "0.1.0"),): 1.0}
    assert waiting > 0
    assert found["faktura_jobs_standing"][(("state", "READY"), ("tenant", "nord"))] == waiting
    assert (
        found.get("faktura_quarantined_contracts_standing", {}).get((("tenant", "nord"),), 0.0)
        == held
    )
    assert found["faktura_last_billing_run_timestamp_seconds"][(("tenant", "nord"),)] > 1.7e9
    # A path is the caller's to choose: it never becomes a label. Probes are not counted.
    assert found["faktura_http_requests_total"] == {
        (("door", "pages"), ("method", "GET"), ("status", "200")): 1.0,
        (("door", "api"), ("method", "GET"), ("status", "401")): 1.0,
        (("door", "pages"), ("method", "GET"), ("status", "404")): 1.0,
    }


async def test_a_database_that_does_not_answer_is_one_figure(tmp_path):
    """The scrape itself goes on: an alarm needs it most then."""
    file = tmp_path / "faktura.db"
    opened(f"sqlite:///{file}").close()
    app = open_app({"FAKTURA_DATABASE_URL": f"sqlite:///{file}", "FAKTURA_METRICS_TOKEN": TOKEN})
    for each in tmp_path.glob("faktura.db*"):
        each.unlink()
    file.mkdir()
    try:
        async with TestClient(TestServer(create_monitoring(app, Instruments()))) as scraper:
            answer = await scraper.get("/metrics", headers=AUTHORISED)
            found = samples(await answer.text())
    finally:
        app.close()

    assert answer.status == 200
    assert found["faktura_database_up"] == {(): 0.0}
    assert "faktura_jobs_standing" not in found


async def test_a_database_without_our_tables_counts_nothing(tmp_path):
    """An empty one was put in place of ours: it answers, and `/ready` says what is wrong with it."""
    file = tmp_path / "faktura.db"
    opened(f"sqlite:///{file}").close()
    app = open_app({"FAKTURA_DATABASE_URL": f"sqlite:///{file}", "FAKTURA_METRICS_TOKEN": TOKEN})
    for each in tmp_path.glob("faktura.db*"):
        each.unlink()
    file.touch()
    try:
        async with TestClient(TestServer(create_monitoring(app, Instruments()))) as scraper:
            ready = await scraper.get("/ready")
            answer = await scraper.get("/metrics", headers=AUTHORISED)
            found = samples(await answer.text())
    finally:
        app.close()

    assert (ready.status, answer.status) == (503, 200)
    assert found["faktura_database_up"] == {(): 1.0}
    assert "faktura_jobs_standing" not in found


async def test_odd_methods_do_not_make_labels(measured):
    """Whoever sends a thousand of them fills no memory."""
    application = create_app(measured)
    async with visiting(measured, None, application=application) as scraper:
        for method in ("PROPFIND", "LINK"):
            await scraper.request(method, "/")
        found = samples(await (await scraper.get("/metrics", headers=AUTHORISED)).text())

    methods = {dict(labels)["method"] for labels in found["faktura_http_requests_total"]}
    assert methods == {"OTHER"}
