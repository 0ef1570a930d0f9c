"""The world of world.py, built once a worker and copied for each test, on both databases."""

import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from psycopg import sql
from tests.web.api.world import Caller, build, make_key, open_world

from faktura.bootstrap import App
from faktura.web.application import create_app


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the world in it."""
    file = tmp_path_factory.mktemp("world") / "faktura.db"
    build(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a database with the world in it, to be copied."""
    name = f"faktura_test_world_{secrets.token_hex(6)}"
    _order(postgres_url, "CREATE DATABASE {}", name)
    build(_at(postgres_url, name))
    yield name
    _order(postgres_url, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test alone, once for SQLite and once for PostgreSQL."""
    if request.param == "sqlite":
        copy = tmp_path / "faktura.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    server: str = request.getfixturevalue("postgres_url")
    template: str = request.getfixturevalue("postgres_template")
    name = f"faktura_test_copy_{secrets.token_hex(6)}"
    _order(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    _order(server, "ALTER DATABASE {} SET synchronous_commit = off", name)
    yield _at(server, name)
    _order(server, "DROP DATABASE {} WITH (FORCE)", name)


def _order(url: str, command: str, *names: str) -> None:
    # A connection each, and not to the worker's own database: its tests end all that is open there.
    with psycopg.connect(_at(url, "postgres").replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(sql.SQL(command).format(*(sql.Identifier(name) for name in names)))


def _at(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


@pytest.fixture
def app(world_url: str, tmp_path: Path) -> Iterator[App]:
    """The application on this test's world, with the plugins that read statements and write files."""
    opened = open_world(world_url, tmp_path, "xrechnung,camt")
    yield opened
    opened.close()


@pytest.fixture
async def calling(app: App) -> AsyncIterator[Callable[..., Caller]]:
    """Callers on one server: `calling("nord", scopes=…)` makes a key and asks with it."""
    async with TestClient(TestServer(create_app(app))) as client:

        def caller(tenant: str | None = "nord", **changes: object) -> Caller:
            return Caller(client, None if tenant is None else make_key(app, tenant, **changes))

        yield caller


@pytest.fixture
def nord(calling: Callable[..., Caller]) -> Caller:
    """Asks with a key of Nordwind that may do everything."""
    return calling("nord")


@pytest.fixture
def sued(calling: Callable[..., Caller]) -> Caller:
    """Asks with a key of Süd that may do everything."""
    return calling("sued")
