"""`GET /`: version and health only, for monitors and for people."""

import sqlite3

from aiohttp.test_utils import TestClient, TestServer
from tests.services.company import opened

from faktura.bootstrap import open_app
from faktura.web.application import create_app


async def test_a_healthy_installation_says_so(browser):
    """Product, version, health: no name, no number of any tenant."""
    answer = await browser.get("/")

    assert answer.status == 200
    assert await answer.json() == {
        "product": "faktura",
        "version": "0.1.0",
        "healthy": True,
        "checks": {"database": True, "schema": True},
    }


async def test_a_browser_gets_a_page(browser):
    """With the way on to the administration."""
    page = await (await browser.get("/", headers={"Accept": "text/html,*/*;q=0.8"})).text()

    assert "Alles in Ordnung" in page
    assert "Nordwind" not in page
    assert 'href="/admin"' in page


async def health_after(tmp_path, spoil):
    """Status, JSON and page of an installation whose database file was changed while it served."""
    file = tmp_path / "faktura.db"
    opened(f"sqlite:///{file}").close()
    app = open_app({"FAKTURA_DATABASE_URL": f"sqlite:///{file}"})
    spoil(file)
    try:
        async with TestClient(TestServer(create_app(app))) as browser:
            answer = await browser.get("/")
            page = await (await browser.get("/", headers={"Accept": "text/html"})).text()
            return answer.status, await answer.json(), page
    finally:
        app.close()


async def test_a_schema_of_another_release_is_unhealthy(tmp_path):
    """503, so that a load balancer sees it."""

    def downgrade(file):
        connection = sqlite3.connect(file)
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
        connection.close()

    status, told, page = await health_after(tmp_path, downgrade)

    assert status == 503
    assert told["healthy"] is False
    assert told["checks"] == {"database": True, "schema": False}
    assert "Gestört" in page


async def test_a_database_that_does_not_answer_is_unhealthy(tmp_path):
    """The reason, which names the place, is not told."""

    def remove(file):
        for each in tmp_path.glob("faktura.db*"):
            each.unlink()
        file.mkdir()

    status, told, page = await health_after(tmp_path, remove)

    assert status == 503
    assert told["checks"] == {"database": False, "schema": False}
    assert str(tmp_path) not in page
