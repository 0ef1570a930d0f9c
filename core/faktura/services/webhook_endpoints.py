"""Endpoints of webhooks as a person sets them up: added, changed, paused, resumed, removed (P51)."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from faktura.domain.webhook_addresses import checked_url
from faktura.domain.webhook_signing import RandomBytes
from faktura.domain.webhooks import Endpoint, checked_event_types, woken
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import FieldInvalid, OutOfRange, TransitionRefused
from faktura.kernel.outbox_terms import EndpointState
from faktura.services.imports.text_fields import checked_line
from faktura.services.outbox import ENDPOINT_REMOVED, give_up, start_pump, start_pumps
from faktura.services.webhook_secrets import forget_secrets, make_secret
from faktura.store.secrets import KeyRing
from faktura.store.tasks import finish_open
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx
from faktura.store.webhooks import (
    endpoint_of_id,
    list_endpoints,
    make_pending_due,
    remove_endpoint,
    rewrite_endpoint,
    write_endpoint,
)

# Each fact is a row for each of them.
MOST_ENDPOINTS = 50


@dataclass(frozen=True, slots=True)
class EndpointWish:
    """What a person says of an endpoint; None leaves it as it is. No `event_types` means all."""

    url: str | None = None
    event_types: Sequence[str] | None = None
    description: str | None = None


def subscribed(tx: Tx) -> dict[str, frozenset[str]]:
    """The types of events that each endpoint wants, by its name in the outbox; none means all.

    One that is paused or switched off collects as well: what waits is sent when it is resumed.
    """
    return {one.subscriber: one.event_types for one in list_endpoints(tx)}


def add_endpoint(
    tx: Tx,
    keys: KeyRing,
    wish: EndpointWish,
    private_hosts: Collection[str],
    random: RandomBytes = secrets.token_bytes,
) -> tuple[Endpoint, str]:
    """Add an endpoint; with it the secret that its receiver proves webhooks by.

    It gets what happens from now on. `private_hosts` may be of our own network. Raises FieldInvalid,
    OutOfRange, UnknownTerm with place, and SettingMissing where no key for secrets is set.
    """
    lock_tenant(tx)
    if len(list_endpoints(tx)) >= MOST_ENDPOINTS:
        raise OutOfRange(
            f"there are {MOST_ENDPOINTS} endpoints already", place="webhook", mend="Remove one"
        )
    blank = Endpoint(tx.new_id(), "", tx.now())
    new = _wished(blank, replace(wish, url=wish.url or ""), private_hosts)
    write_endpoint(tx, new)
    return new, make_secret(tx, keys, new, random)


def change_endpoint(
    tx: Tx, endpoint_id: UUID, wish: EndpointWish, private_hosts: Collection[str]
) -> Endpoint:
    """Change an endpoint; what waits for it already is sent whatever types it wants now.

    Under another address nothing is held against it, and what waits is sent there at once, unless it is
    paused or switched off. Raises as `add_endpoint`.
    """
    before = endpoint_of_id(tx, endpoint_id, lock=True)
    changed = _wished(before, wish, private_hosts)
    if changed.url != before.url:
        changed = replace(woken(changed), state=before.state)
    rewrite_endpoint(tx, changed)
    if changed.url != before.url:
        make_pending_due(tx, changed.subscriber)
        start_pumps(tx, [changed.subscriber])
    return changed


def pause_endpoint(tx: Tx, endpoint_id: UUID) -> Endpoint:
    """Send it nothing until it is resumed; what happens meanwhile waits. A repeat changes nothing.

    Raises NotFound, and TransitionRefused for one that is switched off.
    """
    before = endpoint_of_id(tx, endpoint_id, lock=True)
    if before.state is EndpointState.DISABLED:
        raise TransitionRefused(
            "it is switched off and gets nothing anyway",
            place="webhook",
            mend="Resume it once it answers again",
        )
    paused = replace(before, state=EndpointState.PAUSED)
    rewrite_endpoint(tx, paused)
    return paused


def resume_endpoint(tx: Tx, endpoint_id: UUID) -> Endpoint:
    """Send it everything that waits, at once; also one that was only left alone for a while."""
    # An endpoint is locked before its deliveries, as where the outcomes of some are kept.
    resumed = woken(endpoint_of_id(tx, endpoint_id, lock=True))
    rewrite_endpoint(tx, resumed)
    make_pending_due(tx, resumed.subscriber)
    finish_open(tx, TaskKind.WEBHOOK_DISABLED, str(endpoint_id))
    start_pump(tx, resumed.subscriber)
    return resumed


def rotate_endpoint(
    tx: Tx, keys: KeyRing, endpoint_id: UUID, random: RandomBytes = secrets.token_bytes
) -> tuple[Endpoint, str]:
    """Replace its secret; the old one signs along for 24 hours, so that the receiver can follow."""
    before = endpoint_of_id(tx, endpoint_id, lock=True)
    secret = make_secret(tx, keys, before, random)
    rotated = replace(before, rotated_at=tx.now())
    rewrite_endpoint(tx, rotated)
    return rotated, secret


def delete_endpoint(tx: Tx, endpoint_id: UUID) -> None:
    """Remove an endpoint with its secrets; what waits for it is given up, the log stays."""
    endpoint = endpoint_of_id(tx, endpoint_id, lock=True)
    remove_endpoint(tx, endpoint_id)
    give_up(tx, endpoint.subscriber, ENDPOINT_REMOVED)
    forget_secrets(tx, endpoint)
    finish_open(tx, TaskKind.WEBHOOK_DISABLED, str(endpoint_id))
    # What it missed cannot be sent again any more.
    finish_open(tx, TaskKind.DELIVERY_DEAD, endpoint.subscriber)


def _wished(before: Endpoint, wish: EndpointWish, private_hosts: Collection[str]) -> Endpoint:
    url, types, description = before.url, before.event_types, before.description
    if wish.url is not None:
        url = checked_url(wish.url, private_hosts)
    if wish.event_types is not None:
        types = checked_event_types(wish.event_types)
    if wish.description is not None:
        try:
            description = checked_line(wish.description)
        except (FieldInvalid, OutOfRange) as error:
            raise error.at("description") from None
    return replace(before, url=url, event_types=types, description=description)
