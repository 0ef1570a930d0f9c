"""The pages on the company of company.py: nothing changes it, so all tests of a worker share one."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.web.company import company_app
from tests.web.visits import Browser, visiting

from faktura.bootstrap import App


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The application on SQLite."""
    folder = tmp_path_factory.mktemp("company")
    opened = company_app(f"sqlite:///{folder / 'faktura.db'}", folder)
    yield opened
    opened.close()


@pytest.fixture
async def browser(app: App) -> AsyncIterator[Browser]:
    """Of Berta, who sees both tenants."""
    async with visiting(app) as client:
        yield client


@pytest.fixture
async def stranger(app: App) -> AsyncIterator[Browser]:
    """Of nobody we know."""
    async with visiting(app, None) as client:
        yield client
