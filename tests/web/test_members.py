"""Who sees which tenant: a foreign one is as if it did not exist (F135)."""

import re

import pytest
from tests.web.company import ANNA, BERTA, CARLA
from tests.web.visits import visiting

from faktura.services.users import add_member, create_user, remove_member

PAGES = ("status", "invoices", "invoices?q=GmbH", "invoices/RE-000001", "invoices/RE-000001/file",
         "invoices/RE-000001/file?format=xrechnung-cii")  # fmt: skip


async def seen(browser, path: str) -> tuple[int, dict[str, str], str]:
    """Everything of an answer that a reader could tell two by, without what every request has."""
    answer = await browser.get(path, allow_redirects=False)
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name.lower() not in ("x-request-id", "date", "content-length")
    }
    text = re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", "ID", await answer.text())
    # The address itself stands on the page, in the link to the other language.
    return answer.status, headers, text.replace("/sued/", "/T/").replace("/nowhere/", "/T/")


@pytest.mark.parametrize("user", [ANNA, CARLA])
@pytest.mark.parametrize("page", PAGES)
async def test_a_foreign_tenant_is_as_one_that_does_not_exist(app, user, page):
    """Every page: the same status, the same headers, the same words; nothing of the tenant."""
    async with visiting(app, user) as browser:
        foreign = await seen(browser, f"/admin/t/sued/{page}")
        missing = await seen(browser, f"/admin/t/nowhere/{page}")

    assert foreign == missing
    assert foreign[0] == 404
    assert "Süd" not in foreign[2]
    assert "297" not in foreign[2]


async def test_one_session_opens_all_tenants_of_a_user(app):
    """F135: switched by the address, without signing in again."""
    async with visiting(app, BERTA) as browser:
        shown = await (await browser.get("/admin")).text()
        pages = [
            await (await browser.get(f"/admin/t/{key}/status")).text() for key in ("nord", "sued")
        ]

    assert "Nordwind GmbH" in shown
    assert "Süd OHG" in shown
    assert "Nordwind GmbH" in pages[0]
    assert "Süd OHG" in pages[1]


async def test_the_only_tenant_of_a_user_is_entered_at_once(app):
    """Also where the installation has others, which are not told of."""
    async with visiting(app, ANNA) as browser:
        overview = await browser.get("/admin", allow_redirects=False)
        short = await browser.get("/invoices/RE-000001", allow_redirects=False)

    assert overview.headers["Location"] == "/admin/t/nord/status"
    assert short.headers["Location"] == "/admin/t/nord/invoices/RE-000001"


async def test_a_membership_counts_from_page_to_page(app):
    """Given and taken while the session goes on."""
    with app.database.write(0) as tx:
        create_user(tx, "dora@nord.example")
    async with visiting(app, "dora@nord.example") as browser:
        before = (await browser.get("/admin/t/sued/status")).status
        with app.database.write(app.tenant_id("sued")) as tx:
            add_member(tx, "dora@nord.example")
        during = (await browser.get("/admin/t/sued/status")).status
        with app.database.write(app.tenant_id("sued")) as tx:
            remove_member(tx, "dora@nord.example")
        after = (await browser.get("/admin/t/sued/status")).status

    assert (before, during, after) == (404, 200, 404)
