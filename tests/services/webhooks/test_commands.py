"""faktura webhooks, as an operator types it (F116, F117)."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner, Result
from tests.services.company import Company, opened

from faktura.cli.main import faktura
from faktura.kernel.errors import FieldInvalid, NotFound, UnknownTerm
from faktura.store.secrets import new_key

Shell = Callable[..., Result]
URL = "https://hooks.example.com/faktura"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs `faktura` over a company in a file."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    database = opened(url)
    Company(database)
    database.close()
    runner, key = CliRunner(), new_key()

    def run(*arguments: str, private: str = "", code: int = 0) -> Result:
        environment = {
            "FAKTURA_DATABASE_URL": url,
            "FAKTURA_PLUGINS": "",
            "FAKTURA_SECRET_KEYS": key,
            "FAKTURA_PRIVATE_HOSTS": private,
        }
        done = runner.invoke(faktura, ["webhooks", *arguments], env=environment)
        if isinstance(done.exception, Exception) and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done

    return run


def added(shell: Shell, *arguments: str, private: str = "") -> dict[str, Any]:
    """An endpoint, as a script reads it."""
    made = shell("add", *(arguments or (URL,)), "--json", private=private)
    record: dict[str, Any] = json.loads(made.stdout)
    return record


def test_an_endpoint_is_added_listed_and_shown(shell: Shell):
    """Its secret stands in what `add` prints, and in no list."""
    one = added(
        shell, URL, "--events", "INVOICE_CREATED, CUSTOMER_CHANGED", "--description", "Shop"
    )

    (listed,) = json.loads(shell("list", "--json").stdout)
    shown = json.loads(shell("show", one["id"], "--json").stdout)

    assert one.pop("secret").startswith("whsec_")
    assert one == listed == shown
    assert (one["url"], one["events"], one["description"], one["state"]) == (
        URL,
        ["CUSTOMER_CHANGED", "INVOICE_CREATED"],
        "Shop",
        "ACTIVE",
    )


def test_a_person_reads_what_to_do(shell: Shell):
    """Before the first one, and when it is there."""
    nothing = shell("list").stdout
    made = shell("add", URL).stdout

    assert nothing == "No endpoints. Add one: faktura webhooks add https://…\n"
    assert re.fullmatch(
        r"The endpoint [0-9a-f-]{36} is added\. Its receiver proves webhooks by this secret:\n"
        r"whsec_[A-Za-z0-9+/]{43}=\n",
        made,
    )
    assert URL in shell("list").stdout


def test_a_secret_is_replaced(shell: Shell):
    """`secret` prints the newest one."""
    one = added(shell)

    before = shell("secret", one["id"]).stdout.strip()
    rotated = shell("rotate", one["id"]).stdout.splitlines()
    script = json.loads(shell("rotate", one["id"], "--json").stdout)

    assert before == one["secret"]
    assert rotated[0] == (
        "Give it to the receiver within 24 hours, so long the old one signs along:"
    )
    assert rotated[1] not in (before, script["secret"])
    assert shell("secret", one["id"]).stdout.strip() == script["secret"]
    assert script["rotatedAt"] is not None


def test_what_is_named_is_changed(shell: Shell):
    """`all` are all types."""
    one = added(shell, URL, "--events", "INVOICE_CREATED")

    moved = json.loads(shell("change", one["id"], "--url", f"{URL}/2", "--json").stdout)
    every = json.loads(shell("change", one["id"], "--events", "all", "--json").stdout)

    assert (moved["url"], moved["events"]) == (f"{URL}/2", ["INVOICE_CREATED"])
    assert (every["url"], every["events"]) == (f"{URL}/2", "all")


def test_an_endpoint_is_paused_resumed_and_removed(shell: Shell):
    """Removed, it is unknown."""
    one = added(shell)["id"]

    paused = shell("pause", one).stdout
    state = json.loads(shell("show", one, "--json").stdout)["state"]
    resumed = shell("resume", one).stdout
    removed = shell("remove", one).stdout

    assert paused == f"The endpoint {one} is paused.\n"
    assert state == "PAUSED"
    assert resumed == f"The endpoint {one} gets what waits for it.\n"
    assert removed == f"The endpoint {one} is removed.\n"
    with pytest.raises(NotFound, match="faktura webhooks list"):
        shell("show", one)


def test_bad_input_is_refused_with_its_place(shell: Shell):
    """Address, types, and what is no id."""
    with pytest.raises(FieldInvalid, match="url, column 9: localhost"):
        shell("add", "https://localhost/")
    with pytest.raises(UnknownTerm, match=r"event types, no\. 2"):
        shell("add", URL, "--events", "INVOICE_CREATED,INVOICE_SENT")
    assert "faktura webhooks list" in shell("show", "7", code=2).stderr


@pytest.fixture
def base() -> Iterator[str]:
    """The address of a receiver in a thread: the command runs a loop of its own."""
    loop = asyncio.new_event_loop()
    app = web.Application()

    async def take(request: web.Request) -> web.Response:
        return web.Response(status=int(request.path[1:]), text="said")

    app.router.add_post("/{path}", take)
    server = TestServer(app)
    loop.run_until_complete(server.start_server())
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    asyncio.run_coroutine_threadsafe(server.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_an_endpoint_is_tried_out(shell: Shell, base: str):
    """Exit code 1 where it does not take a ping."""
    host = base.removeprefix("http://")
    well = added(shell, f"{base}/204", private=host)["id"]
    ill = added(shell, f"{base}/500", private=host)["id"]

    taken = json.loads(shell("ping", well, "--json", private=host).stdout)
    refused = json.loads(shell("ping", ill, "--json", private=host, code=1).stdout)

    assert (taken["taken"], taken["status"], taken["problem"]) == (True, 204, None)
    assert (refused["taken"], refused["answer"], refused["problem"]) == (
        False,
        "said",
        "it answered 500",
    )
