"""A journey through everything that handles secrets: none of them is ever printed, logged, told.

The one exception is the line that hands out a new key.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import ClientSession
from tests.journeys.collected import Collected, CollectingHandler, Done, run

from faktura.bootstrap import App, open_app
from faktura.domain.api_keys import presented_key, written_key
from faktura.services.api_keys import authenticate, list_keys
from faktura.store.database import open_database
from faktura.store.secrets import KeyRing, read_secrets
from faktura.web.serving import serving

OLD = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0="
NEW = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="
TYPO = "bmV3LW5ldy1uZXctbmV3LTYPO"
PIN = "pin-of-the-bank-4711"
SHORT = "pin-5"
FROM_ENVIRONMENT = "token-of-the-environment-0815"
DATABASE = "password-of-the-database"
PASSWORD = "password-of-a-person-2026"  # noqa: S105 - nobody's
GUESSED = "Z" * 42 + "A"
TENANT = (
    "--name", "A", "--street", "Weg 1", "--zip", "10115", "--city", "Berlin",
    "--vat-id", "DE987654321",
)  # fmt: skip
SCOPES = ("--scope", "contracts:write", "--scope", "invoices:read")
PLUGIN = """
from typing import Annotated
from pydantic import Field, SecretStr
from faktura.plugin import *


class Settings(AdapterSettings):
    pin: Annotated[SecretStr, Field(min_length=8)]
    token: SecretStr


class Parser(StatementParser):
    Settings = Settings
    format_id = "secretive"

    def recognises(self, head, filename):
        return False

    def parse(self, source, filename):
        yield from ()


@hookimpl
def describe_plugin():
    return PluginManifest(name="secretive", version="1", api_version=API_VERSION, families=())


@hookimpl
def register_statement_parsers():
    return (Parser,)
"""

Faktura = Callable[..., Done]


@pytest.fixture
def collected() -> Iterator[Collected]:
    """What the journey says; every log record of every level is part of it."""
    collected, root = Collected(), logging.getLogger()
    handler, level = CollectingHandler(collected), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield collected
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def faktura(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database_url: str, collected: Collected
) -> Faktura:
    """Runs `faktura` in an empty folder with a plugin that wants secrets."""
    packages = tmp_path / "packages"
    info = packages / "secretive-1.dist-info"
    info.mkdir(parents=True)
    (packages / "secretive_bank.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Name: secretive\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[faktura]\nsecretive = secretive_bank\n")
    monkeypatch.syspath_prepend(packages)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAKTURA_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("FAKTURA_PLUGINS", "secretive")
    monkeypatch.setenv("FAKTURA_SECRET_KEYS", OLD)
    monkeypatch.setenv("FAKTURA_SECRETIVE__TOKEN", FROM_ENVIRONMENT)

    def call(*arguments: str, stdin: str = "", **environment: str) -> Done:
        with monkeypatch.context() as own:
            for name, value in environment.items():
                own.setenv(name, value)
            return run(own, collected, *arguments, stdin=stdin)

    return call


def set_up(faktura: Faktura) -> None:
    """A tenant with a project that is switched on, and a user."""
    Path("projects.json").write_text(
        json.dumps({"projects": [{"key": "main", "name": "Main"}]}), encoding="utf-8"
    )
    for done in (
        faktura("db", "init", "--json"),
        faktura("tenants", "create", "a", *TENANT, "--json"),
        faktura("catalogue", "import", "projects.json", "--json"),
        faktura("keys", "switch-on", "main"),
        faktura("users", "create", "a@example.com", "--password-stdin", stdin=f"{PASSWORD}\n"),
    ):
        assert (done.code, done.err) == (0, "")


def keep_secrets(faktura: Faktura) -> None:
    """Settings of an adapter, right and wrong; the encryption key, changed, wrong and missing."""
    assert faktura("plugins", "set", "secretive", "pin", stdin=f"{PIN}\n").code == 0
    assert faktura("plugins", "check", "--tenant", "a", "--json").code == 0
    assert faktura("plugins", "set", "secretive", "pim", stdin=f"{PIN}\n").code == 1
    assert faktura("plugins", "set", "secretive", "pin", "--json", stdin=f"{PIN}\n").code == 2
    for options in ((), ("--json",)):
        rotate = ("db", "rotate-secrets", *options)
        assert faktura(*rotate, FAKTURA_SECRET_KEYS=NEW).code == 1
        assert faktura(*rotate, FAKTURA_SECRET_KEYS=f"{TYPO},{OLD}").code == 1
        assert faktura(*rotate, FAKTURA_SECRET_KEYS=f"{NEW},{OLD}").code == 0
        assert faktura(*rotate, FAKTURA_SECRET_KEYS=f"{OLD},{NEW}").code == 0
        check = ("plugins", "check", "--tenant", "a", *options)
        assert faktura(*check, FAKTURA_SECRET_KEYS=NEW).code == 1
        unreachable = f"postgresql://faktura:{DATABASE}@127.0.0.1:1/faktura"
        assert faktura("keys", "list", *options, FAKTURA_DATABASE_URL=unreachable).code == 1
        assert faktura("db", "status", FAKTURA_DATABASE_URL=f"mysql://a:{DATABASE}@b/c").code == 1
    assert faktura("plugins", "set", "secretive", "pin", stdin=f"{SHORT}\n").code == 0
    assert faktura("plugins", "check", "--tenant", "a", "--json").code == 1
    assert faktura("plugins", "set", "secretive", "pin", stdin=f"{PIN}\n").code == 0


def make_keys(faktura: Faktura) -> list[str]:
    """Two keys and the two that replace them, the way a person and a script make them."""
    create = ("keys", "create", "--name", "shop", *SCOPES)
    first = faktura(*create).out.splitlines()[1]
    second = json.loads(faktura(*create, "--json").out)
    rotated = faktura("keys", "rotate", str(presented_key(first).id)).out.splitlines()[1]
    other = json.loads(faktura("keys", "rotate", second["id"], "--json").out)
    for options in ((), ("--json",)):
        assert faktura("keys", "list", *options).code == 0
        assert faktura(*create, "--allow", "nowhere", *options).code == 1
        assert faktura("keys", "rotate", second["id"], *options).code == 1
        # Someone takes the key for its id.
        assert faktura("keys", "rotate", first, *options).code == 2
    assert faktura("keys", "revoke", second["id"]).code == 0
    return [first, second["key"], rotated, other["key"]]


async def serve(app: App, collected: Collected, keys: list[str]) -> list[int]:
    """Requests with right, ended and wrong keys, in the header and in wrong places."""
    good = presented_key(keys[0])
    guessed = written_key(good.tenant_id, good.id, GUESSED)
    statuses = []
    async with serving(app, "127.0.0.1", 0) as address, ClientSession() as client:
        for path in ("", "api/v1/Contracts", "api/v1/Gone", "admin"):
            for key in (*keys, guessed, keys[0][:-1], f"{keys[0]}="):
                for headers, query in (
                    ({"api-key": key}, {}),
                    ({"Authorization": f"Bearer {key}"}, {}),
                    ({}, {"api-key": key}),
                ):
                    async with client.get(
                        f"{address}{path}", headers=headers, params=query, allow_redirects=False
                    ) as response:
                        statuses.append(response.status)
                        told = dict(response.headers)
                        # Where the sign-in leads back to is the address that the browser asked for.
                        told.pop("Location", None)
                        collected.add(f"GET /{path}", f"{told} {await response.text()}")
    return statuses


def look_inside(app: App, collected: Collected, keys: list[str]) -> None:
    """What a developer or a traceback would print of the objects that hold secrets."""
    parser = app.adapters.parser(1, "secretive", instance="secretive")
    presented = presented_key(keys[0])
    with app.database.read(1) as tx:
        ring = KeyRing(app.settings.secret_keys)
        assert read_secrets(tx, ring, "secretive") == {"pin": PIN}
        kept = list_keys(tx)
        access = authenticate(tx, presented, ip_address("127.0.0.1"))
    for thing in (app, app.settings, app.adapters, ring, parser, presented, access, *kept):
        collected.add(type(thing).__name__, thing)
    collected.add("settings of an adapter", parser.settings)
    far = open_database(f"postgresql://a:{DATABASE}@127.0.0.1:1/x", app.clock, app.database.new_id)
    collected.add("database", far)


async def test_no_secret_is_ever_told(faktura: Faktura, collected: Collected):
    """Whatever a person, a script or a stranger does: output, errors, logs, answers, objects."""
    set_up(faktura)
    keep_secrets(faktura)
    keys = make_keys(faktura)
    environment = {"FAKTURA_SECRET_KEYS": f"{NEW},{OLD}", "FAKTURA_PLUGINS": "secretive"}
    app = open_app({**environment, **from_the_environment()})
    statuses = await serve(app, collected, keys)
    look_inside(app, collected, keys)
    app.close()

    told = collected.lines_with(secrets_of(keys))

    assert [source for source, _ in told] == [
        "faktura keys create, output",
        "faktura keys create, output",
        "faktura keys rotate, output",
        "faktura keys rotate, output",
    ]
    assert [line.strip() for _, line in told] == [
        keys[0],
        f'"key": "{keys[1]}"',
        keys[2],
        f'"key": "{keys[3]}"',
    ]
    # The journey went where it was meant to: into the door, and before it.
    assert {200, 401, 404} <= set(statuses)
    assert 500 not in statuses
    assert len(collected.lines_with(["request method=GET"])) == len(statuses)


def from_the_environment() -> dict[str, str]:
    """What the fixture has set for the commands."""
    return {name: os.environ[name] for name in ("FAKTURA_DATABASE_URL", "FAKTURA_SECRETIVE__TOKEN")}


def secrets_of(keys: list[str]) -> list[str]:
    """Every secret of the journey, and the hashes of those of the keys as they could be written."""
    own = [key[-43:] for key in keys]
    hashes = [sha256(secret.encode()) for secret in own]
    return [
        OLD, NEW, TYPO, PIN, SHORT, FROM_ENVIRONMENT, DATABASE, PASSWORD, GUESSED,
        # A key that was cut short is nearly the whole secret.
        *(secret[:-1] for secret in own),
        *(found.hexdigest() for found in hashes),
        *(repr(found.digest())[2:-1] for found in hashes),
    ]  # fmt: skip


def test_a_secret_in_any_text_would_be_found(
    faktura: Faktura, collected: Collected, caplog: pytest.LogCaptureFixture
):
    """The search itself works: a new key is found where it is handed out, a log line where it is."""
    printed = faktura("plugins", "new-key").out.strip()
    logging.getLogger("faktura.any").debug("attempt pin=%s", PIN)
    collected.add("thing", {"pin": SHORT})

    assert caplog.records
    assert collected.lines_with([printed, PIN, SHORT]) == [
        ("faktura plugins new-key, output", printed),
        ("log", f"faktura.any DEBUG attempt pin={PIN}"),
        ("thing", "{'pin': 'pin-5'} {'pin': 'pin-5'}"),
    ]
