"""The page of a document that was dunned: its level, and every notice that reminds of it (F083)."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.web.company import company_app
from tests.web.test_pages import NORD, text_of
from tests.web.visits import Browser, visiting

from faktura.bootstrap import App
from faktura.flows.dunning import run_dunning
from faktura.services.dunning_policies import change_dunning_policy

LEVEL = {"days": 7, "interest": "OWN", "rate": "10"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Nordwind dunned on 31 October 2026 what was due on the 15th, with interest of 10 %."""
    opened = company_app(f"sqlite:///{tmp_path / 'faktura.db'}", tmp_path)
    with opened.database.write(opened.tenant_id("nord")) as tx:
        change_dunning_policy(tx, {"levels": [LEVEL]}, by="mia")
    run_dunning(opened.database, opened.tenant("nord"), date(2026, 10, 31))
    yield opened
    opened.close()


@pytest.fixture
async def browser(app: App) -> AsyncIterator[Browser]:
    """Of Berta."""
    async with visiting(app) as client:
        yield client


async def test_the_page_shows_the_level_and_each_notice(browser):
    """16 days of 71.40 at 10 % are 0.31: 71.71 are asked for."""
    shown = await text_of(browser, f"{NORD}/invoices/RE-000001")
    english = await text_of(browser, f"{NORD}/invoices/RE-000001", "en")

    assert "Mahnstufe 1" in shown
    assert "Mahnungen Datum Mahnstufe Zahlbar bis Mahnkosten Gefordert" in shown
    assert "31.10.2026 1 07.11.2026 MG-000001 71,71 €" in shown
    assert "31 Oct 2026 1 7 Nov 2026 MG-000001 €71.71" in english


async def test_what_was_never_dunned_says_nothing_of_it(browser):
    """RE-000003 was paid in time."""
    shown = await text_of(browser, f"{NORD}/invoices/RE-000003")

    assert "Mahnstufe" not in shown
    assert "Mahnungen" not in shown
