"""What every test of the workspace stands on: fixed time, fixed ids, loopback only, databases."""

import functools
import gc
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import coverage
import psycopg
import pytest
import sqlalchemy
from hypothesis import settings
from psycopg import sql
from tests.databases import MigratedServer

from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from tests import databases

DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
LOOPBACK = re.compile(r"127(\.\d+){3}|::1|localhost")

# deadline=None: how long an example takes depends on the machine's other work, not on the rule.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, print_blob=True, database=None
)
settings.register_profile("nightly", max_examples=5_000, deadline=None, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the hypothesis profile and the one time zone all tests run in."""
    by_default = "ci" if os.environ.get("CI") == "true" else "dev"
    settings.load_profile(os.environ.get("FAKTURA_HYPOTHESIS_PROFILE", by_default))
    # Not UTC on purpose: code that asks the system for a date must show it (P3).
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    # The runner's terminal must not decide how wide a command prints.
    os.environ.pop("COLUMNS", None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Keep what this process covered before its end is told: a slow one is killed ten seconds later."""
    running = coverage.Coverage.current()
    if running is not None:
        running.save()


# Where tests search or repeat a whole journey, and where SQLite has run the same lines already,
# measuring them once more costs two thirds more time and shows nothing.
SEARCHES = (
    "tests/lives/",
    "tests/journeys/",
    "tests/web/api/test_schemathesis",
)
OWN_CODE_FOR_POSTGRESQL = ("tests/services/jobs/", "tests/services/store/")


def is_measured(item: pytest.Item) -> bool:
    """Whether the lines that a test runs count for the floors of coverage."""
    if item.nodeid.startswith(SEARCHES):
        return False
    on_postgresql = item.get_closest_marker("postgres") is not None
    return not on_postgresql or item.nodeid.startswith(OWN_CODE_FOR_POSTGRESQL)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop measuring for as long as a test runs that is not measured."""
    running = coverage.Coverage.current()
    if running is None or is_measured(item):
        return (yield)
    running.stop()
    try:
        return (yield)
    finally:
        running.start()


# Modules of a minute and more begin first, so that no worker is left alone with one at the end.
LONG = frozenset(
    {"test_lives.py", "test_schemathesis.py", "test_api_tour.py", "test_readme.py", "test_crash.py"}
)


# Doors hold no SQL, and these services are made of what other tests run on both databases in every run:
# the store, runs, jobs, statements, matching, races, locks, crashes. They themselves run on PostgreSQL in
# the nightly one.
BY_NIGHT = (
    "tests/web/api/",
    "tests/services/accounting/",
    "tests/services/changes/",
    "tests/services/contracts/",
    "tests/services/deposits/",
    "tests/services/payments/test_account",
    "tests/services/payments/test_chargeback",
    "tests/services/payments/test_debit_credits.py",
    "tests/services/payments/test_debit_files.py",
    "tests/services/payments/test_mandates.py",
    "tests/services/payments/test_means.py",
    "tests/services/payments/test_outcomes.py",
    "tests/services/payments/test_payment_accounts.py",
    "tests/services/payments/test_providers.py",
    "tests/services/payments/test_refund",
    "tests/journeys/test_readme.py",
    "tests/journeys/test_api_tour.py",
    "tests/services/imports/",
    "tests/services/documents/",
    "tests/services/bookings/",
    "tests/services/letters/",
    "tests/services/master_data/",
    "tests/services/mails/",
    "tests/services/texts/",
    "tests/services/events/",
    "tests/services/dunning_desk/",
    "tests/services/bank/test_batches.py",
    "tests/services/bank/test_commands.py",
    "tests/services/bank/test_feed_accounts.py",
    "tests/services/bank/test_feed_commands.py",
    "tests/services/bank/test_feed_ends.py",
    "tests/services/bank/test_feed_hazards.py",
    "tests/services/bank/test_feeds.py",
    "tests/services/bank/test_named_movement.py",
    "tests/services/bank/test_opening_items.py",
    "tests/services/bank/test_payments.py",
    "tests/services/bank/test_proposals.py",
    "tests/services/bank/test_returns",
    "tests/services/bank/test_sources.py",
    "tests/services/bank/test_statements_apart.py",
    "tests/services/bank/test_undoing_returns.py",
    "tests/services/jobs/test_commands.py",
    "tests/services/mail_sending/test_any_server.py",
    "tests/services/mail_sending/test_handing_over.py",
    "tests/services/outbox/test_commands.py",
    "tests/services/outbox/test_endpoints.py",
    "tests/services/webhooks/",
    "tests/journeys/test_demo.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long modules first; leave some of PostgreSQL to the nightly run."""
    for item in items:
        if item.nodeid.startswith(BY_NIGHT) and item.get_closest_marker("postgres") is not None:
            item.add_marker(pytest.mark.nightly)
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """Take what was collected out of the garbage collector's rounds: it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at 31 October 2026, 09:00 in Berlin."""
    return FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))


@pytest.fixture
def ids(clock: FixedClock) -> Uuid7Source:
    """Ids that are the same in every run."""
    numbers = count(1)
    return Uuid7Source(clock, random_bits=lambda _bits: next(numbers))


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(peer: socket.socket, address: object) -> None:
        if peer.family == getattr(socket, "AF_UNIX", None):
            return
        if isinstance(address, tuple) and LOOPBACK.fullmatch(str(address[0])):
            return
        raise RuntimeError(f"a test may only connect to loopback, not to {address}")

    def guarded(peer: socket.socket, address: object) -> None:
        check(peer, address)
        connect(peer, address)  # type: ignore[arg-type]  # checked above

    def guarded_ex(peer: socket.socket, address: object) -> int:
        check(peer, address)
        return connect_ex(peer, address)  # type: ignore[arg-type]  # checked above

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


@pytest.fixture(autouse=True, scope="session")
def _statements_compiled_once() -> Iterator[None]:
    """Let all engines share their compiled statements: a third of a test's time went there."""
    shared = {"compiled_cache": databases.CompiledOnce()}
    opened = functools.partial(sqlalchemy.create_engine, execution_options=shared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("faktura.store.database.create_engine", opened)
        yield


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A throw-away database of this test worker, as `postgresql+psycopg://…`; dropped at the end.

    Skips when no server answers, and fails instead where FAKTURA_TEST_POSTGRES_REQUIRED is set.
    """
    server = os.environ.get("FAKTURA_TEST_POSTGRES_URL") or DEFAULT_SERVER
    try:
        admin = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        reason = f"no PostgreSQL answers at {_without_password(server)}: {error}"
        if os.environ.get("FAKTURA_TEST_POSTGRES_REQUIRED"):
            pytest.fail(reason)
        pytest.skip(f"{reason}; set FAKTURA_TEST_POSTGRES_URL")
    name = f"faktura_test_{worker_id}_{secrets.token_hex(6)}"
    with admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        # The database is thrown away: it need not survive a crash of the machine.
        admin.execute(
            sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name))
        )
        info = admin.info
        password = f":{info.password}" if info.password else ""
        yield f"postgresql+psycopg://{info.user}{password}@{info.host}:{info.port}/{name}"
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _without_password(server: str) -> str:
    head, at, address = server.rpartition("@")
    scheme, _, credentials = head.partition("://")
    return f"{scheme}://{credentials.partition(':')[0]}{at}{address}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and no rows."""
    return databases.migrated_file(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def migrated_server(postgres_url: str) -> Iterator[MigratedServer]:
    """A second database of this test worker, which keeps its schema from test to test."""
    name = f"{postgres_url.rpartition('/')[2]}_kept"
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name))
        )
    yield MigratedServer(f"{postgres_url.rpartition('/')[0]}/{name}")
    server = f"{postgres_url.rpartition('/')[0]}/postgres".replace("+psycopg", "")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the schema and no rows, for SQLite and for PostgreSQL."""
    if request.param == "sqlite":
        copy = tmp_path / "faktura.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), copy)
        return f"sqlite:///{copy}"
    server: MigratedServer = request.getfixturevalue("migrated_server")
    return server.without_rows()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table, for SQLite and for PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'faktura.sqlite3'}"
    return databases.empty_server(request.getfixturevalue("postgres_url"))
