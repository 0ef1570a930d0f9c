"""Facts as webhooks: filtered, signed, kept for who does not answer, told of who is switched off (P48)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from aiohttp.test_utils import unused_port
from tests.services.webhooks.scene import WebhookScene

from faktura.domain.events import EventType
from faktura.domain.webhook_signing import Signer
from faktura.domain.webhooks import Heard
from faktura.flows.webhook_messenger import open_endpoint
from faktura.kernel.outbox_terms import EndpointState
from faktura.services.endpoint_health import note
from faktura.services.webhook_endpoints import (
    EndpointWish,
    change_endpoint,
    delete_endpoint,
    pause_endpoint,
    resume_endpoint,
)
from faktura.services.webhook_secrets import current_secret
from faktura.store.deliveries import waiting_page
from faktura.store.transaction import Tx

PAID = EventType.INVOICE_PAYMENT_RECEIVED


async def test_a_fact_is_sent_with_tenant_and_type_and_a_signature(scene: WebhookScene):
    """Body, tenant in a header (F117), headers of Standard Webhooks."""
    endpoint = scene.add()
    with scene.read() as tx:
        secret = current_secret(tx, scene.keys, endpoint)

    scene.happens("K-1")
    await scene.work()

    ((headers, body),) = scene.receiver.came
    (told,) = scene.receiver.bodies
    assert (headers["faktura-tenant"], headers["faktura-event"]) == ("werk", "INVOICE_CREATED")
    assert (told["type"], told["tenant"], told["sequence"]) == ("INVOICE_CREATED", "werk", 1)
    assert told["data"] == {"customerNumber": "K-1", "no": 1}
    assert headers["webhook-id"] == told["id"]
    assert headers["webhook-timestamp"] == "1793433600"
    again = Signer.of([secret]).headers(told["id"], scene.clock.now(), body)
    assert headers["webhook-signature"] == again["webhook-signature"]
    assert secret.startswith("whsec_")
    assert scene.states() == ["DELIVERED"]
    assert scene.endpoint(endpoint.id).last_delivered_at == scene.clock.now()


async def test_an_endpoint_gets_the_types_that_it_wants(scene: WebhookScene):
    """None named: all of them."""
    scene.add("INVOICE_PAYMENT_RECEIVED", path="/paid")
    scene.add(path="/all")

    scene.happens("K-1")
    scene.happens("K-1", kind=PAID)
    await scene.work()

    assert sorted(one["type"] for one in scene.receiver.bodies) == [
        "INVOICE_CREATED",
        "INVOICE_PAYMENT_RECEIVED",
        "INVOICE_PAYMENT_RECEIVED",
    ]


async def test_what_is_not_taken_is_sent_again_under_the_same_id(scene: WebhookScene):
    """And what follows of the same customer waits, so that it comes in order."""
    scene.add()
    scene.receiver.refuses = {"K-1"}
    scene.happens("K-1", "K-2")
    scene.happens("K-1", "K-2")
    await scene.work()
    first = scene.receiver.taken_by("K-1")

    scene.receiver.refuses = set()
    await scene.later(timedelta(minutes=10))

    assert first == []
    assert scene.receiver.taken_by("K-1") == [1, 2]
    assert scene.receiver.taken_by("K-2") == [1, 2]
    assert scene.states() == ["DELIVERED"] * 4


async def test_a_fact_that_is_never_taken_keeps_its_pauses_while_others_are(scene: WebhookScene):
    """Each one that is taken says that the endpoint is well, and nothing of the one that is refused."""
    endpoint = scene.add()
    scene.receiver.refuses = {"K-1"}
    scene.happens("K-1")
    await scene.work()
    for _ in range(4):
        scene.happens("K-2")
        await scene.work()

    with scene.read() as tx:
        (refused,) = waiting_page(tx, endpoint.subscriber, None, 10)
    assert (refused.attempts, refused.due_at) == (1, scene.clock.now() + timedelta(minutes=1))
    assert scene.states() == ["PENDING"] + ["DELIVERED"] * 4
    assert scene.endpoint(endpoint.id).failures == 0


async def test_a_receiver_that_is_down_for_a_day_gets_all_in_order_afterwards(scene: WebhookScene):
    """It is probed, nothing is lost, and nobody has to do anything."""
    endpoint = scene.add()
    scene.receiver.status = 503
    for _ in range(24):
        scene.happens("K-1", "K-2", "K-3", "K-4", "K-5", "K-6")
        await scene.work()
        await scene.later(timedelta(hours=1))
    while_down = scene.endpoint(endpoint.id)

    scene.receiver.status = 200
    for _ in range(4):
        await scene.later(timedelta(hours=1))
    after = scene.endpoint(endpoint.id)

    assert while_down.state is EndpointState.ACTIVE
    assert while_down.problem == "it answered 503"
    assert set(scene.states()) == {"DELIVERED"}
    for customer in ("K-1", "K-2", "K-3", "K-4", "K-5", "K-6"):
        assert scene.receiver.taken_by(customer) == list(range(1, 25))
    assert (after.failures, after.failing_since, after.problem) == (0, None, "")


async def test_an_endpoint_that_fails_for_three_days_is_switched_off_and_told_of(
    scene: WebhookScene,
):
    """By an event, a task and a mail to the tenant; what waits is kept."""
    endpoint = scene.add()
    scene.receiver.status = 500
    scene.happens(*(f"K-{no}" for no in range(1, 9)))
    await scene.work()
    for _ in range(80):
        await scene.later(timedelta(hours=1))
    off = scene.endpoint(endpoint.id)

    assert off.state is EndpointState.DISABLED
    (told,) = scene.told(EventType.WEBHOOK_DISABLED)
    assert (told["endpoint"], told["host"]) == (str(endpoint.id), scene.receiver.host)
    assert told["problem"] == "it answered 500"
    assert told["failingSince"] == "2026-10-31T08:00:00+00:00"
    assert told["failures"] >= 10
    assert "/hook" not in str(told)
    ((kind, subject, problem),) = [one for one in scene.tasks() if one[0] == "WEBHOOK_DISABLED"]
    assert (kind, subject) == ("WEBHOOK_DISABLED", str(endpoint.id))
    assert f"faktura webhooks resume {endpoint.id}" in problem
    assert scene.mails().count("WEBHOOK_DISABLED") == 1


async def test_resuming_sends_all_that_waits(scene: WebhookScene):
    """Also what happened while it was switched off; the task is done."""
    endpoint = scene.add()
    scene.receiver.status = 410
    scene.happens("K-1")
    await scene.work()
    off = scene.endpoint(endpoint.id)
    scene.receiver.status = 200
    scene.happens("K-1")
    await scene.later(timedelta(minutes=1))
    before = scene.receiver.taken_by("K-1")

    with scene.write() as tx:
        resume_endpoint(tx, endpoint.id)
    await scene.work()

    assert (off.state, off.problem) == (EndpointState.DISABLED, "it answered 410")
    assert before == []
    assert scene.receiver.taken_by("K-1") == [1, 2]
    assert scene.tasks() == []
    assert scene.endpoint(endpoint.id).state is EndpointState.ACTIVE


async def test_a_paused_endpoint_gets_nothing_until_it_is_resumed(scene: WebhookScene):
    """What happens meanwhile waits, and nothing of it counts as a failure."""
    endpoint = scene.add()
    with scene.write() as tx:
        pause_endpoint(tx, endpoint.id)
    scene.happens("K-1")
    await scene.later(timedelta(hours=100))
    before = list(scene.receiver.came)
    with scene.write() as tx:
        resume_endpoint(tx, endpoint.id)
    await scene.work()

    assert before == []
    assert scene.receiver.taken_by("K-1") == [1]


@pytest.mark.parametrize("act", [pause_endpoint, delete_endpoint])
async def test_a_pass_under_way_ends_when_its_endpoint_is_not_to_get_more(
    scene: WebhookScene, act: Callable[[Tx, UUID], object]
):
    """It looks with each page: paused or removed meanwhile, nothing more is to be on its way."""
    endpoint = scene.add()
    messenger = await open_endpoint(scene.context, scene.tenant_id, endpoint.id)
    assert messenger is not None
    await messenger.prepare([])
    before = messenger.in_flight

    with scene.write() as tx:
        act(tx, endpoint.id)
    await messenger.prepare([])
    after = messenger.in_flight
    await messenger.close()

    assert (before, after) == (64, 0)


async def test_a_busy_endpoint_is_left_alone_as_long_as_it_asks(scene: WebhookScene):
    """429 with Retry-After."""
    endpoint = scene.add()
    scene.receiver.status, scene.receiver.headers = 429, {"Retry-After": "600"}
    scene.happens("K-1")
    await scene.work()
    scene.receiver.status = 200
    asked = scene.endpoint(endpoint.id).next_try_at

    await scene.later(timedelta(minutes=9))
    too_soon = scene.receiver.taken_by("K-1")
    await scene.later(timedelta(minutes=2))

    assert asked == scene.clock.now() - timedelta(minutes=1)
    assert too_soon == []
    assert scene.receiver.taken_by("K-1") == [1]


async def test_an_answer_that_comes_after_the_removal_changes_nothing(scene: WebhookScene):
    """It was on its way."""
    endpoint = scene.add()
    with scene.write() as tx:
        delete_endpoint(tx, endpoint.id)
        note(tx, endpoint.id, Heard(0, 1, gone=True))

    assert scene.told(EventType.WEBHOOK_DISABLED) == []


async def test_a_host_that_is_not_named_any_more_is_a_failure_of_its_endpoint(scene: WebhookScene):
    """Nothing is sent, and the reason stands with it."""
    endpoint = scene.add()
    scene.happens("K-1")
    scene.context = replace(scene.context, private_hosts=frozenset())

    await scene.work()

    assert scene.receiver.came == []
    assert scene.endpoint(endpoint.id).failures == 1
    assert "is not an https address" in scene.endpoint(endpoint.id).problem


async def test_another_address_is_given_a_fresh_start(scene: WebhookScene):
    """What was held against the old one is forgotten; what is not named stays."""
    endpoint = scene.add("INVOICE_CREATED")
    scene.receiver.status = 500
    scene.happens(*(f"K-{no}" for no in range(1, 7)))
    await scene.work()
    failing = scene.endpoint(endpoint.id)
    with scene.write() as tx:
        moved = change_endpoint(
            tx, endpoint.id, EndpointWish("https://hooks.example.com/"), frozenset()
        )
        named = change_endpoint(
            tx, endpoint.id, EndpointWish(event_types=(), description="till"), frozenset()
        )

    assert failing.failures >= 4
    assert (moved.failures, moved.problem, moved.url) == (0, "", "https://hooks.example.com/")
    assert moved.event_types == {"INVOICE_CREATED"}
    assert (named.event_types, named.description) == (frozenset(), "till")


@pytest.mark.parametrize("paused", [False, True])
async def test_what_waits_is_sent_to_another_address_at_once(scene: WebhookScene, paused: bool):
    """Its next try is an hour away for the old address's sake; a paused one still gets nothing."""
    endpoint = scene.add()
    scene.receiver.status = 500
    scene.happens("K-1")
    await scene.work()
    for minutes in (1, 5, 30):
        await scene.later(timedelta(minutes=minutes))
    scene.receiver.status = 200
    with scene.write() as tx:
        if paused:
            pause_endpoint(tx, endpoint.id)
        change_endpoint(tx, endpoint.id, EndpointWish(f"{scene.receiver.base}/new"), scene.hosts)

    await scene.work()

    assert scene.receiver.taken_by("K-1") == ([] if paused else [1])


async def test_a_dead_endpoint_does_not_keep_the_others_waiting(scene: WebhookScene):
    """It is asked a few times, and another one gets all of a thousand facts in one pass."""
    dead, well = scene.add(path="/dead"), scene.add()
    nobody = f"127.0.0.1:{unused_port()}"
    scene.name_host(nobody)
    with scene.write() as tx:
        change_endpoint(tx, dead.id, EndpointWish(f"http://{nobody}/"), scene.hosts)
    for _ in range(10):
        scene.happens(*(f"K-{no}" for no in range(100)))

    await scene.work()

    assert len(scene.receiver.came) == 1_000
    assert scene.endpoint(dead.id).failures <= 8
    assert scene.endpoint(well.id).failures == 0
    assert sorted(set(scene.states())) == ["DELIVERED", "PENDING"]
