"""Braintree's deliveries: proven, named, and told apart (payments 3.5)."""

from base64 import encodebytes
from urllib.parse import urlencode

import pytest

from braintree_double import giving, hooks
from braintree_double.scene import NOW, Scene, by_paypal, collection, delivery
from faktura.kernel.outside_errors import DeliveryUnreadable, SignatureWrong
from faktura.plugin import Handshake, NoHttp, ProviderEvent, Runtime
from faktura_braintree.sdk import gateway_of
from faktura_braintree.webhooks import BraintreeWebhooks


def read(scene: Scene, body: bytes) -> ProviderEvent:
    """The one event of a delivery."""
    (event,) = scene.webhooks().read(delivery(body))
    assert isinstance(event, ProviderEvent)
    return event


def signed(scene: Scene, xml: bytes) -> bytes:
    """A form of any content, signed as Braintree does."""
    return hooks.signed_form(scene.world, encodebytes(xml).decode()).encode()


async def test_each_kind_names_the_object_its_facts_are_read_from(scene: Scene):
    """Transactions, disputes and revoked agreements; of other kinds only the name."""
    await scene.adapter().collect(by_paypal())
    giving.settle(scene.world)
    (sale,) = scene.world.sold()
    dispute = giving.dispute(scene.world, sale.id)
    giving.revoke(scene.world, "paypal_1")
    hooks.notify(scene.world, "disbursement_of_tomorrow", {"something": {"id": "x"}})
    decided = {"transaction_id": sale.id, "decision": "approve"}
    hooks.notify(scene.world, "transaction_reviewed", {"transaction_review": decided})

    events = [read(scene, body) for _kind, body in hooks.deliveries(scene.world)]

    assert [(one.type, one.payload) for one in events] == [
        ("transaction_settled", {"kind": "transaction_settled", "transaction": sale.id}),
        ("dispute_opened", {"kind": "dispute_opened", "dispute": dispute.id}),
        (
            "payment_method_revoked_by_customer",
            {"kind": "payment_method_revoked_by_customer", "token": "paypal_1"},
        ),
        ("disbursement_of_tomorrow", {"kind": "disbursement_of_tomorrow"}),
        ("transaction_reviewed", {"kind": "transaction_reviewed", "transaction": sale.id}),
    ]
    assert {one.occurred_at for one in events} == {NOW}
    assert len({one.id for one in events}) == 5


async def test_the_same_delivery_has_the_same_id(scene: Scene):
    """Braintree gives none: the hash of the signed text tells deliveries apart."""
    hooks.notify(scene.world, "check", {"check": True})
    (_, first), (_, again) = hooks.deliveries(scene.world, times=2)

    assert read(scene, first) == read(scene, again)
    assert len(read(scene, first).id) == 64


def test_the_sdks_own_samples_are_read(scene: Scene):
    """Signed by the SDK itself, not by our double."""
    sample = gateway_of(scene.settings()).webhook_testing.sample_notification("dispute_won", "d1")
    body = urlencode(sample).encode()

    assert read(scene, body).payload == {"kind": "dispute_won", "dispute": "d1"}


def test_a_challenge_is_answered_with_our_key(scene: Scene):
    """GET ?bt_challenge= at the registration of the address; the value was worked out by openssl."""
    answer = scene.webhooks().read(
        delivery(b"", "GET", bt_challenge="20f9f8ed05f77439fe955c977e4c8a53")
    )

    assert answer == Handshake(text="pub_key_1|1738a807f1626940fc61b52f0aad8e83eae5a7a4")


@pytest.mark.parametrize(
    "challenge", ["", "xyz", "20f9f8ed05f77439fe955c977e4c8a53\n<b>", "ABCDEF"]
)
def test_what_is_no_challenge_is_not_signed(scene: Scene, challenge: str):
    """We sign nothing that a stranger makes up."""
    with pytest.raises(SignatureWrong):
        scene.webhooks().read(delivery(b"", "GET", bt_challenge=challenge))


def test_a_delivery_with_a_wrong_signature_is_refused(scene: Scene):
    """Changed on the way, signed by another key, or not signed for our key at all."""
    hooks.notify(scene.world, "check", {"check": True})
    ((_, body),) = hooks.deliveries(scene.world)
    payload = encodebytes(b"<notification><kind>check</kind></notification>").decode()
    forged = hooks.signed_form(scene.world, payload, private_key="another")

    for wrong in (
        body.replace(b"pub_key_1", b"pub_key_2"),
        body.replace(b"bt_payload=P", b"bt_payload=Q"),
        forged.encode(),
        urlencode({"bt_signature": "", "bt_payload": payload}).encode(),
        urlencode({"bt_signature": "pub_key_1|ü", "bt_payload": payload}).encode(),
        urlencode({"bt_signature": "pub_key_1|0", "bt_payload": "<xml>"}).encode(),
    ):
        with pytest.raises(SignatureWrong):
            scene.webhooks().read(delivery(wrong))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"bt_signature=a",
        b"bt_payload=a",
        b"bt_signature=a&bt_signature=b&bt_payload=c",
        b"&".join(b"x=%d" % number for number in range(20)),
        b'{"bt_signature": "json"}',
    ],
)
def test_what_is_no_form_of_braintrees_is_unreadable(scene: Scene, body: bytes):
    """400, and nothing of it is believed."""
    with pytest.raises(DeliveryUnreadable):
        scene.webhooks().read(delivery(body))


@pytest.mark.parametrize(
    "xml",
    [
        b"no xml",
        b"<notification/>",
        b"<other><kind>check</kind></other>",
        b"<notification><kind>check</kind></notification>",
        b"<notification><kind></kind><subject><x>1</x></subject></notification>",
        (
            b"<notification><kind>transaction_settled</kind><subject><transaction><id>1</id>"
            b"</transaction></subject></notification>"
        ),
    ],
)
def test_what_is_signed_and_no_notification_is_unreadable(scene: Scene, xml: bytes):
    """The SDK lets the errors of its parser through: none of them reaches the receiver."""
    with pytest.raises(DeliveryUnreadable):
        scene.webhooks().read(delivery(signed(scene, xml)))


def test_a_notification_without_a_moment_is_read_all_the_same(scene: Scene):
    """Its time is for people only."""
    xml = b"<notification><kind>check</kind><subject><check>1</check></subject></notification>"

    assert read(scene, signed(scene, xml)).occurred_at is None


def test_reading_asks_nobody(scene: Scene):
    """Pure: a source works without any way out."""
    runtime = scene.runtime()
    blind = Runtime(runtime.clock, runtime.log, runtime.state, NoHttp())
    hooks.notify(scene.world, "check", {"check": True})
    ((_, body),) = hooks.deliveries(scene.world)

    (event,) = BraintreeWebhooks(scene.settings(), blind).read(delivery(body))

    assert isinstance(event, ProviderEvent)
    assert event.type == "check"
    assert collection().key == "01910000000070008000000000000001"
