"""`faktura serve` as a process: it answers, and a signal stops it and its worker in good order."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from click.testing import CliRunner
from tests.services.company import opened

from faktura.bootstrap import PublicUrl
from faktura.bootstrap.instruments import Instruments
from faktura.cli.main import faktura
from faktura.kernel.errors import Conflict, Misconfigured, ServingRefused
from faktura.web.serving import monitored, serving

MAIN = "from faktura.cli.main import main; main()"
LIMIT_SECONDS = 60


@pytest.fixture
def database(tmp_path):
    """The address of an empty installation, with its plugins switched off."""
    url = f"sqlite:///{tmp_path / 'faktura.db'}"
    opened(url).close()
    return url


def started(tmp_path, database: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("FAKTURA_")
    }
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, "serve", "--port", "0", *arguments],
        cwd=tmp_path,
        env={**environment, "FAKTURA_DATABASE_URL": database},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_stops_with_its_worker(tmp_path, database, number):
    """The worker works beside it and is gone before serve ends; exit code 0, no traceback."""
    process = started(tmp_path, database)
    assert process.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    assert address is not None
    worker = re.match(r"worker \S+-(\d+)-\w{8} is running", process.stdout.readline())
    assert worker is not None

    with urllib.request.urlopen(address[0], timeout=LIMIT_SECONDS) as answer:  # noqa: S310 - ours
        body = answer.read()
    process.send_signal(number)
    _, errors = process.communicate(timeout=LIMIT_SECONDS)

    assert b'"healthy": true' in body
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert re.search(
        r"INFO faktura\.web request method=GET path=/ status=200 ms=\d+ peer=127\.0\.0\.1"
        r" request=[0-9a-f-]{36}\n",
        errors,
    )
    assert not is_alive(int(worker[1]))


def test_without_a_worker_there_is_none(tmp_path, database):
    """Where other processes do the background jobs."""
    process = started(tmp_path, database, "--no-worker")
    assert process.stdout is not None
    process.stdout.readline()

    process.terminate()
    output, _ = process.communicate(timeout=LIMIT_SECONDS)

    assert process.returncode == 0
    assert "worker" not in output


def test_a_host_that_others_reach_is_refused_before_anything_starts(tmp_path, monkeypatch):
    """Named error, exit code 1 in main(); no database is touched."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(faktura, ["serve", "--host", "0.0.0.0"])  # noqa: S104 - refused

    assert isinstance(result.exception, ServingRefused)
    assert list(tmp_path.iterdir()) == []


async def test_a_taken_port_is_named(app):
    """What to do stands beside it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(Conflict, match=f"port {port} of 127.0.0.1 is in use") as taken:
            async with serving(app, "127.0.0.1", port):
                pass

        with pytest.raises(Conflict, match="is in use") as monitor:
            async with monitored(app, Instruments(), "127.0.0.1", port):
                pass

    assert taken.value.place == "--port"
    assert monitor.value.place == "--monitor"


async def test_an_address_that_is_not_ours_is_named(app, monkeypatch):
    """Loopback, but none of this machine: it cannot be listened on."""
    with pytest.raises(Misconfigured, match=r"127\.0\.0\.1:1 cannot be listened on: Permission"):
        async with _forbidden(app, monkeypatch):
            pass


def _forbidden(app, monkeypatch):
    """Serving where the system refuses low ports, as it does to whoever is not root."""

    async def refused(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("aiohttp.web.TCPSite.start", refused)
    return serving(app, "127.0.0.1", 1)


async def test_a_public_address_lets_it_listen_elsewhere(app):
    """On all addresses; it answers to the public name and to no other."""
    public = PublicUrl("https", "billing.example.com")
    opened = replace(app, settings=replace(app.settings, public_url=public))

    async with serving(opened, "0.0.0.0", 0) as address, ClientSession() as client:  # noqa: S104
        there = address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        named = await client.get(there, headers={"Host": "billing.example.com"})
        foreign = await client.get(there, headers={"Host": "evil.example"})

    assert (named.status, foreign.status) == (200, 421)


async def test_serving_outside_of_this_machine_is_refused_here_too(app):
    """Whoever calls it: the check belongs to the door, not to one command."""
    with pytest.raises(ServingRefused):
        async with serving(app, "0.0.0.0", 0):  # noqa: S104 - refused
            pass


async def test_bytes_that_are_no_http_are_not_quoted_in_the_log(app, caplog):
    """One line says that something came; a query string too long to read stays out of the log."""
    async with serving(app, "127.0.0.1", 0) as address:
        port = int(address.rpartition(":")[2].strip("/"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /?q=" + b"geheim" * 2_000 + b" HTTP/1.1\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert answer.startswith(b"HTTP/1.0 400")
    assert [record.getMessage() for record in caplog.records] == ["request_unreadable"]
    assert "geheim" not in caplog.text
