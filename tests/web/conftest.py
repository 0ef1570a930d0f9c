"""The pages on the company of company.py: read-only, so all tests of a worker share one."""

from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tests.web.company import company_app

from faktura.bootstrap import App
from faktura.web.application import create_app

Browser = TestClient[web.Request, web.Application]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The application on SQLite."""
    folder = tmp_path_factory.mktemp("company")
    opened = company_app(f"sqlite:///{folder / 'faktura.db'}", folder)
    yield opened
    opened.close()


@pytest.fixture
async def browser(app: App) -> AsyncIterator[Browser]:
    """Opens pages; follows no redirect unless it is told to."""
    async with TestClient(TestServer(create_app(app))) as client:
        yield client
