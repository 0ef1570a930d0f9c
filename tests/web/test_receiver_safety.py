"""The receiver among strangers: nobody is proved but by a signature, and nobody can do harm by volume."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text
from tests.web.receiving import Client, Receiving, deliver, events, receiving, seal

from faktura.store.inbox import read_delivery
from faktura.web.application import create_app
from faktura.web.deliveries import LARGEST_BODY, Intake
from faktura.web.keys import APP
from faktura.web.receiver import create_receiver


@pytest.fixture
def scene(tmp_path: Path, migrated_file: Path) -> Iterator[Receiving]:
    """Two tenants on SQLite."""
    file = tmp_path / "faktura.db"
    file.write_bytes(migrated_file.read_bytes())
    made = receiving(f"sqlite:///{file}", tmp_path)
    yield made
    made.app.close()


@pytest.fixture
async def client(scene: Receiving) -> AsyncIterator[Client]:
    """The way to the application."""
    async with TestClient(TestServer(create_app(scene.app))) as opened:
        yield opened


async def test_a_wrong_signature_is_refused_and_leaves_nothing(
    scene: Receiving, client: Client, caplog: pytest.LogCaptureFixture
):
    """400, counted in the log without a byte of it; changed bytes and a missing seal as well."""
    good = events("ev_1")
    answers = [
        await deliver(client, good, word="guessed"),
        await client.post(
            "/webhooks/seal/nord", data=good + b" ", headers={"X-Seal": seal("word of nord", good)}
        ),
        await client.post("/webhooks/seal/nord", data=b"geheim"),
        await deliver(client, b"no JSON"),
        await deliver(client, b'"stumble"'),
    ]

    assert [answer.status for answer in answers] == [400] * 5
    assert {await answer.text() for answer in answers} == {"Bad Request"}
    assert scene.stored() == 0
    lines = [one.getMessage() for one in caplog.records if one.name == "faktura.receiver"]
    assert "delivery_refused instance=seal tenant=nord error=signature_wrong refused=1" in lines
    assert "delivery_refused instance=seal tenant=nord error=delivery_unreadable refused=5" in lines
    assert "geheim" not in caplog.text


async def test_one_tenants_word_opens_no_other_inbox(scene: Receiving, client: Client):
    """A delivery that Süd's provider signed, sent to Nord."""
    answer = await deliver(client, events("ev_1"), word="word of sued")

    assert answer.status == 400
    assert scene.stored() == 0


async def test_the_same_event_of_two_tenants_is_two_events(scene: Receiving, client: Client):
    """Ids are those of an account: nobody can take another one's away."""
    await deliver(client, events("ev_1"), to="/webhooks/seal/sued", word="word of sued")
    await deliver(client, events("ev_1"))

    assert [len(scene.rows("nord")), len(scene.rows("sued"))] == [1, 1]


async def test_addresses_of_nobody_answer_alike(client: Client):
    """Whoever tries names out learns nothing: tenant, account, one that delivers nothing, no path."""
    answers = [
        await deliver(client, events("ev_1"), to=f"/webhooks/{address}")
        for address in ("seal/none", "none/nord", "none/none", "silent/nord", "seal/nord/more", "")
    ]

    assert {answer.status for answer in answers} == {404}
    assert {await answer.text() for answer in answers} == {"Not Found"}


async def test_an_account_whose_plugin_is_missing_may_deliver_again(client: Client):
    """503: what cannot be proved now is repeated; 404 would end it for good."""
    answer = await deliver(client, events("ev_1"), to="/webhooks/gone/nord")

    assert answer.status == 503


async def test_a_body_that_is_too_large_is_not_read_to_its_end(scene: Receiving, client: Client):
    """Whether it says so before or not."""
    large = b"x" * (LARGEST_BODY + 1)

    async def pieces() -> AsyncIterator[bytes]:
        for first in range(0, len(large), 65_536):
            yield large[first : first + 65_536]

    declared = await client.post("/webhooks/seal/nord", data=BytesIO(large))
    undeclared = await client.post("/webhooks/seal/nord", data=pieces())

    assert [declared.status, undeclared.status] == [413, 413]
    assert scene.stored() == 0


async def test_the_largest_body_is_kept(scene: Receiving, client: Client):
    """Exactly one MiB is read, in a thread."""
    body = events("ev_1")
    body += b" " * (LARGEST_BODY - len(body))

    assert (await deliver(client, body)).status == 200
    assert scene.stored() == 1


async def test_a_packed_body_is_refused(scene: Receiving, client: Client):
    """A signature is over the bytes that were sent, and a bomb is not unpacked."""
    packed = gzip.compress(events("ev_1"))

    answer = await deliver(client, packed, **{"Content-Encoding": "gzip"})

    assert answer.status == 415
    assert scene.stored() == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_not_taken(client: Client, method: str):
    """Only deliveries and handshakes."""
    answer = await client.request(method, "/webhooks/seal/nord")

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,POST"


async def test_another_host_is_not_ours(client: Client):
    """The address of the receiver is under our name, as every door."""
    answer = await deliver(client, events("ev_1"), Host="evil.example")

    assert answer.status == 421


async def _receiver_alone(scene: Receiving, intake: Intake) -> web.Application:
    application = web.Application()
    application[APP] = scene.app
    application.add_subapp("/webhooks", create_receiver(scene.app, intake))
    return application


async def test_a_body_that_does_not_come_is_not_waited_for(scene: Receiving):
    """Half a body, and then nothing."""
    application = await _receiver_alone(scene, Intake(patience=0.05))
    async with TestServer(application) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"POST /webhooks/seal/nord HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345"
        )
        first = await reader.readline()
        writer.close()

    assert first == b"HTTP/1.1 408 Request Timeout\r\n"
    assert scene.stored() == 0


async def test_too_much_at_once_is_asked_to_come_again(scene: Receiving):
    """The bodies under way together are bounded; room is given back."""
    application = await _receiver_alone(scene, Intake(largest_sum=200))
    async with TestClient(TestServer(application)) as client:
        refused = await deliver(client, events("ev_1") + b" " * 200)
        later = await deliver(client, events("ev_1"))

    assert (refused.status, refused.headers["Retry-After"]) == (429, "30")
    assert later.status == 200


async def test_strange_headers_and_names_do_no_harm_to_rows(scene: Receiving, client: Client):
    """Bytes that are no text, a word of another line: kept readable, on one line."""
    body = json.dumps([{"id": "ev_1", "type": "paid\nfaked=1\x1b[31m", "payload": {"x": "\x00"}}])
    request = (
        f"POST /webhooks/seal/nord?token=geheim&via=test HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
        f"X-Seal: {seal('word of nord', body.encode())}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n"
    ).encode() + b"X-Odd: \xff\xfe\r\nX-Api-Key: geheim\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(request + body.encode())
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    (row,) = scene.rows()
    assert row.type == "paidfaked=1[31m"
    with scene.app.database.read(scene.tenants["nord"]) as tx:
        envelope, _ = read_delivery(tx, row.id)
    said = json.loads(envelope)
    assert said["headers"]["x-odd"] == "??"
    assert said["query"] == {"via": "test"}
    assert "geheim" not in envelope


async def test_what_the_database_refuses_harms_nobody_else(
    scene: Receiving, client: Client, caplog: pytest.LogCaptureFixture
):
    """A poisoned delivery in a group: it gets 503 and comes again, the others are kept."""
    with scene.app.database.write(0) as tx:
        tx.connection.execute(
            text(
                "CREATE TRIGGER poison BEFORE INSERT ON inbox WHEN NEW.event_id = 'poison'"
                " BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
    names = ["poison" if no == 5 else f"ev_{no}" for no in range(12)]

    answers = await asyncio.gather(*(deliver(client, events(name)) for name in names))

    assert [answer.status for answer in answers] == [200] * 5 + [503] + [200] * 6
    assert {row.event_id for row in scene.rows()} == set(names) - {"poison"}
    with scene.app.database.write(0) as tx:
        tx.connection.execute(text("DROP TRIGGER poison"))
    assert (await deliver(client, events("poison"))).status == 200
    assert logging.ERROR in {one.levelno for one in caplog.records}
