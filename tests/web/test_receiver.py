"""The receiver: what is proved is kept, then answered; what a repeat brings is there already (F119, P30, P32)."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import event
from tests.web.receiving import NORD, SUED, Client, Receiving, deliver, events, receiving, seal

from faktura.domain.inbox import InboxChannel
from faktura.kernel.payment_terms import InboxState
from faktura.store.inbox import read_delivery
from faktura.web.application import create_app


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Receiving]:
    """Two tenants on a database of each kind."""
    made = receiving(database_url, tmp_path)
    yield made
    made.app.close()


@pytest.fixture
async def client(scene: Receiving) -> AsyncIterator[Client]:
    """The provider's way to us."""
    async with TestClient(TestServer(create_app(scene.app))) as opened:
        yield opened


async def test_a_proved_delivery_is_kept_byte_for_byte_and_answered(
    scene: Receiving, client: Client
):
    """The raw bytes, the headers without what lets somebody in, the verdict, and the event itself."""
    body = b' [ {"id":"ev_1", "type":"payment.paid", "payload":{"about":"pi_1"}} ]\n'

    answer = await deliver(client, body, Authorization="Basic c2VjcmV0", **{"User-Agent": "seal/1"})

    assert (answer.status, await answer.text()) == (200, "OK")
    assert "Set-Cookie" not in answer.headers
    (row,) = scene.rows()
    assert (row.instance, row.event_id, row.type) == ("seal", "ev_1", "payment.paid")
    assert (row.channel, row.state, row.tries) == (InboxChannel.WEBHOOK, InboxState.NEW, 0)
    assert json.loads(row.event) == {
        "id": "ev_1",
        "type": "payment.paid",
        "occurred_at": None,
        "payload": {"about": "pi_1"},
    }
    with scene.app.database.read(scene.tenants[NORD]) as tx:
        envelope, kept = read_delivery(tx, row.id)
    assert kept == body
    said = json.loads(envelope)
    assert (said["verdict"], said["method"]) == ("VERIFIED", "POST")
    assert said["headers"]["x-seal"] == seal("word of nord", body)
    assert said["headers"]["user-agent"] == "seal/1"
    assert "authorization" not in said["headers"]
    assert scene.jobs() == [(scene.tenants[NORD], "HANDLE_INBOX")]


async def test_a_repeat_is_answered_and_kept_once(scene: Receiving, client: Client):
    """Also beside something new, with a slash at the end, and with other bytes (P32)."""
    answers = [
        await deliver(client, events("ev_1")),
        await deliver(client, events("ev_1"), to="/webhooks/seal/nord/"),
        await deliver(client, events("ev_1", "ev_2", "ev_2", kind="other")),
    ]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert [(row.event_id, row.type) for row in scene.rows()] == [
        ("ev_1", "payment.paid"),
        ("ev_2", "other"),
    ]
    # The job that waits handles all that is new when it begins.
    assert scene.jobs() == [(scene.tenants[NORD], "HANDLE_INBOX")]


async def test_what_arrives_together_shares_commits(scene: Receiving, client: Client):
    """Forty deliveries to two tenants at once: all are kept, in far fewer transactions (decision 0022)."""
    commits = 0

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1

    # Looked up before: reading ends with a commit as well.
    await deliver(client, events("first"))
    await deliver(client, events("first"), to="/webhooks/seal/sued", word="word of sued")
    event.listen(scene.app.database.engine, "commit", count)
    answers = await asyncio.gather(
        *(deliver(client, events(f"n{no}")) for no in range(20)),
        *(
            deliver(client, events(f"s{no}"), to="/webhooks/seal/sued", word="word of sued")
            for no in range(20)
        ),
    )

    assert {answer.status for answer in answers} == {200}
    assert {row.event_id for row in scene.rows()} == {"first", *(f"n{no}" for no in range(20))}
    assert {row.event_id for row in scene.rows(SUED)} == {"first", *(f"s{no}" for no in range(20))}
    assert commits <= 20


async def test_events_of_one_delivery_are_kept_together_or_not_at_all(
    scene: Receiving, client: Client
):
    """One of them has no usable id: the delivery is refused whole."""
    answer = await deliver(client, events("good", "b\x00d"))

    assert answer.status == 400
    assert scene.stored() == 0


async def test_a_new_word_counts_within_seconds(scene: Receiving, client: Client):
    """Settings are looked up anew every five seconds, without a restart."""
    first = await deliver(client, events("ev_1"))
    scene.set_word(NORD, "new word")
    scene.clock.advance(timedelta(seconds=5))

    old = await deliver(client, events("ev_2"))
    new = await deliver(client, events("ev_3"), word="new word")

    assert [answer.status for answer in (first, old, new)] == [200, 400, 200]
    assert [row.event_id for row in scene.rows()] == ["ev_1", "ev_3"]


async def test_a_handshake_is_answered_and_not_kept(scene: Receiving, client: Client):
    """A provider that tries the address out; by GET nothing else comes."""
    repeated = await client.get("/webhooks/seal/nord", params={"challenge": "c-1"})
    nothing = await client.get("/webhooks/seal/nord/", headers={"X-Seal": "?"})
    empty = await client.get("/webhooks/seal/nord", headers={"X-Seal": seal("word of nord", b"")})

    assert (repeated.status, await repeated.text()) == (200, "c-1")
    assert repeated.content_type == "text/plain"
    assert [nothing.status, empty.status] == [400, 400]
    assert scene.stored() == 0


async def test_a_delivery_without_events_is_answered(scene: Receiving, client: Client):
    """There is nothing to keep, and nothing to repeat."""
    assert (await deliver(client, b"[]")).status == 200
    assert scene.stored() == 0
