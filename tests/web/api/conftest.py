"""The world of world.py, built once a worker and copied for each test, on both databases."""

import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer
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
def postgres_world(postgres_url: str) -> Iterator[str]:
    """The address of a database with the world in it, and a second time in the schema `kept`."""
    name = f"faktura_test_world_{secrets.token_hex(6)}"
    url = _at(postgres_url, name)
    _order(_at(postgres_url, "postgres"), f"CREATE DATABASE {name}")
    _order(_at(postgres_url, "postgres"), f"ALTER DATABASE {name} SET synchronous_commit = off")
    build(url)
    _order(url, "CREATE SCHEMA kept")
    for table in _tables(url):
        _order(url, f"CREATE TABLE kept.{table} AS TABLE public.{table}")
    yield url
    _order(_at(postgres_url, "postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the world as it was built, once for SQLite and once for PostgreSQL."""
    if request.param == "sqlite":
        copy = tmp_path / "faktura.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        return f"sqlite:///{copy}"
    url: str = request.getfixturevalue("postgres_world")
    # Put back row by row, in one go: a new database for each test would cost a second.
    _order(
        url,
        # Neither the triggers that guard facts nor foreign keys are asked.
        "SET session_replication_role = replica;"
        + "".join(
            f"DELETE FROM public.{table};"
            f"INSERT INTO public.{table} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{table};"
            for table in _tables(url)
        ),
    )
    return url


@cache
def _tables(url: str) -> list[str]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        return [name for (name,) in rows]


def _order(url: str, command: str) -> None:
    # A connection each, and none to the worker's own database: its tests end all that is open there.
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(command.encode())


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
