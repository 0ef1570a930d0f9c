"""Secrets of webhooks: replaced with a day for the receiver to follow, proved by its library (P51)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from tests.services.webhooks.scene import WebhookScene

from faktura.domain.events import EventType
from faktura.domain.webhook_signing import Signer
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import Misconfigured, SettingMissing
from faktura.services.webhook_endpoints import (
    EndpointWish,
    add_endpoint,
    delete_endpoint,
    rotate_endpoint,
)
from faktura.services.webhook_secrets import current_secret, signer_of
from faktura.store.secrets import KeyRing, new_key, read_secrets

PAID = EventType.INVOICE_PAYMENT_RECEIVED


async def test_both_secrets_sign_for_a_day_after_a_rotation(scene: WebhookScene):
    """Then the old one is worth nothing."""
    endpoint = scene.add()
    with scene.read() as tx:
        old = current_secret(tx, scene.keys, endpoint)
    with scene.write() as tx:
        rotated, new = rotate_endpoint(tx, scene.keys, endpoint.id)

    def signers() -> Signer:
        with scene.read() as tx:
            return signer_of(tx, scene.keys, scene.endpoint(endpoint.id))

    at_once = signers()
    scene.clock.advance(timedelta(hours=23, minutes=59))
    a_day_later = signers()
    scene.clock.advance(timedelta(minutes=1))
    after = signers()

    assert rotated.rotated_at == scene.endpoint(endpoint.id).rotated_at
    assert old != new
    assert at_once == a_day_later == Signer.of([new, old])
    assert after == Signer.of([new])


async def test_another_rotation_within_a_day_does_not_end_what_the_receiver_knows(
    scene: WebhookScene,
):
    """The answer with the second secret may have been lost; four sign at most, for a day."""
    endpoint = scene.add()
    with scene.read() as tx:
        made = [current_secret(tx, scene.keys, endpoint)]
    signers = []
    for _ in range(4):
        with scene.write() as tx:
            made.insert(0, rotate_endpoint(tx, scene.keys, endpoint.id)[1])
        with scene.read() as tx:
            signers.append(signer_of(tx, scene.keys, scene.endpoint(endpoint.id)))
    scene.clock.advance(timedelta(hours=24))
    with scene.write() as tx:
        _, last = rotate_endpoint(tx, scene.keys, endpoint.id)
    with scene.read() as tx:
        a_day_later = signer_of(tx, scene.keys, scene.endpoint(endpoint.id))

    newest, fourth, third, second, first = made
    assert signers == [
        Signer.of([second, first]),
        Signer.of([third, second, first]),
        Signer.of([fourth, third, second, first]),
        Signer.of([newest, fourth, third, second]),
    ]
    assert a_day_later == Signer.of([last, newest])


async def test_a_secret_whose_key_is_lost_is_replaced_by_a_rotation(scene: WebhookScene):
    """What cannot be read signs nothing along; the new one does, under the new key."""
    endpoint = scene.add()
    with scene.write() as tx:
        rotate_endpoint(tx, scene.keys, endpoint.id)
    fresh = KeyRing([new_key()])

    with scene.write() as tx:
        _, secret = rotate_endpoint(tx, fresh, endpoint.id)

    with scene.read() as tx:
        assert signer_of(tx, fresh, scene.endpoint(endpoint.id)) == Signer.of([secret])


async def test_a_removed_endpoint_gets_nothing_and_leaves_no_secret(scene: WebhookScene):
    """What waits is given up; what was delivered stays in the log."""
    endpoint = scene.add()
    scene.happens("K-1")
    await scene.work()
    scene.receiver.status = 500
    scene.happens("K-1")
    await scene.work()
    with scene.write() as tx:
        delete_endpoint(tx, endpoint.id)
    scene.receiver.status = 200
    scene.happens("K-1")
    await scene.later(timedelta(hours=30))

    assert scene.states() == ["DELIVERED", "DEAD"]
    assert scene.receiver.taken_by("K-1") == [1]
    with scene.read() as tx:
        assert read_secrets(tx, scene.keys, endpoint.secret_instance) == {}


async def test_a_lost_key_is_no_failure_of_the_endpoint(scene: WebhookScene):
    """The installation mends it, then all goes on."""
    endpoint = scene.add()
    scene.happens("K-1")
    scene.context = replace(scene.context, keys=KeyRing([]))

    with pytest.raises(Misconfigured):
        await scene.work()

    assert scene.endpoint(endpoint.id).failures == 0
    assert scene.states() == ["PENDING"]


async def test_without_a_key_for_secrets_no_endpoint_is_added(scene: WebhookScene):
    """A secret is never kept in clear."""
    with scene.write() as tx, pytest.raises(SettingMissing, match="secrets need a key"):
        add_endpoint(tx, KeyRing([]), EndpointWish("https://hooks.example.com/"), frozenset())


async def test_receivers_prove_webhooks_with_the_library_of_the_standard(scene: WebhookScene):
    """With the old and with the new secret after a rotation; whatever was changed is refused."""
    # The library goes by the machine's clock.
    scene.clock.advance(SystemClock().now() - scene.clock.now())
    endpoint = scene.add()
    with scene.write() as tx:
        old = current_secret(tx, scene.keys, endpoint)
        _, new = rotate_endpoint(tx, scene.keys, endpoint.id)

    scene.happens("K-1")
    await scene.work()

    ((headers, body),) = scene.receiver.came
    assert Webhook(old).verify(body, headers)["data"] == {"customerNumber": "K-1", "no": 1}
    assert Webhook(new).verify(body, headers)["id"] == headers["webhook-id"]
    for changed_headers, changed_body in (
        (headers, body.replace(b"K-1", b"K-2")),
        ({**headers, "webhook-id": "another"}, body),
        ({**headers, "webhook-signature": "v1,AAAA"}, body),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(new).verify(changed_body, changed_headers)
