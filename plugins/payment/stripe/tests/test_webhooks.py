"""Deliveries: signatures over raw bytes, and every body the SDK stumbles over (1.1, 1.11)."""

import json

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from faktura.kernel.outside_errors import DeliveryUnreadable, SignatureWrong
from faktura.plugin import ProviderEvent, RawDelivery
from faktura_stripe.webhooks import _event_in
from stripe_double.deliveries import Postman
from stripe_double.scene import NOW, Scene, raw

BODY = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": 1796112000,
        "api_version": "2026-10-28.endive",
        "data": {"object": {"id": "pi_1", "object": "payment_intent"}},
    }
).encode()


def test_a_delivery_is_read(scene: Scene):
    read = scene.webhooks().read(raw(Postman(scene.world).signed(BODY)))

    assert read == (
        ProviderEvent(
            id="evt_1",
            type="payment_intent.succeeded",
            occurred_at=NOW,
            payload={
                "object": "payment_intent",
                "object_id": "pi_1",
                "payment": "",
                "api_version": "2026-10-28.endive",
            },
        ),
    )


def test_the_signature_of_the_sdk_is_ours(scene: Scene):
    header = stripe.WebhookSignature.generate_signature_header(
        BODY.decode(), "whsec_of_the_double", int(NOW.timestamp())
    )
    delivery = RawDelivery(method="POST", headers={"stripe-signature": header}, body=BODY)

    assert scene.webhooks().read(delivery)


def test_while_a_secret_is_rolled_both_count(scene: Scene):
    scene.world.secrets = ["whsec_new", "whsec_old"]
    delivery = raw(Postman(scene.world).signed(BODY))

    for secrets in (("whsec_new",), ("whsec_old",), ("whsec_older", "whsec_old")):
        assert scene.webhooks(webhook_secrets=secrets).read(delivery)
    with pytest.raises(SignatureWrong):
        scene.webhooks(webhook_secrets=("whsec_older",)).read(delivery)


@pytest.mark.parametrize("secrets", [(), ("",), ("  ",)])
def test_without_a_secret_nothing_is_believed(scene: Scene, secrets):
    scene.world.secrets = [""]
    delivery = raw(Postman(scene.world).signed(BODY))

    with pytest.raises(SignatureWrong):
        scene.webhooks(webhook_secrets=secrets).read(delivery)


def test_one_changed_byte_is_noticed(scene: Scene):
    right = raw(Postman(scene.world).signed(BODY))

    with pytest.raises(SignatureWrong):
        scene.webhooks().read(right.model_copy(update={"body": BODY + b" "}))


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**9])
def test_too_old_and_from_the_future_are_refused(scene: Scene, seconds):
    """The SDK takes any signature from the future."""
    moment = scene.world.now + seconds
    delivery = raw(Postman(scene.world).signed(BODY, at=moment))

    with pytest.raises(SignatureWrong, match="it was signed at"):
        scene.webhooks().read(delivery)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_the_tolerance_is_inclusive_and_a_setting(scene: Scene, seconds):
    delivery = raw(Postman(scene.world).signed(BODY, at=scene.world.now + seconds))

    assert scene.webhooks().read(delivery)
    if seconds:
        with pytest.raises(SignatureWrong):
            scene.webhooks(tolerance=10).read(delivery)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "v1=abc",
        "t=1796112000",
        "t=1796112000,v0=abc",
        "t=1,t=2,v1=abc",
        "t=999999999999,v1=abc",
        "t=-5,v1=abc",
        "t=¹²,v1=abc",
        "t=1796112000,v1=äöü",
        "=,=,=",
    ],
)
def test_garbled_headers_are_no_signatures(scene: Scene, header):
    delivery = RawDelivery(method="POST", headers={"stripe-signature": header}, body=BODY)

    with pytest.raises(SignatureWrong):
        scene.webhooks().read(delivery)


def test_only_the_first_scheme_counts(scene: Scene):
    header = raw(Postman(scene.world).signed(BODY)).headers["stripe-signature"]
    old = RawDelivery(
        method="POST",
        headers={"stripe-signature": header.replace("v1=", "v0=")},
        body=BODY,
    )

    with pytest.raises(SignatureWrong):
        scene.webhooks().read(old)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"evt_1"',
        b"no json",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": "evt_1"}',
        b'{"id": "evt_1", "type": "x"}',
        b'{"id": "evt_1", "type": "x", "data": {}}',
        b'{"id": "evt_1", "type": "x", "data": {"object": []}}',
        b'{"id": 7, "type": "x", "data": {"object": {"id": "pi_1"}}}',
        b'{"object": "v2.core.event", "id": "evt_1", "type": "v1.x"}',
        b'{"object": "v2.core.event", "id": "evt_1", "type": "v1.x", "related_object": null}',
    ],
)
def test_signed_bodies_that_are_no_events_are_unreadable(scene: Scene, body):
    delivery = raw(Postman(scene.world).signed(body))

    with pytest.raises(DeliveryUnreadable):
        scene.webhooks().read(delivery)


async def test_a_thin_event_leads_to_the_same_facts_under_the_same_id(scene: Scene):
    """Two endpoints, one thin, give one change two ids: Stripe names the other one (1.11)."""
    await scene.paid()
    event = next(one for one in scene.world.store.newest("event"))
    thin, full = Postman(scene.world).thin(event), Postman(scene.world).of(event)

    (of_thin,), (of_full,) = (scene.webhooks().read(raw(one)) for one in (thin, full))

    assert isinstance(of_thin, ProviderEvent)
    assert isinstance(of_full, ProviderEvent)
    assert (of_thin.id, of_thin.type) == (of_full.id, of_full.type)
    assert of_thin.occurred_at == NOW
    assert await scene.facts_of(thin) == await scene.facts_of(full)


@pytest.mark.parametrize("created", ['"yesterday"', '"2026-12-01T08:00:00"', "10", "1e400", "null"])
def test_a_moment_that_cannot_be_read_is_none(created):
    body = (
        '{"object": "v2.core.event", "id": "evt_1", "type": "v1.x", "created": '
        f'{created}, "related_object": {{"id": "pi_1", "type": "payment_intent"}}}}'
    )

    assert _event_in(body.encode()).occurred_at is None


def test_a_moment_that_is_none_of_our_calendar_is_none():
    body = BODY.replace(b"1796112000", b"9" * 30)

    assert _event_in(body).occurred_at is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "object", "data", "created", "related_object"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(_JSON)
def test_whatever_json_comes_is_read_or_refused_by_name(value):
    try:
        event = _event_in(json.dumps(value).encode())
    except DeliveryUnreadable:
        return
    assert event.id
    assert event.type
