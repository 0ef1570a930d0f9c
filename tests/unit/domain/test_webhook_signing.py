"""Signatures of webhooks, against the library that receivers use (Standard Webhooks)."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from faktura.domain.webhook_signing import Signer, new_signing_secret
from faktura.kernel.clock import SystemClock

OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
BODY = '{"type":"PING","data":{"name":"Müller"}}'.encode()


@pytest.fixture
def now() -> datetime:
    """The moment of the test: a receiver refuses what is too old or too new for its own clock."""
    return SystemClock().now()


def test_a_signature_is_that_of_the_standard():
    """The example of the standard's own libraries."""
    at = datetime(2021, 2, 25, 15, 5, 6, tzinfo=UTC)
    body = b'{"test": 2432232314}'

    headers = Signer.of([OLD]).headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265506",
        "webhook-signature": Webhook(OLD).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body.decode()),
    }


def test_a_secret_is_32_random_bytes_in_base64():
    """As receivers take it."""
    assert new_signing_secret(lambda size: bytes(range(size))) == NEW


@pytest.mark.parametrize("known", [OLD, NEW])
def test_a_receiver_may_know_either_secret_while_one_is_replaced(known: str, now: datetime):
    """Both sign, separated by a blank."""
    headers = Signer.of([NEW, OLD]).headers("msg_1", now, BODY)

    assert len(headers["webhook-signature"].split(" ")) == 2
    assert Webhook(known).verify(BODY, headers)["type"] == "PING"


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (BODY + b" ", {}),
        (BODY, {"webhook-id": "msg_2"}),
        (BODY, {"webhook-signature": "v1,AAAA"}),
    ],
)
def test_whatever_is_changed_on_the_way_is_noticed(
    body: bytes, changed: dict[str, str], now: datetime
):
    """Body, id and signature hold each other."""
    headers = {**Signer.of([NEW]).headers("msg_1", now, BODY), **changed}

    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(NEW).verify(body, headers)


def test_another_moment_on_the_way_is_noticed(now: datetime):
    """It is signed as well, so an old webhook cannot be made young."""
    headers = Signer.of([NEW]).headers("msg_1", now, BODY)
    later = {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}

    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(NEW).verify(BODY, {**headers, **later})


def test_an_old_webhook_is_not_taken_again(now: datetime):
    """Whoever listened in cannot send it an hour later."""
    headers = Signer.of([NEW]).headers("msg_1", now - timedelta(hours=1), BODY)

    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(NEW).verify(BODY, headers)


def test_another_secret_proves_nothing(now: datetime):
    """A secret that was replaced more than a day ago."""
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(OLD).verify(BODY, Signer.of([NEW]).headers("msg_1", now, BODY))


def test_a_signer_prints_no_secret():
    """Not even as bytes."""
    assert repr(Signer.of([NEW])) == "Signer()"
