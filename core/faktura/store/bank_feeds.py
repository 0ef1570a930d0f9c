"""Accesses to feeds: whose user the tenant is there, and what keeps an access from being used.

The user's password is a secret of the instance `feed:<instance>`, so that keys are rotated as for all
others.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import IntegrityBroken, NotFound, NumberTaken, shortened
from faktura.plugin import FeedUser
from faktura.store.secrets import KeyRing, put_secret, read_secrets
from faktura.store.tables import bank_feed
from faktura.store.transaction import Tx

_USER = "user"

f = bank_feed.c


@dataclass(frozen=True, slots=True)
class FeedAccess:
    """An access to a feed under the settings of an instance; `problem` says why it cannot be used."""

    instance: str
    feed: str
    problem: str
    created_at: datetime


def list_feeds(tx: Tx) -> list[FeedAccess]:
    """All accesses, by instance."""
    rows = tx.connection.execute(
        select(bank_feed).where(f.tenant_id == tx.tenant_id).order_by(f.instance)
    )
    return [_access(row) for row in rows]


def find_feed(tx: Tx, instance: str) -> FeedAccess | None:
    """The access of that instance."""
    row = tx.connection.execute(
        select(bank_feed).where(f.tenant_id == tx.tenant_id, f.instance == instance)
    ).one_or_none()
    return None if row is None else _access(row)


def feed_of(tx: Tx, instance: str) -> FeedAccess:
    """The access of that instance; raises NotFound with those that there are."""
    found = find_feed(tx, instance)
    if found is None:
        known = ", ".join(one.instance for one in list_feeds(tx))
        raise NotFound(
            f"there is no access to a bank feed “{shortened(instance)}”",
            place="instance",
            mend=f"There are: {known}" if known else "Add one: faktura bank feeds add finapi",
        )
    return found


def write_feed(tx: Tx, keys: KeyRing, instance: str, feed: str, user: FeedUser) -> None:
    """Add an access with its user; raises NumberTaken where the instance has one already."""
    if find_feed(tx, instance) is not None:
        raise NumberTaken(
            f"there is an access “{instance}” to a bank feed already", place="instance"
        )
    tx.connection.execute(
        bank_feed.insert().values(
            tenant_id=tx.tenant_id,
            instance=instance,
            feed=feed,
            problem=None,
            created_at=tx.now(),
            changed_at=tx.now(),
        )
    )
    content = {"id": user.id, "password": user.password.get_secret_value()}
    put_secret(tx, keys, _secret(instance), _USER, canonical_json(content))


def change_feed_problem(tx: Tx, instance: str, problem: str) -> bool:
    """Say what keeps the access from being used, empty for nothing; whether that is new."""
    changed = tx.connection.execute(
        update(bank_feed)
        .where(
            f.tenant_id == tx.tenant_id,
            f.instance == instance,
            f.problem.is_distinct_from(problem or None),
        )
        .values(problem=problem or None, changed_at=tx.now())
    )
    return bool(changed.rowcount)


def read_feed_user(tx: Tx, keys: KeyRing, instance: str) -> FeedUser:
    """The user of an access; raises as `read_secrets` does."""
    found = read_secrets(tx, keys, _secret(instance)).get(_USER)
    if found is None:
        raise IntegrityBroken("the user of the access is missing", place=f"bank feed {instance}")
    return FeedUser.model_validate_json(found)


def _secret(instance: str) -> str:
    return f"feed:{instance}"


def _access(row: Any) -> FeedAccess:
    return FeedAccess(row.instance, row.feed, row.problem or "", row.created_at)
