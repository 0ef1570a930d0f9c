"""Webhooks: signed forms in an outbox, from which a test takes, repeats and shuffles them."""

import hmac
from base64 import encodebytes
from collections.abc import Sequence
from hashlib import sha1
from urllib.parse import urlencode

from braintree_double.messages import charge_document, dispute_document, means_document, written
from braintree_double.records import Charge, Dispute, Means
from braintree_double.world import World


def charge_notice(world: World, kind: str, charge: Charge) -> None:
    """Tell of a transaction."""
    notify(world, kind, {"transaction": charge_document(charge)})


def dispute_notice(world: World, kind: str, dispute: Dispute) -> None:
    """Tell of a dispute."""
    document = dispute_document(dispute, world.charges[dispute.charge])
    notify(world, kind, {"dispute": document})


def means_notice(world: World, means: Means) -> None:
    """Tell of an agreement that its customer ended."""
    name, document = means_document(means)
    notify(world, "payment_method_revoked_by_customer", {name: document})


def notify(world: World, kind: str, subject: dict[str, object]) -> None:
    """Put a notification into the outbox."""
    xml = written("notification", {"kind": kind, "timestamp": world.now(), "subject": subject})
    world.outbox.append((kind, signed_form(world, encodebytes(xml.encode()).decode())))


def signed_form(world: World, payload: str, private_key: str | None = None) -> str:
    """The form of a delivery, signed with the account's key or another one."""
    secret = sha1(  # noqa: S324 - Braintree's own scheme
        (private_key or world.private_key).encode()
    ).digest()
    digest = hmac.new(secret, payload.encode(), sha1).hexdigest()
    # Braintree signs for every key of the account.
    signature = f"another_key|{'0' * 40}&{world.public_key}|{digest}"
    return urlencode({"bt_signature": signature, "bt_payload": payload})


def deliveries(
    world: World, order: Sequence[int] | None = None, times: int = 1
) -> list[tuple[str, bytes]]:
    """Kind and body of what is in the outbox, in any order, each as often as wanted."""
    places = range(len(world.outbox)) if order is None else order
    return [
        (kind, form.encode())
        for place in places
        for kind, form in [world.outbox[place]]
        for _ in range(times)
    ]
